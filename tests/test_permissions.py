"""The table of permissions, checked against a table written by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from roles import permissions

# action -> the kinds of person and the relations that allow it
EXPECTED = {
    "description.list": {"hr", "manager", "admin"},
    "description.create": {"hr", "admin"},
    "description.view": {"hr", "admin", "owner", "hiring_manager"},
    "description.edit": {"hr", "admin", "owner"},
    "description.version": {"hr", "admin", "owner"},
    "description.archive": {"hr", "admin", "owner"},
    "description.own": {"hr", "admin"},
    "description.transfer": {"hr", "admin"},
    "description.change_many": {"hr", "admin"},
    "description.export": {"hr", "admin", "owner", "hiring_manager"},
    "version.make_current": {"owner", "admin"},
    "description.publish": {"owner", "admin"},
    "description.restricted": {"hr", "admin", "owner", "hiring_manager"},
    "catalog.view": {"employee", "hr", "manager", "curator", "admin"},
    "audit_record.export": {"hr", "admin", "owner", "hiring_manager"},
    "activity.view": {"hr", "admin", "manager"},
    "review.view": {"hr", "admin", "owner", "hiring_manager", "reviewer"},
    "review.request": {"hr", "admin", "owner"},
    "review.record": {"hr", "admin"},
    "review.comment": {"hr", "admin", "owner", "reviewer"},
    "review.answer": {"hr", "admin", "owner"},
    "review.decide": {"reviewer"},
    "rollout.start": {"hr", "admin"},
    "export.many": {"hr", "admin", "manager"},
    "library.view": {"hr", "curator", "admin"},
    "library.change": {"curator", "admin"},
    "library.usage": {"hr", "curator", "admin"},
    "template.view": {"hr", "curator", "admin"},
    "template.change": {"hr", "curator", "admin"},
    "people.manage": {"admin"},
    "sign_in.manage": {"admin"},
    "settings.change": {"admin"},
    "list.add": {"hr", "admin"},
    "admin": {"admin"},
}
KINDS = ("hr", "manager", "curator", "employee", "admin")
RELATIONS = ("owner", "hiring_manager", "reviewer")


@dataclass
class Person:
    kinds: frozenset[str]


def test_the_table_has_the_expected_actions() -> None:
    """A new action needs a line here."""
    assert set(permissions.TABLE) == set(EXPECTED)


def test_groups_and_relations() -> None:
    """A new group needs a column in every expectation."""
    assert permissions.GROUPS == {
        "hr": "HR",
        "manager": "Hiring managers",
        "curator": "Curators",
        "employee": "Employees",
    }
    assert permissions.RELATIONS == RELATIONS


@pytest.mark.parametrize("action", EXPECTED)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_person(action: str, kind: str) -> None:
    """By kind alone, without any relation."""
    person = Person(frozenset({kind}))
    assert permissions.may(person, action) == (kind in EXPECTED[action])


@pytest.mark.parametrize("action", EXPECTED)
@pytest.mark.parametrize("relation", RELATIONS)
def test_each_relation(action: str, relation: str) -> None:
    """By relation alone: someone who left their group can still read their job descriptions."""
    outsider = Person(frozenset())
    assert permissions.may(outsider, action, {relation}) == (relation in EXPECTED[action])


@pytest.mark.parametrize("action", EXPECTED)
def test_without_kinds_nothing_is_allowed(action: str) -> None:
    """A deactivated account has no kinds."""
    assert not permissions.may(Person(frozenset()), action)


def test_kinds_and_relations_add_up() -> None:
    """A curator who owns a job description can edit it, and can still change the library."""
    curator = Person(frozenset({"curator"}))
    assert permissions.may(curator, "description.edit", {"owner"})
    assert permissions.may(curator, "library.change", {"owner"})
    assert not permissions.may(curator, "description.edit", {"hiring_manager"})


def test_an_unknown_action_is_an_error() -> None:
    """A typo in a view must not grant access."""
    with pytest.raises(KeyError):
        permissions.may(Person(frozenset({"admin"})), "description.burn")


@pytest.mark.parametrize(
    ("kind", "relations", "widest"),
    [
        ("hr", (), "restricted"),
        ("admin", (), "restricted"),
        ("manager", ("hiring_manager",), "restricted"),
        ("curator", ("owner",), "restricted"),
        ("manager", (), "internal"),
        ("curator", (), "internal"),
        ("employee", (), "internal"),
    ],
)
def test_restricted_audience(kind: str, relations: tuple[str, ...], widest: str) -> None:
    """HR, administrators, the owner and the hiring managers."""
    assert permissions.audience(Person(frozenset({kind})), relations) == widest


def test_audiences_within() -> None:
    """A wider audience includes the narrower ones."""
    assert permissions.audiences_within("public") == ("public",)
    assert permissions.audiences_within("restricted") == ("public", "internal", "restricted")
