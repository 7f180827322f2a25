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
    "public": _("For everyone, including applicants."),
    "internal": _("For employees. Includes internal details, but not pay."),
    "restricted": _("For HR, the owner, and hiring managers. Includes everything, with pay."),
}
TEXT_HELP = {
    "current": _("If none is current, the latest version, or else the draft."),
    "newest": _("Whether current or not. If there is none, the draft."),
    "draft": _("The working text, marked as a draft."),
}


class ExportForm(EmbeddedForm):
    """An export of the selected job descriptions. `draft_count`: how many of them have no
    version; `email`: the address that the message goes to, or "" for none."""

    error_summary = _("Not exported. Fix the errors below.")

    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one format.")},
    )
    audience = forms.ChoiceField(
        label=_("Visible to"),
        widget=RadioButtons(AUDIENCE_HELP),
        choices=list(vocabulary.AUDIENCES.items()),
        help_text=_("Files never include more than you can see yourself."),
        error_messages={"required": _("Choose an audience.")},
    )
    text = forms.ChoiceField(
        label=_("Version"),
        widget=RadioButtons(TEXT_HELP),
        choices=list(TEXTS.items()),
        error_messages={"required": _("Choose a version.")},
    )
    wants_email = forms.BooleanField(label=_("Email me when it’s ready"), required=False)

    def __init__(self, data: Any, *, draft_count: int = 0, email: str = "") -> None:
        initial = {"formats": ["pdf"], "audience": "public", "text": "current"}
        super().__init__(data, initial={**initial, "wants_email": True})
        self.email = email
        self.fields["formats"].widget = Checkboxes(
            {code: format.about for code, format in FORMATS.items()},
            {code: format.icon for code, format in FORMATS.items()},
        )
        self.set_choices("formats", [(code, format.label) for code, format in FORMATS.items()])
        self.fields["wants_email"].help_text = escape(email)  # crispy marks help texts as safe
        if draft_count:
            self.fields["text"].help_text = _draft_help(draft_count)

    def layout(self) -> Layout:
        names = ["formats", "audience", "text"]
        return Layout(*names, "wants_email") if self.email else Layout(*names)


def _draft_help(count: int) -> str:
    words = ngettext(
        "%(drafts)s job description has no version yet. It’s exported and labeled as a draft.",
        "%(drafts)s job descriptions have no version yet. They’re exported and labeled as drafts.",
        count,
    )
    return words % {"drafts": count}
