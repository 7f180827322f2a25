"""Statements of the organization: boilerplate that new sections of its kind start with, such as the
company profile or the equal opportunity statement."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from roles import vocabulary
from roles.models import Event, Snippet, User

# Categories of boilerplate that can be statements, in the order of their sections.
CATEGORIES = tuple(code for codes in vocabulary.STATEMENTS.values() for code in codes)


def set_statement(*, snippet: Snippet, is_statement: bool, by: User) -> None:
    """Makes boilerplate a statement, or an ordinary snippet again. Job descriptions that have it
    keep it. Raises ValidationError for a snippet that no section starts with."""
    with transaction.atomic():
        locked = Snippet.objects.select_for_update().get(pk=snippet.pk)
        if locked.is_statement == is_statement:
            return
        is_fitting = locked.kind == "boilerplate" and locked.category in CATEGORIES
        if is_statement and not (is_fitting and locked.is_offered):
            raise ValidationError(_("Choose active boilerplate of this category."))
        locked.is_statement = is_statement
        locked.save()
        Event.objects.record(
            by=by, verb="snippet.statement", about=locked, is_statement=is_statement
        )
