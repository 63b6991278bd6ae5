"""Staff maintain words that mean the same; what they save is found by at once."""

import pytest
from django.urls import reverse

from catalog import search
from catalog.models import Generation, Synonym
from tests.factories import make_course, make_generation

pytestmark = pytest.mark.django_db

ADD = "admin:catalog_synonym_add"


def saved(admin_client, words, at=None):
    address = reverse("admin:catalog_synonym_change", args=[at.pk]) if at else reverse(ADD)
    return admin_client.post(address, {"words": words})


def refused(answer):
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors["words"]


def test_what_staff_save_is_searched_with_at_once(admin_client):
    make_generation()
    course = make_course("Truck")
    assert search.courses("palleløfter") == []
    assert saved(admin_client, "truck , Palleløfter,, ").status_code == 302
    assert search.courses("palleløfter") == [course.pk]
    assert Synonym.objects.get().words == "truck, Palleløfter"


def test_saving_and_deleting_raise_the_generation(admin_client):
    make_generation()
    saved(admin_client, "truck, gaffel")
    assert Generation.objects.get().number == 2
    saved(admin_client, "truck, gaffel, løfter", at=Synonym.objects.get())
    assert Generation.objects.get().number == 3
    address = reverse("admin:catalog_synonym_delete", args=[Synonym.objects.get().pk])
    admin_client.post(address, {"post": "yes"})
    assert Generation.objects.get().number == 4
    assert search.courses("løfter") == []


@pytest.mark.parametrize("words", ["truck", "truck,", "truck, TRUCK", "båt, bat"])
def test_fewer_than_two_words_are_refused_in_a_sentence(admin_client, words):
    errors = refused(saved(admin_client, words))
    assert errors == ["Skriv minst to forskjellige ord, med komma mellom."]
    assert not Synonym.objects.exists()


def test_a_phrase_without_any_letter_is_refused_by_name(admin_client):
    errors = refused(saved(admin_client, "truck, !?"))
    assert errors == ["«!?» har verken bokstaver eller tall å søke etter."]


def test_a_phrase_in_another_line_is_refused_and_the_line_named(admin_client):
    line = Synonym.objects.create(words="gaffeltruck, truck")
    errors = refused(saved(admin_client, "palleløfter, TRUCK"))
    assert errors == ["«TRUCK» står allerede på en annen linje: «gaffeltruck, truck». Føy til der."]
    assert saved(admin_client, "truck, gaffeltruck, palleløfter", at=line).status_code == 302
