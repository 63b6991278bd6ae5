"""An answer on its way out, and the errors in Frontcore's several spellings."""

import json
from dataclasses import dataclass, field
from typing import Any

SLIM_ERROR = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">\
<title>Slim Application Error</title><style>body{margin:0;padding:30px;font:12px/1.5 Helvetica,\
Arial,Verdana,sans-serif;}h1{margin:0;font-size:48px;font-weight:normal;line-height:48px;}\
strong{display:inline-block;width:65px;}</style></head><body><h1>Slim Application Error</h1>\
<p>A website error has occurred. Sorry for the temporary inconvenience.</p></body></html>"""

SLIM_NOT_FOUND = """<html><head><title>Page Not Found</title></head><body><h1>Page Not Found</h1>\
<p>The page you are looking for could not be found. Check the address bar to ensure your URL is \
spelled correctly.</p></body></html>"""


@dataclass
class Answer:
    """`data` becomes JSON when it is sent; `text` is sent as it is."""

    data: Any = None
    status: int = 200
    text: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    escaped: bool = False  # PHP's default spelling: \/ and \uXXXX

    def body(self) -> bytes:
        if self.text is not None:
            return self.text.encode()
        written = json.dumps(self.data, ensure_ascii=self.escaped, separators=(",", ":"))
        return (written.replace("/", "\\/") if self.escaped else written).encode()

    def content_type(self) -> str:
        return "text/html;charset=UTF-8" if self.text is not None else "application/json"


class Problem(Exception):
    """A reasoned no: the body and status a client gets."""

    def __init__(self, data: Any, status: int = 400) -> None:
        super().__init__(str(data))
        self.data = data
        self.status = status


class NoSuchPage(Exception):
    """No such address: Slim answers with a page, not with JSON."""


def error(message: str, status: int = 400) -> Problem:
    """`{"error": "..."}`, the spelling of most calls."""
    return Problem({"error": message}, status)


def refusal(*codes: tuple[str, str], status: int = 400) -> Problem:
    """`{"successful": false, "errors": [...]}`, the spelling of the booking family."""
    listed = [{"code": code, "message": message} for code, message in codes]
    return Problem({"successful": False, "errors": listed}, status)
