"""How long a search takes: python benchmarks/search.py [--courses 2000] [--times 9].

Fills a database of its own in a temporary folder with courses that have long texts of many
different words, then searches as people do. Prints milliseconds of the processor for the search
alone, each time as if nobody had asked before, and what it costs to keep the words in step; fails
nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STARTS = (
    *("truck", "gaffel", "motvikt", "maskin", "brann", "vern", "stillas", "kran", "båt", "fører"),
    *("leder", "medarbeider", "prosjekt", "økonomi", "regnskap", "helse", "miljø", "arbeids"),
    *("første", "sjø", "røyk", "vann", "elektro", "sveise", "bygg", "data", "språk", "lønns"),
)
ENDS = (
    *("hjelp", "kurs", "opplæring", "bevis", "prøve", "ledelse", "teknikk", "sikring", "kontroll"),
    *("planlegging", "øvelse", "samtale", "førerkurs", "arbeid", "rett", "analyse", "dykking"),
)
ENDINGS = ("", "en", "er", "ene", "et", "s", "ens", "ing", "ingen", "ere")
SMALL = ("og", "i", "på", "for", "til", "med", "av", "som", "det", "er", "du", "vi", "en", "et")
SEARCHES = (
    *("truck", "forstehjelp", "Førstehjelp Oslo", "kurs", "t", "tr", "tru", "truckf", "oslo truck"),
    *("førerkurs", "truk", "forsthejlp", "fortsehjelp olso", "brannvernlederkurset", "finnes ikke"),
    *("kurs i førstehjelp for nybegynnere", "Kari Nordmann", "xqzwvkjh", "x" * 10_000),
    *('" OR NEAR(a b) *', "a e i o u æ ø å b c d", "truck " * 2_000, "😀😀😀"),
    "prosjektledlse økonomistyrin helseanalyze miljøkontrol",
)


def text(dice: random.Random, words: int) -> str:
    """Words as a text has them: small ones, and compounds of which many are rare."""
    written = []
    for _ in range(words):
        if dice.random() < 0.4:
            written.append(dice.choice(SMALL))
        else:
            start = STARTS[min(int(dice.expovariate(0.15)), len(STARTS) - 1)]
            written.append(start + dice.choice(ENDS) + dice.choice(ENDINGS))
    return "<p>" + " ".join(written) + "</p>"


def fill(number: int) -> None:
    from catalog.models import SOURCE, Course, CourseText, Generation
    from tests import factories

    dice = random.Random(1)
    towns = [factories.make_place(name, name) for name in ("Oslo", "Bergen", "Tromsø", "Ålesund")]
    people = [factories.make_instructor(f"{name} Nordmann") for name in ("Kari", "Ola", "Åse")]
    subjects = [factories.make_category(start.capitalize()) for start in STARTS]
    for count in range(number):
        title = f"{dice.choice(STARTS)}{dice.choice(ENDS)} {dice.choice(STARTS)} {count}"
        if count % 40 == 0:
            title = f"Førstehjelp for {dice.choice(STARTS)}"
        course = factories.make_course(title.capitalize(), categories=[dice.choice(subjects)])
        factories.make_date(
            course, days=count % 90, place=dice.choice(towns), instructors=[dice.choice(people)]
        )
    now = Generation.current()
    CourseText.objects.bulk_create(
        CourseText(
            course=course,
            language=language,
            lead=text(dice, 30),
            description=text(dice, 350),
            fetched_at=course.fetched_at,
            changed_at=course.changed_at,
        )
        for course in Course.objects.filter(source=SOURCE)
        for language in ("no", "en")
    )
    now.save()


def taken(work) -> tuple[float, object]:
    began = time.process_time()
    found = work()
    return 1000 * (time.process_time() - began), found


def measure(times: int) -> None:
    from catalog import search, suggestions
    from catalog.models import Course, CourseText, SearchDocument
    from catalog.search import documents

    for what in ("all words made", "all compared, none written"):
        print(f"{taken(documents.catch_up)[0]:7.0f} ms  {what}")
    one = Course.objects.order_by("pk")[7]
    print(f"{taken(lambda: documents.catch_up([one.pk]))[0]:7.1f} ms  one compared")
    CourseText.objects.filter(course=one).update(changed_at=one.changed_at.replace(year=2031))
    print(f"{taken(lambda: documents.catch_up([one.pk]))[0]:7.1f} ms  one written")
    print(f"{taken(lambda: search.current().vocabulary)[0]:7.1f} ms  vocabulary read")
    letters = sum(len(document.text) for document in SearchDocument.objects.iterator())
    size = len(search.current().vocabulary.weights)
    print(f"          {size} different words, {letters / 1e6:.1f} million letters of text")
    for words in SEARCHES:
        took = []
        for _ in range(times):
            search.current().answers.clear()
            milliseconds, found = taken(lambda: search.courses(words))  # noqa: B023
            took.append(milliseconds)
        meant = search.understood(words)
        middle, worst = statistics.median(took), max(took)
        print(
            f"{middle:7.1f} ms (worst {worst:5.1f})  {words[:40]!r:44} {len(found):5}"
            f"  {', '.join(meant.phrases) if meant else ''}"
        )
    for words in ("tru", "førstehjelp oslo"):
        suggestions.of(words)
        search.current().answers.clear()
        took, _ = taken(lambda: suggestions.of(words))  # noqa: B023
        print(f"{took:7.1f} ms  suggestions for {words!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--courses", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=9)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DEMO": "1", "DATA_DIR": folder, "STATIC_ROOT": f"{folder}/static"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("createcachetable", database="cache", verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        fill(options.courses)
        measure(options.times)


if __name__ == "__main__":
    main()
