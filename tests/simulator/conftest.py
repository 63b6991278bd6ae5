"""A simulator in this process, on a free port, with fresh books for every test."""

import http.client
import json

import pytest

from simulator.server import Options, Simulator
from tests.ports import PATIENCE_S

FORM = "application/x-www-form-urlencoded"


class Reply:
    def __init__(self, answer):
        self.status = answer.status
        self.headers = answer.headers
        self.text = answer.read().decode()

    @property
    def json(self):
        return json.loads(self.text)


class Caller:
    """Calls one simulator over HTTP, each time on a fresh connection."""

    def __init__(self, frontcore):
        self.frontcore = frontcore

    def raw(self, method, path, body=None, headers=None, timeout=PATIENCE_S):
        connection = http.client.HTTPConnection("127.0.0.1", self.frontcore.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def __call__(self, method, path, body=None, form=False, timeout=PATIENCE_S, **headers):
        headers = {"X-API-Key": "demo"} | {k.replace("_", "-"): v for k, v in headers.items()}
        if body is not None:
            headers["Content-Type"] = FORM if form else "application/json"
            body = body if form else json.dumps(body)
        return self.raw(method, f"/v2{path}", body, headers, timeout)

    def get(self, path, **more):
        return self("GET", path, **more)

    def reserved(self, method, name, body=None):
        return self.raw(method, f"/_simulator/{name}", None if body is None else json.dumps(body))

    def state(self):
        return self.reserved("GET", "state").json

    def log(self):
        return self.reserved("GET", "log").json

    def fault(self, fault, method="*", path="*", **more):
        wish = {"fault": fault, "method": method, "path": path} | more
        assert self.reserved("POST", "faults", wish).status == 200

    def edit(self, **wish):
        reply = self.reserved("POST", "edit", wish)
        assert reply.status == 200, reply.text
        return reply.json

    def switch(self, **switches):
        reply = self.reserved("POST", "switches", switches)
        assert reply.status == 200, reply.text

    def book(self, coursedate_id=13100001, people=1, timeout=PATIENCE_S, **more):
        return self("POST", "/booking", booking(coursedate_id, people, **more), timeout=timeout)


def booking(coursedate_id=13100001, people=1, status_id=1, check=True, **more):
    """The body of a booking for so many people."""
    participants = [
        {
            "firstname": "Åse",
            "lastname": f"Nr{n}",
            "email": f"deltaker{n}@example.no",
            "status_id": status_id,
        }
        for n in range(people)
    ]
    return {
        "coursedate_id": coursedate_id,
        "payment_method": "invoice",
        "booker_name": "Kari Fjeld",
        "booker_email": "kari@example.no",
        "invoice_reference": "K-2",
        "participants": participants,
        "config": {"seats_availability_check": check, "reject_cancelled_course_date": True},
    } | more


@pytest.fixture(scope="session")
def one_frontcore():
    with Simulator(Options(port=0, switches={"rate": 0})) as frontcore:
        yield frontcore


@pytest.fixture
def frontcore(one_frontcore):
    one_frontcore.reset()
    return one_frontcore


@pytest.fixture
def call(frontcore):
    return Caller(frontcore)
