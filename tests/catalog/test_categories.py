"""The page of a category: its courses and those of the categories within it, at one address."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from catalog.models import Category, Generation
from tests.factories import make_category, make_course, make_date, make_generation, make_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def nested():
    """(HMS, Brann within it, Varme arbeider within that), each with a course of its name."""
    top = make_category("HMS")
    middle = make_category("Brann", parent=top)
    low = make_category("Varme arbeider", parent=middle)
    for category in (top, middle, low):
        make_date(make_course(f"Kurs i {category.title}", categories=[category]))
    make_date(make_course("Excel", categories=[make_category("IT")]))
    return top, middle, low


def titles(client, path):
    body = client.get(path, follow=True).content.decode()
    return re.findall(r'<h3 class="hit-title"><a [^>]*>([^<]+)</a>', body)


def test_a_category_also_lists_the_courses_of_those_within_it(client, nested):
    top, middle, low = (category.get_absolute_url() for category in nested)
    assert titles(client, top) == ["Kurs i Brann", "Kurs i HMS", "Kurs i Varme arbeider"]
    assert titles(client, middle) == ["Kurs i Brann", "Kurs i Varme arbeider"]
    assert titles(client, low) == ["Kurs i Varme arbeider"]


def test_a_category_shows_where_it_lies_and_what_lies_in_it(client, nested):
    top, middle, low = nested
    body = client.get(middle.get_absolute_url()).content.decode()
    assert "<h1>Brann</h1>" in body
    crumbs = re.search(r'<nav class="crumbs".*?</nav>', body, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', crumbs) == ["/kurs/", top.get_absolute_url()]
    within = re.search(r'<ul class="within".*?</ul>', body, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', within) == [low.get_absolute_url()]
    assert re.search(r"Varme arbeider <span[^>]*>1</span>", within)


def test_its_address_is_in_the_words_of_each_language(client, nested):
    top = nested[0]
    assert top.get_absolute_url() == f"/kurs/kategori/{top.remote_id}-hms/"
    english = f"/en/courses/category/{top.remote_id}-hms/"
    assert client.get(english).status_code == 200
    assert f'href="{english}"' in client.get(top.get_absolute_url()).content.decode()


def test_only_that_category_chosen_is_its_page_and_nothing_else(client, nested):
    top, middle, _ = nested
    response = client.get(f"/kurs/?q=&category={top.remote_id}")
    assert (response.status_code, response.headers["Location"]) == (302, top.get_absolute_url())
    response = client.get(f"{top.get_absolute_url()}?place=oslo")
    further = f"/kurs/?category={top.remote_id}&place=oslo"
    assert (response.status_code, response.headers["Location"]) == (302, further)
    response = client.get(f"{top.get_absolute_url()}?category={middle.remote_id}")
    assert response.headers["Location"].startswith("/kurs/?category=")


def test_a_wrong_slug_leads_to_the_right_one_and_an_unknown_category_is_404(client, nested):
    right = nested[0].get_absolute_url()
    response = client.get(right.replace("-hms/", "-arbeid/") + "?page=2")
    assert (response.status_code, response.headers["Location"]) == (301, f"{right}?page=2")
    assert client.get("/kurs/kategori/99-hms/").status_code == 404


def test_a_category_without_courses_says_so(client):
    empty = make_category("Tom")
    make_course("Excel")
    response = client.get(empty.get_absolute_url())
    assert response.status_code == 200
    assert "Uten «Tom»: 1 kurs" in response.content.decode()


def test_categories_that_lie_in_each_other_do_no_harm(client, nested):
    top, _, low = nested
    Category.objects.filter(pk=top.pk).update(parent=low)
    for category in nested:
        assert client.get(category.get_absolute_url()).status_code == 200


def test_a_withdrawn_category_leaves_the_filters_and_its_page_answers(client, nested):
    empty = make_category("Nedlagt")
    assert "Nedlagt" not in client.get("/kurs/").content.decode()
    assert client.get(empty.get_absolute_url()).status_code == 200


# --- Staff say how they nest --------------------------------------------------------------------


@pytest.fixture
def staff(client):
    user = get_user_model().objects.create_user("kari", is_staff=True)
    names = ["view_category", "change_category"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


@pytest.mark.django_db(transaction=True)
def test_staff_put_a_category_under_another_and_pages_follow(staff):
    make_generation()
    top, low = make_category("HMS"), make_category("Brann")
    make_date(make_course("Slokking", categories=[low]))
    assert titles(staff, top.get_absolute_url()) == []
    number = Generation.objects.get().number
    address = f"/admin/catalog/category/{low.pk}/change/"
    response = staff.post(address, {"parent": top.pk, "title": "Noe annet"})
    assert response.status_code == 302
    low.refresh_from_db()
    assert (low.parent, low.title) == (top, "Brann")
    assert Generation.objects.get().number > number
    assert titles(staff, top.get_absolute_url()) == ["Slokking"]


def test_a_category_cannot_be_put_within_itself(staff):
    top = make_category("HMS")
    low = make_category("Brann", parent=top)
    response = staff.post(f"/admin/catalog/category/{top.pk}/change/", {"parent": low.pk})
    assert response.status_code == 200
    top.refresh_from_db()
    assert top.parent is None


def test_a_category_stays_where_it_lies_when_the_one_above_is_withdrawn(staff):
    top = make_category("HMS", withdrawn_at=timezone.now())
    other = make_category("Truck", withdrawn_at=timezone.now())
    low = make_category("Brann", parent=top)
    address = f"/admin/catalog/category/{low.pk}/change/"
    form = staff.get(address).context["adminform"].form
    offered = list(form.fields["parent"].queryset)
    assert top in offered
    assert other not in offered
    staff.post(address, {"parent": top.pk})
    low.refresh_from_db()
    assert low.parent == top


def test_categories_are_neither_added_nor_deleted_by_hand(staff):
    category = make_category("HMS")
    assert staff.get("/admin/catalog/category/add/").status_code == 403
    assert staff.get(f"/admin/catalog/category/{category.pk}/delete/").status_code == 403


def test_a_place_chosen_beside_a_category_counts_within_it(client, nested):
    make_date(make_course("Excel 2"), place=make_place("Bergen", "Vestland"))
    body = client.get(nested[0].get_absolute_url()).content.decode()
    assert re.search(r'value="oslo">.*?<span class="pick-hits">3<', body)
