"""Two mends to django-cachalot 2.9, each for a fault that was seen and measured.

1. It stamps a result with the time *after* its query has run, so a query that overlaps a write is
   kept as fresh although it saw the old rows. And a reader that finds no stamp of a table sets one,
   over whatever a writer has set meanwhile.
   Here a result is kept with the stamps its tables had *before* the query, and is valid only while
   they are the very same: no clocks are compared, not even those of several hosts.
2. It counts a transaction as entered before BEGIN has succeeded, and never takes that back: after
   one "database is locked" the thread's invalidations reach nobody else for ever.

Nothing is kept from inside a transaction: what is read there may never be committed.
"""

from collections.abc import Iterable
from functools import wraps
from time import time
from types import GeneratorType

from cachalot import monkey_patch
from cachalot.cache import cachalot_caches
from cachalot.settings import ITERABLES, cachalot_settings
from cachalot.transaction import AtomicCache
from django.db.transaction import Atomic


def mend():
    """Put both mends in place; django-cachalot has patched Django by then."""
    monkey_patch._get_result_or_execute_query = result_or_query
    Atomic.__enter__ = balanced_enter(Atomic.__enter__.__wrapped__)


def result_or_query(execute_query, cache, cache_key, table_cache_keys):
    """The kept result while its tables are untouched, else that of the query, now kept."""
    if isinstance(cache, AtomicCache):
        return execute_query()
    timeout = cachalot_settings.CACHALOT_TIMEOUT
    stamps = read(cache, [*table_cache_keys, cache_key])
    kept = stamps.pop(cache_key, None)
    missing = [key for key in table_cache_keys if key not in stamps]
    if missing:
        for key in missing:
            cache.add(key, time(), timeout)  # never over a writer's stamp
        stamps |= read(cache, missing)
    elif isinstance(kept, tuple) and kept[0] == stamps:
        return kept[1]

    result = execute_query()
    if isinstance(result, GeneratorType) and not cachalot_settings.CACHALOT_CACHE_ITERATORS:
        return result
    if result.__class__ not in ITERABLES and isinstance(result, Iterable):
        result = list(result)
    if len(stamps) == len(set(table_cache_keys)):
        cache.set(cache_key, (stamps, result), timeout)
    return result


def read(cache, keys):
    try:
        return cache.get_many(keys)
    except (KeyError, ImportError, AttributeError):
        return {}  # kept by another version of the code


def balanced_enter(enter):
    @wraps(enter)
    def inner(self):
        cachalot_caches.enter_atomic(self.using)
        try:
            enter(self)
        except BaseException:
            cachalot_caches.exit_atomic(self.using, commit=False)
            raise

    return inner
