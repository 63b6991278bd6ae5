"""Static files with hashed names, packed for those who take them so. Each is packed once."""

import gzip
import zlib
from functools import lru_cache
from pathlib import Path

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PackedOnce(Compressor):
    """To pack as tightly as Brotli can takes seconds for all files, and most are as they were."""

    def __init__(self, **options):
        super().__init__(**options)
        # A file lies there under its own name and under its hashed one, mostly with the same bytes.
        self.compress_brotli = lru_cache(maxsize=None)(super().compress_brotli)

    def compress(self, path):
        packed = [f"{path}{ending}" for ending in (".br", ".gz")]
        if Path(packed[0]).exists() and unpacked(packed[1]) == Path(path).read_bytes():
            return packed
        return super().compress(path)


def unpacked(path):
    """What is in that file, which is written last; None where it is not there or not whole."""
    try:
        return gzip.decompress(Path(path).read_bytes())
    except (OSError, EOFError, zlib.error):
        return None


class Storage(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **options):
        return PackedOnce(**options)
