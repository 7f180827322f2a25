"""Filters of the list of job descriptions that a person saves under a name."""

import pytest

from roles import limits
from roles.models import SavedFilter
from tests import builders
from tests.html import actions, find, links, words

pytestmark = pytest.mark.django_db

LIST = "/descriptions/"
SAVE = "/descriptions/filters/"


def save(client, name, query):
    return client.post(SAVE, {"action": "save", "name": name, "query": query}, follow=True)


def test_without_filters_there_is_nothing_to_save(client_for):
    builders.description()
    assert SAVE not in actions(client_for("hr").get(LIST))


def test_saved_filters_are_links(client_for):
    client = client_for("hr")
    builders.description()
    page = client.get(f"{LIST}?status=draft&sort=title&page=1&x=1")
    [query] = find(page, "input", name="query")
    page = save(client, " My  drafts ", query.get("value"))
    assert links(page)[f"{LIST}?status=draft&sort=title"] == "My drafts"
    [current] = find(page, "a", aria_current="page", class_="tag")
    assert words(current) == "My drafts"
    assert f"{LIST}?status=draft&sort=title" in links(client.get(LIST))


def test_a_name_is_used_once(client_for):
    client = client_for("hr")
    save(client, "Mine", "status=draft")
    save(client, "Mine", "status=approved")
    [saved] = SavedFilter.objects.all()
    assert saved.query == "status=approved"


def test_they_are_removed(client_for):
    client = client_for("hr")
    save(client, "Mine", "status=draft")
    client.post(SAVE, {"action": "remove", "name": "Mine"})
    assert not SavedFilter.objects.exists()


def test_each_person_has_their_own(client_for):
    one, other = client_for("hr"), client_for("hr")
    save(one, "Mine", "status=draft")
    assert not find(other.get(LIST), "a", class_="tag")
    other.post(SAVE, {"action": "remove", "name": "Mine"})
    assert SavedFilter.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("", "status=draft"),
        ("x" * (limits.NAME_LIMIT + 1), "status=draft"),
        ("Mine", ""),
        ("Mine", "page=2&next=//evil.example"),
        ("Mine", "q=" + "x" * limits.QUERY_LIMIT),
        ("a\x00b", "status=draft"),
    ],
)
def test_bad_input_is_refused(client_for, name, query):
    page = save(client_for("hr"), name, query)
    assert page.status_code == 422
    assert not SavedFilter.objects.exists()


def test_their_number_is_limited(client_for):
    client = client_for("hr")
    for number in range(limits.SAVED_FILTERS_LIMIT):
        SavedFilter.objects.create(user=client.user, name=f"F{number}", query="status=draft")
    assert save(client, "Another", "status=draft").status_code == 422
    assert save(client, "F1", "status=approved").status_code == 200


def test_filters_that_are_gone_are_harmless(client_for):
    client = client_for("hr")
    builders.description()
    SavedFilter.objects.create(user=client.user, name="Old", query="family=999&status=gone")
    assert client.get(f"{LIST}?family=999&status=gone").status_code == 200
