"""Which formats, for whom, which text: what an export of many is asked for with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from roles import vocabulary
from roles.exporters import FORMATS
from roles.models.bulk_export import TEXTS

TEXT_HELP = {
    "current": _("The effective version; else the newest version, else the draft."),
    "newest": _("Whether it is effective or not; the draft where there is none."),
    "draft": _("As it is being written, marked as a draft."),
}


class ExportForm(forms.Form):
    """An export of the job descriptions that the page was opened with."""

    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one format.")},
    )
    audience = forms.ChoiceField(
        label=_("Who will read them?"),
        widget=forms.RadioSelect,
        choices=list(vocabulary.AUDIENCES.items()),
        error_messages={"required": _("Choose who will read them.")},
    )
    text = forms.ChoiceField(
        label=_("Which text?"),
        widget=forms.RadioSelect,
        choices=list(TEXTS.items()),
        error_messages={"required": _("Choose which text.")},
    )
    wants_email = forms.BooleanField(label=_("Send me mail when it is ready"), required=False)

    def __init__(self, data: Any) -> None:
        initial = {"formats": ["pdf"], "audience": "restricted", "text": "current"}
        super().__init__(data, initial={**initial, "wants_email": True})
        field = self.fields["formats"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # narrows the type
        field.choices = [(code, form.label) for code, form in FORMATS.items()]

    @property
    def format_rows(self) -> list[tuple[Any, Any]]:
        """Each format's checkbox, with the format."""
        return [(box, FORMATS[box.data["value"]]) for box in self["formats"]]

    @property
    def text_rows(self) -> list[tuple[Any, Any]]:
        """Each text's button, with its explanation."""
        return [(button, TEXT_HELP[button.data["value"]]) for button in self["text"]]
