"""Forms of a discussion: a comment or a suggestion at a place, and a reply."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from roles import limits, vocabulary
from roles.document import DocumentLine, DocumentSection
from roles.web.shared.embedded_form import EmbeddedForm
from roles.web.shared.fields import ParagraphField
from roles.web.shared.post_data import NUMBER_LIMIT

COMMENT_KINDS = {
    "comment": _("Comment"),
    "reword": _("Reword"),
    "remove": _("Remove"),
    "add": _("Add a line"),
    "requirement": _("Change requirement"),
}


class TargetForm(forms.Form):
    """The place in the URL: uids and the number of the version."""

    section = forms.CharField(max_length=32, required=False)
    line = forms.CharField(max_length=32, required=False)
    number = forms.IntegerField(min_value=1, max_value=NUMBER_LIMIT, required=False)


class CommentForm(EmbeddedForm):
    """A comment or a suggestion at a place. `line` and `section` are its content, with
    placeholders."""

    kind = forms.ChoiceField(
        label=_("Comment or suggest a change"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose an option."),
            "invalid_choice": _("Choose an option."),
        },
    )
    comment = ParagraphField(
        label=_("Your comment"),
        help_text=_("If you suggest a change, you can explain why."),
        max_length=limits.COMMENT_LIMIT,
        required=False,
        rows=3,
    )
    text = ParagraphField(
        label=_("New wording"),
        max_length=limits.PARAGRAPH_LIMIT,
        required=False,
        rows=4,
    )
    detail = ParagraphField(
        label=_("Detail"),
        max_length=limits.DETAIL_LIMIT,
        required=False,
    )
    added = ParagraphField(
        label=_("New line"),
        max_length=limits.PARAGRAPH_LIMIT,
        required=False,
        rows=3,
    )
    requirement = forms.ChoiceField(
        label=_("Requirement"),
        required=False,
        choices=[("", _("Not stated")), *vocabulary.REQUIREMENTS.items()],
    )

    def __init__(
        self, data: Any, line: DocumentLine | None, section: DocumentSection | None
    ) -> None:
        self.line, self.section = line, section
        self.kinds = kinds = ["comment"]
        if line is not None:
            kinds += ["reword", "remove"]
        if section is not None:
            kinds.append("add")
        if line is not None and _asks_requirement(line, section):
            kinds.append("requirement")
        initial = {"kind": "comment"}
        if line is not None:
            initial |= {"text": line.text, "detail": line.detail, "requirement": line.requirement}
        super().__init__(data, initial=initial, auto_id=f"comment-{_uid(line, section)}-%s")
        self.set_choices("kind", [(kind, COMMENT_KINDS[kind]) for kind in kinds])
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.fields["comment"].help_text = ""
        if line is None or not (line.detail or _explains(section)):
            del self.fields["detail"]
        if line is not None and "[" in line.plain_text:
            self.fields["text"].help_text = _("The author fills in the text in brackets.")

    def layout(self) -> Layout:
        """Groups the fields of each kind, which are shown while that kind is selected."""
        reworded = ["text", "detail"] if "detail" in self.fields else ["text"]
        fields = {"reword": reworded, "add": ["added"], "requirement": ["requirement"]}
        return Layout(
            Field("kind", wrapper_class="inline-choices"),
            *(
                Div(*fields[kind], css_class=f"comment-field comment-{kind}")
                for kind in self.kinds
                if kind in fields
            ),
            "comment",
        )

    def clean(self) -> dict[str, Any]:
        """Requires the field that the kind needs."""
        cleaned = super().clean() or self.cleaned_data
        required_fields = {
            "comment": ("comment", _("Enter a comment.")),
            "reword": ("text", _("Enter the new wording.")),
            "add": ("added", _("Enter the new line.")),
        }
        name, message = required_fields.get(cleaned.get("kind", ""), ("", ""))
        if name and name not in self.errors and not cleaned.get(name):
            self.add_error(name, ValidationError(message))
        return cleaned


class ThreadReplyForm(EmbeddedForm):
    """A reply in a thread."""

    text = ParagraphField(
        label=_("Your reply"),
        max_length=limits.COMMENT_LIMIT,
        rows=3,
        error_messages={"required": _("Enter a reply.")},
    )


def _uid(line: DocumentLine | None, section: DocumentSection | None) -> str:
    here = line or section
    return here.uid if here else "general"


def _explains(section: DocumentSection | None) -> bool:
    """Whether its lines usually have a detail."""
    return section is not None and section.kind in ("skills", "faq")


def _asks_requirement(line: DocumentLine, section: DocumentSection | None) -> bool:
    if section is None or line.form != "entry":
        return False
    return "requirement" in vocabulary.SECTION_KINDS[section.kind].asks
