"""Static files lie there packed, and what has not changed is not packed again."""

import gzip

import brotli
import pytest

from config.static_files import PackedOnce

STYLES = b":root { --accent: #123456 }\n" * 200


@pytest.fixture
def styles(tmp_path):
    path = tmp_path / "site.css"
    path.write_bytes(STYLES)
    return path


def packed(path, ending):
    return path.with_name(path.name + ending)


def pack(path):
    return PackedOnce(quiet=True).compress(str(path))


def assert_both_hold(path, text):
    assert brotli.decompress(packed(path, ".br").read_bytes()) == text
    assert gzip.decompress(packed(path, ".gz").read_bytes()) == text


def test_a_file_is_packed_both_ways(styles):
    assert pack(styles) == [f"{styles}.br", f"{styles}.gz"]
    assert_both_hold(styles, STYLES)


def test_what_has_not_changed_is_left_as_it_is(styles):
    first = pack(styles)
    packed(styles, ".br").write_bytes(b"the one of before")
    assert pack(styles) == first
    assert packed(styles, ".br").read_bytes() == b"the one of before"


def test_what_has_changed_is_packed_anew(styles):
    pack(styles)
    styles.write_bytes(STYLES[::-1])
    pack(styles)
    assert_both_hold(styles, STYLES[::-1])


@pytest.mark.parametrize("ending", [".br", ".gz"])
def test_what_is_missing_or_broken_off_is_packed_anew(styles, ending):
    pack(styles)
    packed(styles, ".gz").write_bytes(packed(styles, ".gz").read_bytes()[:20])
    pack(styles)
    assert_both_hold(styles, STYLES)
    packed(styles, ending).unlink()
    pack(styles)
    assert_both_hold(styles, STYLES)


def test_the_same_bytes_under_two_names_are_packed_tightly_once(styles):
    twin = styles.with_name("site.0123456789ab.css")
    twin.write_bytes(STYLES)
    packing = PackedOnce(quiet=True)
    packing.compress(str(styles))
    packing.compress(str(twin))
    assert packing.compress_brotli.cache_info().misses == 1
    assert_both_hold(twin, STYLES)


def test_what_would_not_become_smaller_is_not_packed(tmp_path):
    path = tmp_path / "dot.svg"
    path.write_bytes(b"<svg/>")
    assert pack(path) == []
