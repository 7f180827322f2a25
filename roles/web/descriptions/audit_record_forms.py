"""What evidence is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.web.shared.dates import DayField


class AuditRecordForm(forms.Form):
    """A day and an audience, of those that the person may choose from."""

    day = DayField(label=_("As of the end of"), error_messages={"required": _("Choose a day.")})
    audience = forms.ChoiceField(label=_("For"))

    def __init__(self, data: Any = None, *, audiences: tuple[str, ...]) -> None:
        initial = {"day": timezone.localdate(), "audience": audiences[-1]}
        super().__init__(data, initial=initial)
        choices = [(code, vocabulary.AUDIENCES[code]) for code in reversed(audiences)]
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # narrows the type
        field.choices = choices
        field.widget.attrs["class"] = "form-select"
