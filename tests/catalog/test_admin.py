"""Staff look at the copy, see each refresh and queue work; nothing in the admin calls Frontcore."""

import datetime as dt
import warnings

import pytest
from django import forms
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from catalog.models import (
    Course,
    CourseDate,
    Finding,
    Generation,
    Held,
    Instructor,
    Place,
    Product,
    Provider,
    Refresh,
    RefreshProblem,
    Terms,
    Venue,
)
from tests.catalog.running import BOOKABLE, run
from tests.factories import make_course, make_date, make_provider, make_terms

pytestmark = pytest.mark.django_db

COPIED = [Course, CourseDate, Product, Venue, Place, Instructor]


def address(model, page="changelist", *args):
    return reverse(f"admin:catalog_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def looker(django_user_model, client):
    """Staff who may look at everything but start nothing."""
    user = django_user_model.objects.create_user("ser", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    return client


def test_the_provider_form_takes_an_address_without_its_scheme_as_https(admin_client):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = admin_client.get(address(Provider, "add"))
    fields = page.context["adminform"].form.fields.values()
    addresses = [field for field in fields if isinstance(field, forms.URLField)]
    assert addresses
    assert {field.assume_scheme for field in addresses} == {"https"}


def queued():
    return [(row.task["func"], row.task["args"]) for row in OrmQ.objects.all()]


@pytest.mark.parametrize("model", COPIED)
def test_what_was_copied_can_be_listed_searched_and_read(simulator, admin_client, model):
    run()
    row = model.objects.last()
    assert str(row.remote_id)
    listing = admin_client.get(address(model), {"q": str(row.remote_id)})
    assert listing.status_code == 200
    assert listing.context["cl"].result_count == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert admin_client.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", [*COPIED, Refresh, Held, Finding])
def test_what_belongs_to_the_refresh_cannot_be_written_by_hand(admin_client, model):
    assert admin_client.get(address(model, "add")).status_code == 403
    date = make_date()
    row = {Course: date.course, CourseDate: date}.get(model)
    if row:
        admin_client.post(address(model, "change", row.pk), {"title": "Changed by hand"})
        assert not model.objects.filter(title="Changed by hand").exists()
        assert admin_client.post(address(model, "delete", row.pk)).status_code == 403


def test_the_list_of_dates_does_not_cost_a_query_for_each(
    admin_client, django_assert_max_num_queries
):
    for _ in range(40):
        make_date()
    with django_assert_max_num_queries(20):
        admin_client.get(address(CourseDate))


def test_lists_can_be_narrowed(admin_client):
    ahead, gone = make_date(), make_date(withdrawn_at=timezone.now())
    found = admin_client.get(address(CourseDate), {"withdrawn": "no", "time": "ahead"})
    assert [row.pk for row in found.context["cl"].queryset] == [ahead.pk]
    found = admin_client.get(address(CourseDate), {"withdrawn": "yes"})
    assert [row.pk for row in found.context["cl"].queryset] == [gone.pk]


def test_refresh_now_queues_a_full_refresh_and_calls_nobody(
    simulator, admin_client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin_client.post(reverse("admin:catalog_refresh_now"), follow=True)
    assert queued() == [("catalog.tasks.refresh", ("full",))]
    assert simulator.requests() == []
    assert answer.redirect_chain
    assert list(answer.context["messages"])


def test_refresh_now_is_never_a_get(admin_client):
    assert admin_client.get(reverse("admin:catalog_refresh_now")).status_code == 405
    assert queued() == []


@pytest.mark.parametrize("name", ["now", "apply"])
def test_who_may_only_look_starts_nothing(looker, name):
    assert looker.post(reverse(f"admin:catalog_refresh_{name}")).status_code == 403
    page = looker.get(address(Refresh))
    assert page.status_code == 200
    assert reverse("admin:catalog_refresh_now") not in page.content.decode()
    assert queued() == []


def test_strangers_are_sent_to_the_login(client):
    assert client.post(reverse("admin:catalog_refresh_now")).status_code == 302
    assert queued() == []


def test_while_one_runs_no_second_is_queued(admin_client, django_capture_on_commit_callbacks):
    Refresh.objects.create(kind="full")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:catalog_refresh_now"))
    assert queued() == []


def test_a_running_refresh_shows_how_far_it_is_and_the_page_renews_itself(admin_client):
    row = Refresh.objects.create(kind="full", phase="texts", done=3, total=38)
    for page in (address(Refresh), address(Refresh, "change", row.pk)):
        assert 'http-equiv="refresh"' in admin_client.get(page).content.decode()
    assert "3/38" in admin_client.get(address(Refresh)).content.decode()
    Refresh.objects.update(ended_at=timezone.now(), outcome="good")
    assert 'http-equiv="refresh"' not in admin_client.get(address(Refresh)).content.decode()


def test_a_run_shows_its_counts_its_problems_and_its_error(admin_client):
    row = Refresh.objects.create(
        kind="full", ended_at=timezone.now(), outcome="failed", error="No answer", created=1234
    )
    RefreshProblem.objects.create(
        refresh=row, kind="date", remote_id=5, field="starts_on", problem="not a date"
    )
    listing = admin_client.get(address(Refresh)).content.decode()
    assert "No answer" in listing
    page = admin_client.get(address(Refresh, "change", row.pk)).content.decode()
    assert "starts_on" in page
    assert "not a date" in page


def test_an_old_copy_is_announced_above_the_list(admin_client, settings):
    Generation.current()
    fresh = timezone.now()
    Generation.objects.update(checked_at=fresh)
    assert "errornote" not in admin_client.get(address(Refresh)).content.decode()
    Generation.objects.update(checked_at=fresh - settings.REFRESH_STALE_AFTER - dt.timedelta(1))
    assert "errornote" in admin_client.get(address(Refresh)).content.decode()


def test_held_removals_are_shown_confirmed_and_applied_by_the_worker(
    simulator, admin_client, django_capture_on_commit_callbacks
):
    from catalog.tasks import refresh

    run()
    simulator.edit(coursedates="all", remove=True)
    run()
    held = Held.objects.count()
    assert str(BOOKABLE) in admin_client.get(address(Held), {"q": str(BOOKABLE)}).content.decode()
    asked = admin_client.get(reverse("admin:catalog_refresh_apply"))
    assert asked.context["held_count"] == held
    assert CourseDate.objects.listed().exists()

    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:catalog_refresh_apply"))
    assert queued() == [("catalog.tasks.refresh", ("apply",))]
    assert refresh("apply").startswith("good")

    assert not CourseDate.objects.listed().exists()
    assert not Held.objects.exists()


def test_findings_about_the_account_are_shown_in_words(admin_client):
    Finding.note(Finding.Question.BATCH, Finding.Answer.MISSING)
    page = admin_client.get(address(Finding)).content.decode()
    assert str(Finding.Answer.MISSING.label) in page


def test_the_provider_is_one_and_can_be_edited(admin_client):
    assert admin_client.get(address(Provider, "add")).status_code == 200
    provider = make_provider()
    assert admin_client.get(address(Provider, "add")).status_code == 403
    admin_client.post(address(Provider, "change", provider.pk), {"name": "Nytt navn"})
    assert Provider.current().name == "Nytt navn"


def test_terms_in_force_are_replaced_by_a_new_version_never_edited(admin_client):
    terms = make_terms()
    sent = {"kind": "terms", "language": "nb", "version": "9", "text": "<p>x</p>"}
    assert admin_client.post(address(Terms, "change", terms.pk), sent).status_code == 403
    sent |= {"published_at_0": "01.01.2031", "published_at_1": "12:00:00"}
    admin_client.post(address(Terms, "add"), sent)
    later = Terms.objects.get(version="9")
    admin_client.post(address(Terms, "change", later.pk), sent | {"version": "10"})
    assert Terms.objects.filter(version="10").exists()


def test_stored_text_is_shown_as_text_of_the_course(admin_client):
    course = make_course()
    assert admin_client.get(address(Course, "change", course.pk)).status_code == 200
