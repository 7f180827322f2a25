"""Statements of the organization."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from roles.library import statements
from roles.models import Event, Snippet
from tests import builders

pytestmark = pytest.mark.django_db


def test_boilerplate_becomes_a_statement_and_back() -> None:
    admin = builders.user("admin")
    snippet = builders.snippet("About us.", "boilerplate", category="company")
    statements.set_statement(snippet=snippet, is_statement=True, by=admin)
    assert [*Snippet.objects.statements()] == [snippet]
    assert Event.objects.latest("pk").verb == "snippet.statement"
    count = Event.objects.count()
    statements.set_statement(snippet=snippet, is_statement=True, by=admin)
    assert Event.objects.count() == count
    statements.set_statement(snippet=snippet, is_statement=False, by=admin)
    assert not Snippet.objects.statements().exists()


@pytest.mark.parametrize(
    ("kind", "category", "status"),
    [
        ("skill", "tool", "active"),
        ("boilerplate", "candidate", "active"),
        ("boilerplate", "company", "retired"),
    ],
)
def test_other_snippets_are_refused(kind: str, category: str, status: str) -> None:
    snippet = builders.snippet("Words.", kind, category=category, status=status)
    with pytest.raises(ValidationError):
        statements.set_statement(snippet=snippet, is_statement=True, by=builders.user("admin"))
    snippet.refresh_from_db()
    assert not snippet.is_statement
