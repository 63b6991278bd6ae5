"""Read by each Python that a test starts: it is the day of the tests there as well."""

import datetime as dt
import os

import time_machine

offset = dt.timedelta(seconds=float(os.environ["TESTS_CLOCK_OFFSET_S"]))
time_machine.travel(offset).start().time_ns()
