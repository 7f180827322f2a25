"""The form of the audit record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.web.shared.dates import DayField
from roles.web.shared.embedded_form import EmbeddedForm


class AuditRecordForm(EmbeddedForm):
    """A day, and one of the audiences that the person can choose from."""

    day = DayField(
        label=_("As of the end of"),
        help_text=_("Today or an earlier date."),
        error_messages={"required": _("Choose a date.")},
    )
    audience = forms.ChoiceField(
        label=_("Visible to"),
        help_text=_("Content hidden from this audience is left out."),
        error_messages={"required": _("Choose an audience.")},
    )

    def __init__(self, data: Any = None, *, audiences: tuple[str, ...]) -> None:
        initial = {"day": timezone.localdate(), "audience": audiences[-1]}
        super().__init__(data, initial=initial)
        choices = [(code, vocabulary.AUDIENCES[code]) for code in reversed(audiences)]
        self.set_choices("audience", choices)
