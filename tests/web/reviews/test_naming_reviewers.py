"""Naming a reviewer: a part of a name is enough where only one person has it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from roles.models import Review, User
from tests import builders
from tests.html import by_id, find, words
from tests.pages import open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
PEOPLE = {
    "robin": ("Robin", "Doe"),
    "rroe": ("Robin", "Roe"),
    "zoe.b": ("Zoë", "Brontë-Bell"),
    "lee": ("Lee", "van Dyke"),
    "mlee": ("Maria", "Lee"),
    "oyvind": ("Øyvind", "Nilsen"),
    "anders": ("Anders", "Ørsted"),
    "lz": ("Łukasz", "Zając"),
}


@pytest.fixture
def people() -> dict[str, User]:
    return {
        username: builders.user(
            "no_group",
            username=username,
            first_name=first,
            last_name=last,
            email=f"{username}@x.org",
        )
        for username, (first, last) in PEOPLE.items()
    }


@pytest.fixture
def owner(client_for, people):
    return client_for("hr")


@pytest.fixture
def jd(owner):
    made = builders.description(owner.user)
    builders.version(made)
    return made


def ask(client, jd):
    return open_page(client, reverse("review_request", args=[jd.reference]))


def choices(page, field: str = "who-0") -> list[str]:
    inputs = find(page.response, "input", name=f"{field}-choice")
    return [str(one.get("value")) for one in inputs]


@pytest.mark.parametrize(
    ("typed", "username"),
    [
        ("doe", "robin"),
        ("Robin D", "robin"),
        ("roe, robin".replace(",", ""), "rroe"),
        ("zoe", "zoe.b"),
        ("ZOË", "zoe.b"),
        ("bronte", "zoe.b"),
        ("bell", "zoe.b"),
        ("dyke", "lee"),
        ("van dyke", "lee"),
        ("maria", "mlee"),
        ("robin (rroe)", "rroe"),
        ("Robin Roe", "rroe"),
        ("zoe.b@x.org", "zoe.b"),
        ("Zoe B <zoe.b@x.org>", "zoe.b"),
        ("nilsen", "oyvind"),
        ("orsted", "anders"),
        ("Anders Orsted", "anders"),
        ("Ørsted", "anders"),
        ("lukasz", "lz"),
    ],
)
def test_a_part_of_a_name_that_one_person_has(owner, jd, people, typed, username) -> None:
    ask(owner, jd).press("send", **{"who-0": typed})
    assert Review.objects.get().reviewers.get().user == people[username]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Rob", ["Robin Doe (robin)", "Robin Roe (rroe)"]),
        ("robin ", []),
        ("le", ["Lee van Dyke (lee)", "Maria Lee (mlee)"]),
        ("Robyn Roe", ["Robin Roe (rroe)"]),
        ("Nielsen", ["Øyvind Nilsen (oyvind)"]),
        ("Quentin", []),
        ("obin", ["Robin Doe (robin)", "Robin Roe (rroe)"]),
    ],
)
def test_who_might_be_meant_is_listed(owner, jd, typed, offered) -> None:
    page = ask(owner, jd).press("send", **{"who-0": typed})
    if typed.strip() == "robin":  # the user name of one of them
        assert Review.objects.get().reviewers.filter(user__username="robin").exists()
        return
    assert page.response.status_code == 422
    assert choices(page) == offered
    assert page.typed("who-0") == typed
    if not offered:
        assert f"We couldn’t find “{typed}”." in page.text


@pytest.mark.slow
def test_one_of_the_listed_people_is_chosen(owner, jd, people) -> None:
    page = ask(owner, jd).press("send", **{"who-0": "Rob"})
    assert "More than one person matches “Rob”. Choose one." in page.text
    page.press("send", **{"who-0-choice": "Robin Roe (rroe)"})
    assert Review.objects.get().reviewers.get().user == people["rroe"]


@pytest.mark.slow
def test_a_choice_does_not_count_for_another_name(owner, jd, people) -> None:
    page = ask(owner, jd).press("send", **{"who-0": "Rob"})
    page.press("send", **{"who-0": "Maria", "who-0-choice": "Robin Roe (rroe)"})
    assert Review.objects.get().reviewers.get().user == people["mlee"]


@pytest.mark.slow
def test_the_page_says_who_was_found_before_it_is_sent(owner, jd) -> None:
    page = ask(owner, jd).press("check", **{"who-0": "maria"})
    assert "This is Maria Lee (mlee)." in words(by_id(page.response, "note-0"))
    page = ask(owner, jd).press("check", **{"who-0": "Rob"})
    assert choices(page) == ["Robin Doe (robin)", "Robin Roe (rroe)"]
    page = page.press("check", **{"who-0-choice": "Robin Doe (robin)"})
    assert "This is Robin Doe (robin)." in words(by_id(page.response, "choices-0"))


def test_names_are_suggested_while_typing(owner, jd) -> None:
    page = ask(owner, jd)
    options = [one.get("value") for one in find(by_id(page.response, "people"), "option")]
    assert {"Robin Doe (robin)", "Robin Roe (rroe)"} <= set(options)
    assert by_id(page.response, "who-0").get("list") == "people"


@pytest.mark.slow
@pytest.mark.both_databases
def test_a_deactivated_person_is_not_found_by_a_part_of_the_name(owner, jd, people) -> None:
    User.objects.filter(username="rroe").update(is_active=False)
    ask(owner, jd).press("send", **{"who-0": "Rob"})
    assert Review.objects.get().reviewers.get().user == people["robin"]


def test_many_matches_are_not_all_listed(owner, jd) -> None:
    for number in range(12):
        builders.user("no_group", first_name="Sam", last_name=f"Number{number}")
    page = ask(owner, jd).press("send", **{"who-0": "Sam"})
    assert len(choices(page)) == 8
    assert "Many people match “Sam”. Choose one or enter more of the name." in page.text


@pytest.mark.both_databases
def test_adding_a_reviewer_to_an_open_review(owner, jd, people) -> None:
    review = builders.review(jd, "kim@example.org")
    manage = reverse("review_manage", args=[review.pk])
    sent = {"row": "0", "who-0": "Rob", "role-0": "approver", "scope-0": "all", "action": "add"}
    response = owner.post(manage, sent)
    assert response.status_code == 422
    assert "Robin Roe (rroe)" in response.text
    sent |= {"who-0-asked": "Rob", "who-0-choice": "Robin Roe (rroe)"}
    assert owner.post(manage, sent).status_code == 302
    assert review.reviewers.filter(user=people["rroe"]).exists()


def test_replacing_a_reviewer(owner, jd, people) -> None:
    review = builders.review(jd, "kim@example.org")
    url = reverse("review_reviewer", args=[review.pk, review.reviewers.get().pk])
    sent = {"replace-who": "Rob", "replace-reason": "Away", "action": "replace"}
    response = owner.post(url, sent)
    assert response.status_code == 422
    labels = [str(one.get("value")) for one in find(response, "input", name="replace-who-choice")]
    assert labels == ["Robin Doe (robin)", "Robin Roe (rroe)"]
    sent |= {"replace-who-asked": "Rob", "replace-who-choice": labels[1]}
    assert owner.post(url, sent).status_code == 302
    assert review.reviewers.filter(user=people["rroe"], removal_reason="").exists()
