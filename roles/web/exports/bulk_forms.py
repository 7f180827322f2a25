"""The form of a bulk export: formats, audience, text."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from roles import vocabulary
from roles.exporters import FORMATS
from roles.models.bulk_export import TEXTS
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import Checkboxes, RadioButtons

AUDIENCE_HELP = {
    "public": _("For everybody, applicants too."),
    "internal": _("For your own people: internal facts too, pay left out."),
    "restricted": _("Everything, pay too: for HR, the owner and the hiring managers."),
}
TEXT_HELP = {
    "current": _("The effective version; else the newest version, else the draft."),
    "newest": _("Whether it is effective or not; the draft where there is none."),
    "draft": _("As it is being written, marked as a draft."),
}


class ExportForm(EmbeddedForm):
    """An export of the selected job descriptions. `draft_count`: how many of them have no
    version; `email`: the address that the message goes to, or "" for none."""

    error_summary = _("Nothing is exported yet. Mend what is marked below.")

    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one format.")},
    )
    audience = forms.ChoiceField(
        label=_("Who will read them?"),
        widget=RadioButtons(AUDIENCE_HELP),
        choices=list(vocabulary.AUDIENCES.items()),
        help_text=_("Never more than you may read yourself."),
        error_messages={"required": _("Choose who will read them.")},
    )
    text = forms.ChoiceField(
        label=_("Which text?"),
        widget=RadioButtons(TEXT_HELP),
        choices=list(TEXTS.items()),
        error_messages={"required": _("Choose which text.")},
    )
    wants_email = forms.BooleanField(label=_("Send me mail when it is ready"), required=False)

    def __init__(self, data: Any, *, draft_count: int = 0, email: str = "") -> None:
        initial = {"formats": ["pdf"], "audience": "restricted", "text": "current"}
        super().__init__(data, initial={**initial, "wants_email": True})
        self.email = email
        field = self.fields["formats"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # narrows the type
        field.widget = Checkboxes(
            {code: format.about for code, format in FORMATS.items()},
            {code: format.icon for code, format in FORMATS.items()},
        )
        field.choices = [(code, format.label) for code, format in FORMATS.items()]
        self.fields["wants_email"].help_text = escape(email)  # crispy marks help texts as safe
        if draft_count:
            self.fields["text"].help_text = _draft_help(draft_count)

    def layout(self) -> Layout:
        names = ["formats", "audience", "text"]
        return Layout(*names, "wants_email") if self.email else Layout(*names)


def _draft_help(count: int) -> str:
    words = ngettext(
        "%(drafts)s has no version yet and is exported as a draft, which its file name says.",
        "%(drafts)s have no version yet and are exported as drafts, which their file names say.",
        count,
    )
    return words % {"drafts": count}
