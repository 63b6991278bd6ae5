"""The small cache under the lists that hardly change, and under course texts with an ETag.

requests-cache with its SQLite backend. Nothing about seats, bookings or codes ever passes here:
only calls that ask for it come this way (``transport.Transport.read``, ``keep=``).

What had to be guarded, each with a test:

* The cache must never break or hold up a call. requests-cache waits *for ever* for a locked or
  unwritable file, so the wait is bounded here; any other failure is logged once and the call goes
  on without; a file that is no database is thrown away.
* Bodies are stored as they come. So a refusal or HTML with HTTP 200 is not kept, and e-mail and
  phone of instructors are taken out before.
* Two accounts must not share an entry: the cache's own key holds a digest of the API key.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests
from requests_cache.backends.base import BaseCache
from requests_cache.backends.sqlite import SQLiteDict

from .loose import is_empty

logger = logging.getLogger(__name__)

DAY_S = 24 * 60 * 60
LOCK_WAIT_S = 1.0
#: Never written to disk, wherever it stands in a body that is kept.
PRIVATE = frozenset({"email", "phone", "phone_prefix", "mobile"})


class Storage(SQLiteDict):
    """requests-cache's table, with an end to its waiting for a lock."""

    @contextlib.contextmanager
    def _acquire_sqlite_lock(self) -> Iterator[None]:
        until = time.monotonic() + LOCK_WAIT_S
        with self._lock:
            connection: Any = self._connection
            while True:
                try:
                    connection.execute("BEGIN IMMEDIATE")
                    break
                except sqlite3.OperationalError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.01)
            self._active_transaction = True
            try:
                yield
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            finally:
                self._active_transaction = False


class Backend(BaseCache):
    """requests-cache over one SQLite file, readable by its owner only.

    Not its own ``SQLiteCache``, whose constructor waits for a lock without end.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
        # The default serializer is pickle, which runs what it reads.
        self.responses = Storage(
            path,
            table_name="responses",
            serializer="json",
            wal=True,
            busy_timeout=500,
            use_temp=False,
        )


def keepable(response: requests.Response, *, needs_etag: bool) -> bool:
    """Only a proper answer: JSON without a complaint in it, and where wanted with an ETag."""
    if response.status_code == 304:
        return True
    try:
        body = response.json()
    except ValueError:
        return False
    if needs_etag and "ETag" not in response.headers:
        return False
    if isinstance(body, dict):
        return is_empty(body.get("error")) and body.get("successful") is not False and bool(body)
    return isinstance(body, list)


def without_private(response: requests.Response) -> None:
    """Take e-mail and phone out of a body before it is written to disk.

    ``Vary`` goes as well: our requests never vary but by the key, which the entry's name holds.
    """
    try:
        body = response.json()
    except ValueError:
        return
    response._content = json.dumps(scrub(body), ensure_ascii=False).encode()
    response.encoding = "utf-8"
    response.headers.pop("Vary", None)


def scrub(value: Any) -> Any:
    if isinstance(value, list):
        return [scrub(item) for item in value]
    if isinstance(value, dict):
        return {name: scrub(item) for name, item in value.items() if name not in PRIVATE}
    return value


class Cache:
    """Opened at the first call that may be kept; None of its failures reaches the caller."""

    def __init__(
        self, path: Path | None, key: str, new_session: Callable[..., requests.Session]
    ) -> None:
        self._path = path
        self._account = hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
        self._new_session = new_session
        self._session: Any = None
        self._needs_etag = False

    def session(self, *, needs_etag: bool = False) -> Any:
        """The caching session, or None where there is no (working) file."""
        self._needs_etag = needs_etag
        if self._session is None and self._path is not None:
            try:
                self._session = self._open(self._path)
            except sqlite3.OperationalError:
                self.broke()
            except sqlite3.DatabaseError:
                self._path.unlink(missing_ok=True)
                self.broke()
            except OSError:
                self.broke()
        return self._session

    def broke(self) -> None:
        """Do without the cache for the rest of this client's life."""
        logger.warning("the cache of slow-moving lists cannot be used; asking without it")
        self.close()
        self._path = None

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(sqlite3.Error):
                session.close()

    def _open(self, path: Path) -> Any:
        return self._new_session(
            backend=Backend(path),
            expire_after=DAY_S,
            allowable_codes=[200],
            filter_fn=lambda response: keepable(response, needs_etag=self._needs_etag),
            key_fn=self._entry,
        )

    def _entry(self, request: Any = None, **_: Any) -> str:
        """The name of an entry: account, method and whole address, as a digest."""
        whole = f"{self._account} {request.method} {request.url}"
        return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()
