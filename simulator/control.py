"""The reserved addresses under /_simulator: log, state, faults, switches, edits. No key needed."""

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from . import edits
from .answers import Answer
from .api import Request
from .content_dates import SPECIALS
from .faults import NAMES, BadFault
from .school import FIRST_DATE
from .switches import CHOICES, MEANINGS

if TYPE_CHECKING:
    from .server import Simulator


def answer(simulator: "Simulator", request: Request) -> Answer:
    name = request.path.removeprefix("/_simulator").strip("/")
    call = CALLS.get((request.method, name))
    if call is None:
        offered = sorted(f"{method} /_simulator/{name}" for method, name in CALLS)
        return Answer({"error": "No such address", "addresses": offered}, 404)
    try:
        wish = json.loads(request.raw_body) if request.raw_body.strip() else {}
        return Answer(call(simulator, wish))
    except (BadFault, edits.BadEdit, ValueError, TypeError, KeyError, AttributeError) as wrong:
        return Answer({"error": f"{type(wrong).__name__}: {wrong}"}, 400)


def _log(simulator: "Simulator", _: Any) -> list:
    return simulator.log.listed()


def _clear_log(simulator: "Simulator", _: Any) -> dict:
    simulator.log.entries.clear()
    return {"log": 0}


def state(simulator: "Simulator", _: Any = None) -> dict[str, Any]:
    """What the account holds, in plain words: the truth that a test compares with."""
    books = simulator.books
    with books.lock:
        people = []
        for each in books.participants.values():
            user = books.users[each.user_id]
            names = {name: getattr(user, name) for name in ("firstname", "lastname", "email")}
            people.append(dataclasses.asdict(each) | names)
        return {
            "now": books.clock.stamp(),
            "orders": [dataclasses.asdict(each) for each in books.orders.values()],
            "participants": people,
            "free_seats": {str(k): books.free_seats(v) for k, v in books.coursedates.items()},
            "campaigns": {
                each.campaign_code: dataclasses.asdict(each) for each in books.campaigns.values()
            },
            "vouchers": {each.code: dataclasses.asdict(each) for each in books.vouchers.values()},
        }


def _faults(simulator: "Simulator", _: Any) -> list:
    return simulator.faults.listed()


def _arm(simulator: "Simulator", wish: Any) -> Any:
    """One fault or a list of them; an empty list clears."""
    if wish == []:
        return _disarm(simulator, wish)
    if isinstance(wish, list):
        return [simulator.arm(each) for each in wish]
    return simulator.arm(wish)


def _disarm(simulator: "Simulator", _: Any) -> list:
    simulator.faults.clear()
    return []


def _reset(simulator: "Simulator", _: Any) -> dict:
    simulator.reset()
    return {"reset": True}


def _switches(simulator: "Simulator", _: Any) -> dict:
    now = dataclasses.asdict(simulator.switches)
    return {
        name: {"now": value, "meaning": MEANINGS[name], "choices": CHOICES.get(name)}
        for name, value in now.items()
    }


def _turn(simulator: "Simulator", wish: dict) -> dict:
    for name, value in wish.items():
        simulator.switches.set(name, value)
    return dataclasses.asdict(simulator.switches)


def _edit(simulator: "Simulator", wish: Any) -> Any:
    books = simulator.books
    with books.lock:
        try:
            if isinstance(wish, list):
                return [edits.edit(books, each) for each in wish]
            return edits.edit(books, wish)
        finally:
            books.commit()


def _examples(simulator: "Simulator", _: Any) -> dict[str, int]:
    """The dates with fixed ids by what they are good for."""
    ids = enumerate(SPECIALS, start=FIRST_DATE)
    return {each.name: key for key, each in ids if key in simulator.books.coursedates}


def _help(simulator: "Simulator", _: Any) -> dict:
    addresses = [f"{method} /_simulator/{name}" for method, name in CALLS]
    return {"addresses": addresses, "faults": NAMES}


CALLS = {
    ("GET", ""): _help,
    ("GET", "log"): _log,
    ("DELETE", "log"): _clear_log,
    ("GET", "state"): state,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _arm,
    ("DELETE", "faults"): _disarm,
    ("POST", "faults/clear"): _disarm,
    ("POST", "reset"): _reset,
    ("GET", "switches"): _switches,
    ("POST", "switches"): _turn,
    ("POST", "edit"): _edit,
    ("GET", "examples"): _examples,
}
