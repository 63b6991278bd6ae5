"""Asks Frontcore for what a run covers and stages the answers. Writes nothing that pages read.

Courses and dates come in lists; the texts of a course only from the call for that one course, so
they are read in turn, a few a run.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from catalog import shape
from catalog.models import SOURCE, Checked, Course, CourseDate, Finding, Product, Refresh, Staged
from catalog.staging import stage, stage_gone
from frontcore import BadAnswer, FrontcoreError, Missing, NotThere, Refused, Unavailable

COURSES_A_CALL = 100
# Courses whose text was never read. Visitors wait for these, but for the dates even more: what is
# over follows in a run that is due at once (catalog.refresh.new_texts_wait).
NEW_TEXTS_PER_RUN = 100
TEXT_IS_OLD = timedelta(hours=6)  # 20 a run then still read 5,000 courses in a day
TRY_TEXT_AGAIN = timedelta(hours=1)
LANGUAGES = ("no", "en")
OURS = {"coursedate": "date"}
OVERLAP = timedelta(minutes=10)


def fetch(api, progress, is_first):
    """Stage everything that the run's kind covers."""
    kind = progress.run.kind
    everything = kind in (Refresh.Kind.FULL, Refresh.Kind.APPLY)
    if kind != Refresh.Kind.LISTS:
        courses(api, progress, everything)
        dates(api, progress, None if everything else changed_since())
    if everything or kind == Refresh.Kind.LISTS:
        products(api, progress)
    if kind == Refresh.Kind.LISTS or is_first:
        lists(api, progress)
    if kind != Refresh.Kind.LISTS:
        texts(api, progress)


def changed_since():
    """From when on a delta asks: the start of the last good run, less an overlap. None (all dates)
    where there is none."""
    last = Refresh.objects.good().of_dates().first()
    return last and last.started_at - OVERLAP


# --- Lists ----------------------------------------------------------------------------------


def courses(api, progress, everything):
    progress.phase(Refresh.Phase.COURSES)
    seen, asked_at = set(), timezone.now()
    for asked_at, listing in timed(api.courses()):
        for record in listing.items:
            is_public = record.is_active and record.kind == shape.PUBLIC_KIND
            progress.courses[record.id] = (is_public, record.updated_at)
            progress.kinds_of_course[record.kind or "?"] += 1
        seen |= {item.id for item in listing.bad}
        collect(api, progress, listing, asked_at, shape.rows_of_course)
    found = ", ".join(f"{kind} ({n})" for kind, n in sorted(progress.kinds_of_course.items()))
    Finding.note(Finding.Question.COURSE_TYPES, found or "-")
    if everything:
        stored = Course.objects.filter(source=SOURCE, withdrawn_at=None)
        known = set(stored.values_list("remote_id", flat=True))
        stage_gone(progress.run, "course", known - seen - progress.courses.keys(), asked_at)
        progress.courses |= dict.fromkeys((known & seen), (False, None))


def dates(api, progress, since):
    """Dates ahead; `since`: only those changed since then. A new course is asked for all."""
    ids = sorted(progress.courses)
    stored = Course.objects.filter(source=SOURCE).values_list("remote_id", flat=True)
    new = set(ids) - set(stored) if since else set()
    progress.phase(Refresh.Phase.DATES, len(ids))
    plans = [(sorted(set(ids) - new), since), (sorted(new), None)]
    for courses_asked, from_when in plans:
        for first in range(0, len(courses_asked), COURSES_A_CALL):
            chunk = courses_asked[first : first + COURSES_A_CALL]
            dates_of(api, progress, chunk, from_when)
            progress.step(len(chunk))


def dates_of(api, progress, course_ids, since):
    """The dates of these courses; those of the copy that are not among them are gone."""
    seen = set()
    started_at = timezone.now()
    for asked_at, listing in timed(date_pages(api, progress, course_ids, since)):
        seen |= {record.id for record in listing.items} | {item.id for item in listing.bad}
        collect(api, progress, listing, asked_at, rows_of_date(progress))
    if since is None:
        stored = CourseDate.objects.filter(
            source=SOURCE,
            withdrawn_at=None,
            starts_on__gte=progress.today,
            course__remote_id__in=set(course_ids) - progress.unread,
        )
        gone = set(stored.values_list("remote_id", flat=True)) - seen
        stage_gone(progress.run, "date", gone, started_at)


def rows_of_date(progress):
    """Rows of a date; a course that its own list did not show is taken from inside the date."""

    def rows(record):
        found = shape.rows_of_date(record)
        if record.course and record.course_id not in progress.courses:
            found += shape.rows_of_course(record.course)
        return found

    return rows


def date_pages(api, progress, course_ids, since):
    """By the batch call, or course by course where that one does not work for us."""
    failure = None
    if progress.asks_batch:
        try:
            yield from api.batch_coursedates(
                course_ids, updated_since=since, starts_from=progress.today
            )
        except FrontcoreError as error:
            failure = error
        else:
            Finding.note(Finding.Question.BATCH, Finding.Answer.AVAILABLE)
            return
    yield from course_by_course(api, progress, course_ids, failure)
    if failure:
        book_answer(progress, Finding.Question.BATCH, failure)
        # Away now may be there for the next courses; a no stays a no, for this run.
        progress.asks_batch = isinstance(failure, Unavailable)


