"""What an HTTP answer means: a body, a refusal, or one of the other errors.

Statuses other than 429 are undocumented, so the body is asked first: an ``error`` text or
``successful: false`` is a no even with HTTP 200.

============================  =======================  ==============================
the answer                    to a read                to a write
============================  =======================  ==============================
429                           Unavailable              Unavailable
5xx                           Unavailable              Uncertain
3xx (never followed)          BadAnswer                Uncertain
JSON that says no             Refused, NotThere        Refused; Uncertain if its code
                                                       says that something may exist
4xx, other JSON               Refused (http_<status>)  Refused, 408/409/425 Uncertain
not JSON, unknown shape       BadAnswer                Uncertain
============================  =======================  ==============================

A write answered by 4xx with HTML comes from something that stands before Frontcore; what that did
with our request nobody knows, so it is Uncertain, although most of these were surely refused.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any, NoReturn

from .errors import (
    UNCERTAIN_CODES,
    BadAnswer,
    Missing,
    NotThere,
    Refused,
    Unavailable,
    Uncertain,
)
from .loose import at, is_empty

#: Under which names a list has been seen, or is tolerated, in an object.
LIST_KEYS = (
    "items",
    "data",
    "results",
    "courses",
    "coursedates",
    "locations",
    "instructors",
    "products",
    "participants",
    "orders",
    "durations",
)
_ERROR_TEXTS = (
    (r"(wrong|invalid|missing) api[ _-]?key", "key_refused"),
    (r"missing field", "fields_missing"),
    (r"field\(s\) not valid", "fields_not_valid"),
    (r"too many requests", "too_many_requests"),
    (r"not (be )?found|does not exist|can ?not find|no such", "not_there"),
)
_NOT_THERE_CODES = {"resource_not_found", "not_there"}
#: 4xx that do not say whether the request was carried out.
_UNCLEAR_STATUSES = {408, 409, 425}


class Yes(Enum):
    """What a write is answered by when it is done."""

    SUCCESSFUL = "an object that says so"
    RECORD = "what was written, with its id"
    RECORD_OR_NOTHING = "what was written, or nothing at all with a good status"


@dataclass(frozen=True)
class Answer:
    """An answer off the wire, in full."""

    status: int
    headers: Mapping[str, str]
    json: Any = field(default=None, repr=False)
    is_json: bool = False
    is_blank: bool = False


@dataclass(frozen=True)
class No:
    """What an answer that says no says."""

    codes: tuple[str, ...]
    message: str


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds asked for by ``Retry-After``: a number or an HTTP date; None where not readable."""
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,6}(\.\d+)?", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, IndexError):
        return None


def is_busy(answer: Answer) -> bool:
    """Whether the server asks to be asked later; some say so with HTTP 200 and a text."""
    no = the_no(answer)
    return answer.status in (429, 503) or (no is not None and "too_many_requests" in no.codes)


def the_no(answer: Answer) -> No | None:
    """The refusal in a JSON body, whatever the status; None where there is none."""
    if not isinstance(answer.json, Mapping):
        return None
    errors = at(answer.json, "errors")
    listed = errors if isinstance(errors, list) else [errors] if errors else []
    if isinstance(errors, Mapping) and "code" not in errors:
        listed = list(errors.values())
    found = [item for item in listed if isinstance(item, Mapping)]
    codes = tuple(str(item["code"]).strip() for item in found if not is_empty(item.get("code")))
    message = " ".join(str(item.get("message") or "") for item in found).strip()
    word = at(answer.json, "error")
    if not codes and isinstance(word, Mapping):
        codes, message = (str(word.get("code") or "unexplained"),), str(word.get("message") or "")
    elif not codes and not is_empty(word) and word is not False:
        codes, message = (code_of(str(word), answer.status),), str(word)
    said_no = at(answer.json, "successful") in (False, 0, "0", "false")
    return No(codes, message) if codes or said_no or listed else None


def code_of(word: str, status: int) -> str:
    """Our code for an ``error`` text; the texts are Frontcore's own and English."""
    for pattern, code in _ERROR_TEXTS:
        if re.search(pattern, word, re.IGNORECASE):
            return code
    if status in (401, 403):
        return "key_refused"
    return "not_there" if status in (404, 410) else "unexplained"


