"""What the simulator is told to do in a run."""

from frontcore import SETUP_CODES, UNCERTAIN_CODES
from tests.campaign.plan import REFUSE

#: Which requests a fault of each call meets.
REQUESTS = {
    "post": [("POST", "/booking")],
    "put": [("PUT", "/booking/*/deregister")],
    "look": [("GET", "/courses/*/coursedates/*")],
    "search": [("GET", "/participants"), ("GET", "/orders")],
    "preview": [("GET", "/**")],
}
TOO_LONG_S = 20  # longer than anybody waits; a client that leaves ends it
REFUSED_S = 0.5
REFUSALS = (
    "course_date_cancelled",
    "campaign_code_expired",
    "voucher_code_invalid",
    "no_vacant_seats",
    "participant_count_invalid",
)
NOT_CANCELLED = ("unauthorized", "resource_not_found")
UNCLEAR = (
    {"status": 200, "body": {"ok": True}},
    {"status": 202, "body": ""},
    {"status": 404, "body": "<html>Not Found</html>"},
    {"status": 409, "body": {"errors": "conflict"}},
    {"status": 200, "body": {"successful": False}},
    {"status": 200, "body": "<html>Logg inn</html>"},
)
ENFORCED = {"hide_date": "visibility_enforced", "pass_deadline": "deadline_enforced"}


def arm(run, simulator):
    """Arm this run's fault, until the weather clears."""
    if run.fault == REFUSE:
        simulator.reserved("POST", "faults", json={"fault": "refuse", "seconds": REFUSED_S})
    elif run.call:
        dice = run.dice("weather")
        if (switch := ENFORCED.get(run.fault_name)) and dice.random() < 0.5:
            simulator.switches(**{switch: True})
        fault = fault_of(run, dice)
        met = [fault | {"method": method, "path": path} for method, path in REQUESTS[run.call]]
        simulator.reserved("POST", "faults", json=met)


def fault_of(run, dice):
    # Once, so that whoever comes next has luck; or until the weather clears.
    fault = {"fault": run.fault_name, "times": dice.choice([0, 1])}
    match run.fault_name:
        case "slow":
            fault["seconds"] = dice.choice([0.1, TOO_LONG_S])
        case "hang" | "accept_then_hang":
            fault["seconds"] = TOO_LONG_S
        case "then_refuse":
            fault |= {"seconds": REFUSED_S, "times": 1}
        case "busy" | "unavailable":
            fault["seconds"] = dice.choice([1, 120])
        case "answer":
            fault |= dice.choice(UNCLEAR)
        case "error":
            codes = NOT_CANCELLED if run.is_cancelled else [*REFUSALS, *sorted(SETUP_CODES)]
            fault["code"] = dice.choice([*codes, *sorted(UNCERTAIN_CODES)])
        case "accept_then_error":
            fault["code"] = dice.choice(sorted(UNCERTAIN_CODES))
        case "take_seats":
            fault["seats"] = dice.choice([0, 1])
    return fault


def clear(simulator, until_listening):
    """Frontcore is well again."""
    until_listening(simulator.port)
    simulator.reserved("DELETE", "faults")
    simulator.switches(visibility_enforced=False, deadline_enforced=False)
