"""The forms of the organization, its brand, the audiences of facts, and the reference prefixes."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from roles import apply_address, languages, limits, organization, vocabulary
from roles.exporters import color, logo_formats
from roles.models import CustomFact, JobFamily, Organization
from roles.models.organization import PAPERS
from roles.organization import organization_settings
from roles.web.shared.fields import OneLineField, RadioButtons
from roles.web.shared.row_forms import PrefixField
from roles.web.shared.settings_form import SettingsForm

LOGO_LIMIT = logo_formats.BYTES_LIMIT // 1024  # KB
PAPER_SIZES = {"A4": _lazy("210 × 297 mm"), "Letter": _lazy("8.5 × 11 inches")}


class OneRowForm(SettingsForm):
    """Fields of the organization's row: those named in `names`."""

    names: tuple[str, ...] = ()

    def __init__(self, data: Any = None, files: Any = None) -> None:
        self.row = Organization.objects.the()
        super().__init__(data, files)

    def stored(self) -> dict[str, Any]:
        return {name: getattr(self.row, name) for name in self.names}

    def state(self) -> str:
        return organization.state_of(self.row, self.names)

    def read_again(self) -> None:
        self.row.refresh_from_db()


class OrganizationForm(OneRowForm):
    names = organization_settings.OF_ORGANIZATION

    name = OneLineField(
        label=_lazy("Name"),
        max_length=200,
        required=False,
        help_text=_lazy("Fills in [Company Name] in all drafts."),
    )
    apply_to = OneLineField(
        label=_lazy("Apply at"),
        max_length=limits.APPLY_LIMIT,
        required=False,
        help_text=_lazy("A link or an email address, unless a job description has its own."),
    )
    language = forms.ChoiceField(
        label=_lazy("Language"),
        choices=lambda: languages.names().items(),
        help_text=_lazy("Of a job description while its text is too short to detect it."),
    )
    hr_adds_to_lists = forms.BooleanField(
        label=_lazy("HR can add to lists"),
        required=False,
        help_text=_lazy("Families, departments, and locations, while writing a job description."),
    )

    def clean_apply_to(self) -> str:
        address = apply_address.tidy(self.cleaned_data["apply_to"])
        if address:
            apply_address.validate(address)
        return address


class BrandForm(OneRowForm):
    names = organization_settings.OF_BRAND

    brand_color = forms.CharField(
        label=_lazy("Color"),
        max_length=7,
        widget=forms.TextInput({"type": "color"}),
        validators=[
            RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _lazy("Enter a color such as #1f4e79."))
        ],
        help_text=_lazy("Colors headings and links in documents, and buttons on screen."),
    )
    new_logo = forms.FileField(
        label=_lazy("Logo"),
        required=False,
        widget=forms.FileInput({"accept": ".png,.jpg,.jpeg,.svg"}),
        help_text=format_lazy(_lazy("PNG, JPEG, or SVG, up to {} KB."), LOGO_LIMIT),
        error_messages={"empty": _lazy("This file is empty. Choose another one.")},
    )
    removes_logo = forms.BooleanField(label=_lazy("Remove logo"), required=False)
    paper = forms.ChoiceField(
        label=_lazy("Paper"),
        choices=list(PAPERS.items()),
        widget=RadioButtons(PAPER_SIZES),
        help_text=_lazy("The size of PDF and Word files."),
    )

    error_fields = {"logo": "new_logo"}

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        if self.row.logo_id is None:
            del self.fields["removes_logo"]

    def layout(self) -> Layout:
        logo = ["removes_logo"] if "removes_logo" in self.fields else []
        return Layout("base", "new_logo", *logo, "brand_color", "paper")

    def clean_new_logo(self) -> bytes | None:
        upload = self.cleaned_data["new_logo"]
        if upload is None:
            return None
        if upload.size > logo_formats.BYTES_LIMIT:
            message = _("This file is larger than %d KB. Choose a smaller one.")
            raise ValidationError(message % LOGO_LIMIT)
        return bytes(upload.read())

    def values(self) -> dict[str, Any]:
        names = ("brand_color", "paper", "new_logo", "removes_logo")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class ColorForm(forms.Form):
    """The color and paper of a sample; invalid values are those stored."""

    brand_color = forms.RegexField(r"\A#[0-9a-fA-F]{6}\Z", required=False)
    paper = forms.ChoiceField(choices=list(PAPERS.items()), required=False)


def contrast_words(chosen: str) -> tuple[bool, str]:
    """Returns whether text in this color can be read on paper, and a sentence about it."""
    ratio = color.contrast(chosen, color.WHITE)
    values = {"ratio": f"{ratio:.1f}", "minimum": f"{color.READABLE:g}"}
    if ratio >= color.READABLE:
        return True, _(
            "Contrast on white: %(ratio)s to 1. Text in this color is readable."
        ) % values
    values["darker"] = color.readable(chosen)
    message = _(
        "Contrast on white: %(ratio)s to 1, below %(minimum)s."
        " Text is printed in the darker %(darker)s instead."
    )
    return False, message % values


class AudiencesForm(SettingsForm):
    """The audience of each fact: a select for each built-in and each custom one."""

    def __init__(self, data: Any = None) -> None:
        self.labels = {name: kind.label for name, kind in vocabulary.FACTS.items()}
        self.labels |= dict(CustomFact.objects.values_list("code", "label"))
        self.audiences = organization_settings.audiences()
        super().__init__(data)
        for name, label in self.labels.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=list(vocabulary.AUDIENCES.items()),
                widget=forms.Select({"class": "form-select"}),
            )

    def stored(self) -> dict[str, Any]:
        return self.audiences

    def state(self) -> str:
        return organization_settings.state_of_audiences()

    def read_again(self) -> None:
        self.audiences = organization_settings.audiences()

    def rows(self) -> list[tuple[Any, str]]:
        """Returns each field with the usual audience of its fact, "" for a custom fact."""
        usual = {name: kind.audience for name, kind in vocabulary.FACTS.items()}
        words = {name: vocabulary.AUDIENCES[usual[name]] for name in usual}
        return [(self[name], words.get(name, "")) for name in self.labels]


class PrefixesForm(SettingsForm):
    """The prefix of job descriptions without a family, and of each family (field `of-<code>`)."""

    def __init__(self, data: Any = None) -> None:
        self.families = dict(JobFamily.objects.values_list("code", "name"))
        self.prefixes = organization_settings.prefixes()
        super().__init__(data)
        labels = {"": _("Without a family"), **self.families}
        for code, label in labels.items():
            self.fields[f"of-{code}"] = PrefixField(
                label=label, error_messages={"required": _("Enter the prefix.")}
            )

    def stored(self) -> dict[str, Any]:
        return {f"of-{code}": prefix for code, prefix in self.prefixes.items()}

    def state(self) -> str:
        return organization_settings.state_of_prefixes()

    def read_again(self) -> None:
        self.prefixes = organization_settings.prefixes()

    def chosen(self) -> dict[str, str]:
        """Returns the prefixes by code, "" for job descriptions without a family."""
        return {name.removeprefix("of-"): prefix for name, prefix in self.values().items()}