def refuse(call: str, no: No) -> NoReturn:
    """Raise the refusal a reasoned no stands for."""
    code = no.codes[0] if no.codes else "unexplained"
    kind = NotThere if _NOT_THERE_CODES & set(no.codes) else Refused
    raise kind(f"{call}: refused ({safe_code(code)})", code, no.message, no.codes)


def safe_code(code: str) -> str:
    """A code as it may stand in a sentence: a plain word, or nothing of it."""
    return code if re.fullmatch(r"[a-z0-9_]{1,60}", code) else "a code of unknown form"


def judge_read(call: str, answer: Answer, *, optional: bool = False) -> Any:
    """The JSON body of a read, or the error it means. ``optional``: 404 is Missing."""
    no = the_no(answer)
    if is_busy(answer) and answer.status < 500:
        raise Unavailable(f"{call}: too many requests", retry_after(answer.headers))
    if answer.status >= 500:
        wait = retry_after(answer.headers)
        raise Unavailable(f"{call}: the server failed ({answer.status})", wait)
    if optional and answer.status in (404, 410):
        raise Missing(f"{call}: this account has no such list")
    if no:
        refuse(call, no)
    if not answer.is_json:
        raise BadAnswer(f"{call}: not JSON ({answer.status})")
    if answer.status in (404, 410):
        raise NotThere(f"{call}: not there ({answer.status})", "not_there")
    if 400 <= answer.status < 500:
        code = f"http_{answer.status}"
        raise Refused(f"{call}: refused ({code})", code)
    if not 200 <= answer.status < 300:
        raise BadAnswer(f"{call}: an unexpected status ({answer.status})")
    return answer.json


def judge_write(call: str, answer: Answer, yes: Yes = Yes.SUCCESSFUL) -> Any:
    """The JSON body of a write that says yes (None: it says nothing), or the error it means."""
    if answer.status == 429:
        raise Unavailable(f"{call}: too many requests", retry_after(answer.headers))
    if yes is Yes.RECORD_OR_NOTHING and 200 <= answer.status < 300 and says_nothing(answer):
        return None
    no = the_no(answer)
    if answer.status >= 500 or 300 <= answer.status < 400 or not answer.is_json:
        code = safe_code(no.codes[0]) if no and no.codes else None
        raise Uncertain(f"{call}: no clear answer ({answer.status})", code)
    if no:
        judge_no(call, no)
    if answer.status in _UNCLEAR_STATUSES:
        raise Uncertain(f"{call}: no clear answer ({answer.status})")
    if 400 <= answer.status < 500:
        code = f"http_{answer.status}"
        raise Refused(f"{call}: refused ({code})", code)
    if not isinstance(answer.json, Mapping) or not says_yes(answer.json, yes):
        raise Uncertain(f"{call}: an answer of unknown form ({answer.status})")
    return answer.json


def says_yes(body: Mapping[str, Any], yes: Yes) -> bool:
    if yes is Yes.SUCCESSFUL:
        return at(body, "successful") in (True, 1, "1", "true")
    return not is_empty(at(body, "id"))


def says_nothing(answer: Answer) -> bool:
    return answer.is_blank or (answer.is_json and is_empty(answer.json))


def judge_no(call: str, no: No) -> NoReturn:
    """Tell a reasoned no from one that leaves open what was made before it."""
    for code in no.codes:
        if code in UNCERTAIN_CODES or code.startswith("internal_") or "could_not_be_" in code:
            raise Uncertain(f"{call}: something may have been made ({safe_code(code)})", code)
    if not no.codes:
        raise Uncertain(f"{call}: a no without a reason")
    refuse(call, no)


def items_of(call: str, body: Any) -> list[Any]:
    """The list in an answer: a bare array, or under a known name in an object."""
    if isinstance(body, list):
        return body
    for name in LIST_KEYS:
        found = at(body, name)
        if isinstance(found, list):
            return found
    raise BadAnswer(f"{call}: no list in the answer")
