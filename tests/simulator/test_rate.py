"""Five requests in any sliding second, and the log that proves it."""

from simulator.server import Options, Rate, Simulator
from simulator.switches import Switches

from .conftest import Caller


def test_the_sixth_in_a_sliding_second_is_too_many():
    rate = Rate(Switches())
    came = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.05, 1.55, 1.56]
    assert [rate.exceeded("a", at) for at in came] == [False] * 5 + [True] * 2 + [False] * 2
    assert not rate.exceeded("b", 0.5)


def test_too_many_are_429_and_the_reserved_addresses_do_not_count():
    with Simulator(Options(port=0)) as frontcore:
        call = Caller(frontcore)
        statuses = []
        for _ in range(7):
            statuses.append(call.get("/forms-of-teaching").status)
            call.log()
        assert statuses == [200] * 5 + [429] * 2
        reply = call.get("/forms-of-teaching")
        assert (reply.json, reply.headers["Retry-After"]) == ({"error": "Too many requests"}, None)
        call.switch(retry_after=True)
        assert call.get("/forms-of-teaching").headers["Retry-After"] == "1"
        log = call.log()
        assert [row["status"] for row in log] == [200] * 5 + [429] * 4
        assert sorted(row["at"] for row in log) == [row["at"] for row in log]
        call.switch(rate=0)
        assert call.get("/forms-of-teaching").status == 200
