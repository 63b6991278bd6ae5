"""The query cache never keeps an old answer. With processes of their own, on each shared cache."""

import hashlib
import inspect
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cachalot import monkey_patch
from django.db import transaction

from tests.environment import bare
from tests.ports import PATIENCE_S, redis_server
from tests.prepared_site import Prepared

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 30


@pytest.fixture(scope="module", params=["embedded", "redis"])
def site(request, tmp_path_factory):
    """Environment of a site with a database of its own and the shared cache under test."""
    folder = tmp_path_factory.mktemp("site")
    Prepared(tmp_path_factory).tables(folder)
    environment = bare(
        PYTHONPATH=str(ROOT),
        DJANGO_SETTINGS_MODULE="config.settings",
        DATA_DIR=str(folder),
        DEMO="true",
    )
    server = None
    if request.param == "redis":
        server, environment["REDIS_URL"] = redis_server(folder)
    yield environment
    if server:
        server.terminate()
        server.wait(PATIENCE_S)


COMMON = """
import django, sys, time
django.setup()
from django.db import connection, transaction
from django.utils import timezone
from catalog.models import Level

def say(*words):
    print(*words, flush=True)

def titles():
    return list(Level.objects.order_by("remote_id").values_list("title", flat=True))
"""

FORKING = (
    COMMON
    + """
import gc, json, os
gc.freeze()
say("ready")
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        exec(json.loads(line))
        os._exit(0)
    say("ended" if os.waitpid(child, 0)[1] == 0 else "broke")
"""
)

SLOW_READER = (
    COMMON
    + """
connection.ensure_connection()
def slow(title):
    time.sleep(0.004)
    return title
connection.connection.create_function("slow", 1, slow)
from django.db.models import F, Func, CharField
def slow_titles():
    title = Func(F("title"), function="slow", output_field=CharField())
    rows = Level.objects.annotate(t=title).order_by("remote_id")
    return list(rows.values_list("t", flat=True))
say("ready")
for line in sys.stdin:
    word = line.strip()
    if word == "overlap":
        slow_titles()          # overlaps the write; whatever it saw must not be kept
        say("done")
    elif word == "ask":
        say(slow_titles()[0])  # what a page would now show
"""
)

WRITER = (
    COMMON
    + """
Level.objects.all().delete()
now = timezone.now()
Level.objects.create(remote_id=1, title="0", content_hash="", fetched_at=now, changed_at=now)
say("ready")
number = 0
for line in sys.stdin:
    for _ in range(2):
        number += 1
        with transaction.atomic():
            Level.objects.filter(remote_id=1).update(title=str(number))
        time.sleep(0.002)
    say(number)
"""
)


class Process:
    def __init__(self, environment, source):
        self.process = subprocess.Popen(
            [sys.executable, "-c", source],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.hear() == "ready"

    def tell(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def hear(self):
        return self.process.stdout.readline().strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def said(site):
    """said(source): what a process that has just been started says, running that."""
    process = Process(site, FORKING)

    def run(source):
        process.tell(json.dumps(source))
        words = []
        while (heard := process.hear()) != "ended":
            assert heard not in ("", "broke"), words
            words.append(heard)
        return "\n".join(words)

    yield run
    process.close()


def test_no_process_keeps_an_answer_from_before_a_write_that_has_ended(site):
    writer, reader = Process(site, WRITER), Process(site, SLOW_READER)
    stale = 0
    for _ in range(ROUNDS):
        reader.tell("overlap")
        writer.tell("write")
        truth = writer.hear()
        assert reader.hear() == "done"
        reader.tell("ask")
        stale += reader.hear() != truth
    writer.close()
    reader.close()
    assert stale == 0


def test_answers_are_kept_while_nothing_is_written(said):
    source = """
from django.test.utils import CaptureQueriesContext
titles()
with CaptureQueriesContext(connection) as asked:
    titles()
say(len(asked))
"""
    assert said(source) == "0"


def test_what_a_transaction_read_is_not_kept(said):
    source = """
try:
    with transaction.atomic():
        Level.objects.update(title="never committed")
        titles()
        raise KeyError
except KeyError:
    pass
say("never committed" in titles())
"""
    assert said(source) == "False"


def test_a_begin_that_fails_leaves_the_thread_invalidating_for_everyone(said):
    """With BEGIN refused once, cachalot alone would count one level too many ever after."""
    source = """
from cachalot.cache import cachalot_caches
from django.db import DatabaseError
connection.ensure_connection()
real, connection.isolation_level = connection._start_transaction_under_autocommit, None
def refuse():
    raise DatabaseError("database is locked")
connection._start_transaction_under_autocommit = refuse
try:
    with transaction.atomic():
        pass
except DatabaseError:
    pass
say(len(cachalot_caches.atomic_caches["default"]))
"""
    assert said(source) == "0"


def test_an_idle_worker_writes_nothing_to_the_cache(site, said):
    """A queue that polls twice a second would fill the cache with its own questions."""
    count = """
from django.core.cache import cache
from django.conf import settings
if settings.REDIS_URL:
    say(sum(1 for key in cache._cache.get_client().scan_iter("site:*")))
else:
    from django.db import connections
    with connections["cache"].cursor() as cursor:
        say(cursor.execute("select count(*) from shared_cache").fetchone()[0])
"""
    before = said(count)
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        env=site,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in worker.stderr:
        if "running" in line:
            break
    time.sleep(1.5)  # three polls of each of its processes: there is no event for "did nothing"
    after = said(count)
    worker.terminate()
    worker.communicate(timeout=PATIENCE_S)
    assert before == after


def test_the_mends_are_in_place():
    from config import query_cache

    assert monkey_patch._get_result_or_execute_query is query_cache.result_or_query
    assert transaction.Atomic.__enter__.__module__ == "django.db.transaction"
    assert "balanced_enter" in transaction.Atomic.__enter__.__code__.co_qualname


@pytest.mark.parametrize(
    ("function", "known"),
    [
        ("_get_result_or_execute_query", "157b136a7378b70c"),
        ("_patch_atomic", "e8118af5c2dd76ce"),
    ],
)
def test_the_mended_functions_are_those_that_were_read(function, known):
    """A new release may mend them itself, or move them: read it, then change or drop the mend."""
    if function == "_get_result_or_execute_query":
        source = (Path(monkey_patch.__file__)).read_text()
        source = source[source.index(f"def {function}") :].split("\ndef ")[0]
    else:
        source = inspect.getsource(getattr(monkey_patch, function))
    assert hashlib.sha256(source.strip().encode()).hexdigest()[:16] == known