def course_by_course(api, progress, course_ids, failure=None):
    """Each course's own list. Where the first one fails as well it is not the batch call that is
    to blame: then `failure`, its error, is raised, and Frontcore is not asked hundreds of times."""
    answered = False
    for course_id in course_ids:
        try:
            yield from api.course_dates(course_id, start_date_at_min=progress.today.isoformat())
            answered = True
        except NotThere as error:
            progress.unread.add(course_id)
            progress.note("course", course_id, "dates", error.sentence)
            failure = failure or error
        except FrontcoreError as error:
            if answered or failure is None:
                raise
            raise failure from error
        progress.step(0)
    if failure and not answered:
        raise failure


def products(api, progress):
    """Prices with their VAT. An archived or deleted one is as good as gone."""
    progress.phase(Refresh.Phase.PRICES)
    kept, asked_at = set(), timezone.now()
    for asked_at, listing in timed(api.products()):
        offered = [one for one in listing.items if not (one.is_archived or one.is_deleted)]
        kept |= {one.id for one in offered} | {item.id for item in listing.bad}
        collect(api, progress, listing, asked_at, rows_of_product)
    stored = Product.objects.filter(source=SOURCE, withdrawn_at=None)
    gone = set(stored.values_list("remote_id", flat=True)) - kept
    stage_gone(progress.run, "product", gone, asked_at)


def rows_of_product(record):
    return [] if record.is_archived or record.is_deleted else [shape.row_of_product(record)]


def lists(api, progress):
    """What an account may lack. Venues and people come whole inside the dates; here we learn only
    which lists there are, so that staff can see it: whatever goes wrong costs that finding."""
    progress.phase(Refresh.Phase.LISTS)
    asked = (
        (Finding.Question.DURATIONS, api.durations),
        (Finding.Question.LOCATIONS, api.locations),
        (Finding.Question.INSTRUCTORS, api.instructors),
    )
    for question, ask in asked:
        try:
            ask()
        except FrontcoreError as error:
            book_answer(progress, question, error)
        else:
            Finding.note(question, Finding.Answer.AVAILABLE)
        progress.step()


def book_answer(progress, question, error):
    """Remember what a call that can be done without has answered instead of a list."""
    if isinstance(error, Unavailable):
        found = Finding.Answer.NOT_NOW
    elif isinstance(error, Missing | Refused):
        found = Finding.Answer.MISSING
    else:
        found = Finding.Answer.UNREADABLE
    if not isinstance(error, Missing):
        progress.note(question, None, "", error.sentence)
    Finding.note(question, found)


def collect(api, progress, listing, asked_at, rows_of):
    """Stage what could be read, book what could not."""
    rows = []
    for item in listing.bad:
        progress.complain(OURS.get(item.kind, item.kind), item.id, item.field, item.problem)
    for item in listing.notes:
        progress.leave_out(OURS.get(item.kind, item.kind), item.id, item.field, item.problem)
    for record in listing.items:
        kind = KINDS[type(record).__name__]
        try:
            rows += rows_of(record)
            progress.read[kind] += 1
        except shape.Unfit as error:
            progress.complain(kind, record.id, str(error), "does not fit")
    stage(progress.run, rows, asked_at)
    progress.run.requests = api.requests_made
    progress.step(0 if progress.run.phase == Refresh.Phase.DATES else len(listing.items))


KINDS = {"CourseRecord": "course", "DateRecord": "date", "ProductRecord": "product"}


def timed(listings):
    """Yield (moment before it was asked for, listing)."""
    listings = iter(listings)
    while True:
        asked_at = timezone.now()
        try:
            listing = next(listings)
        except StopIteration:
            return
        yield asked_at, listing


# --- Texts ----------------------------------------------------------------------------------


def texts(api, progress):
    """Read texts: new courses first, then changed ones, then the longest unread. What Frontcore
    gave before it went away is kept: the lists of this run are complete without texts."""
    due = texts_due(progress)
    progress.phase(Refresh.Phase.TEXTS, len(due))
    for course_id in due:
        try:
            text_of(api, progress, course_id)
        except (NotThere, BadAnswer) as error:
            progress.note("text", course_id, "", error.sentence)
            # Not at the next run: one that cannot be read must not stand in the others' way.
            progress.texts.append((course_id, timezone.now() - TEXT_IS_OLD + TRY_TEXT_AGAIN))
        except FrontcoreError as error:
            progress.note("text", course_id, "", error.sentence)
            return
        progress.run.requests = api.requests_made
        progress.step()


def texts_due(progress):
    """Ids of the public courses whose texts this run reads."""
    looked_at = dict(
        Checked.objects.filter(source=SOURCE, kind="text").values_list("remote_id", "at")
    )
    changed = Staged.objects.filter(refresh=progress.run, kind="course")
    changed = set(changed.values_list("remote_id", flat=True))
    old = timezone.now() - TEXT_IS_OLD
    new, again = [], []
    for course_id, (is_public, updated_at) in progress.courses.items():
        at = looked_at.get(course_id)
        if not is_public:
            continue
        if at is None:
            new.append(course_id)
        elif course_id in changed or (updated_at and updated_at >= at):
            again.append((0, at, course_id))
        elif at < old:
            again.append((1, at, course_id))
    return sorted(new)[:NEW_TEXTS_PER_RUN] + [
        course_id for *_, course_id in sorted(again)[: settings.TEXTS_PER_RUN]
    ]


def text_of(api, progress, course_id):
    """One course in each language that it is described in and that we show."""
    asked_at = timezone.now()
    detail = api.course(course_id)
    described_in = detail.languages or LANGUAGES[:1]
    rows = [shape.row_of_detail(detail)]
    for language in LANGUAGES:
        if language in described_in:
            told = detail if language == LANGUAGES[0] else api.course(course_id, language)
            rows.append(shape.row_of_text(told, language))
    stage(progress.run, rows, asked_at)
    progress.texts.append((course_id, asked_at))
