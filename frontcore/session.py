"""requests' session as we use it: it sends the key to one address, and nothing else anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from requests.auth import AuthBase
from requests_cache import CacheMixin

from .connection import TimedAdapter

SendOne = Callable[..., requests.Response]


class Secret:
    """The API key; shows itself to nobody who prints it."""

    def __init__(self, value: str) -> None:
        if not value or not value.isascii() or not value.isprintable() or " " in value:
            raise ValueError("the API key is empty or holds a character no key has")
        self._value = value

    def __repr__(self) -> str:
        return "Secret(…)"

    def reveal(self) -> str:
        return self._value


class KeyHeader(AuthBase):
    """Puts the key on a request that is about to leave, and nowhere else."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        r.headers["X-API-Key"] = self._key.reveal()
        return r


class Session(requests.Session):
    """requests' session, without proxies, netrc, cookies or redirects.

    ``send_one`` is called for every request that goes over the network, and for no other.
    """

    def __init__(self, key: Secret, send_one: SendOne) -> None:
        super().__init__()
        self.trust_env = False
        self.auth = KeyHeader(key)
        self.headers.update({"Accept": "application/json", "User-Agent": "course-catalogue"})
        for scheme in ("http://", "https://"):
            self.mount(scheme, TimedAdapter(max_retries=0))
        self._send_one = send_one

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        self.cookies.clear()
        return self._send_one(super().send, request, **kwargs)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: the key must not travel to another address."""

    def connect(self, url: str) -> None:
        """Open a connection for the next request to that address; sends nothing."""
        adapter = self.get_adapter(url)
        if isinstance(adapter, TimedAdapter):
            adapter.connect(self.prepare_request(requests.Request("POST", url)))

    def drop_connections(self) -> None:
        for adapter in self.adapters.values():
            adapter.close()


class CachingSession(CacheMixin, Session):
    """The cache above the session: a hit is no request and spends no instant of the pace."""
