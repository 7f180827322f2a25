"""The form that transfers job descriptions to another owner."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roles import people
from roles.limits import NOTE_LIMIT
from roles.models import User
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import OneLineField


class NoteForm(EmbeddedForm):
    """A note for the history."""

    note = OneLineField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LIMIT,
        help_text=_("Kept permanently in the history. Don’t include names."),
    )


class TransferForm(NoteForm):
    """The new owner."""

    owner = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("New owner"),
        empty_label=_("Choose a person"),
        help_text=_("HR authors and administrators can own job descriptions."),
        error_messages={
            "required": _("Choose the new owner."),
            "invalid_choice": _("This person can’t own job descriptions. Choose another person."),
        },
    )

    field_order: tuple[str, ...] = ("owner", "note")

    def __init__(self, data: Any, *, without: User | None = None) -> None:
        super().__init__(data)
        owners = people.possible_owners()
        self.set_queryset("owner", owners.exclude(pk=without.pk) if without else owners)
