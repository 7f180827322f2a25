"""Admin pages of the organization: branding, families, levels, departments, locations, facts,
market figures, and organization-wide placeholder values."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from roles import placeholders, vocabulary
from roles.admin.base import RecordedAdmin
from roles.exporters import logo_formats
from roles.models import (
    CustomFact,
    Department,
    JobFamily,
    JobLevel,
    Location,
    Organization,
    PayReference,
    PlaceholderAnswer,
)
from roles.models.organization import Logo

if TYPE_CHECKING:
    from roles.admin.base import HttpRequest

    OrganizationModelForm = forms.ModelForm[Organization]
    AnswerModelForm = forms.ModelForm[PlaceholderAnswer]
else:
    OrganizationModelForm = AnswerModelForm = forms.ModelForm

LOGO_LIMIT = logo_formats.BYTES_LIMIT // 1024  # KB


class OrganizationForm(OrganizationModelForm):
    new_logo = forms.FileField(
        label=_("New logo"),
        required=False,
        help_text=format_lazy(_("PNG, JPEG, or SVG, up to {} KB."), LOGO_LIMIT),
    )
    remove_logo = forms.BooleanField(label=_("Remove logo"), required=False)

    class Meta:
        model = Organization
        fields = ["name", "profile", "brand_color", "paper", "apply_to", "fact_audiences"]
        widgets = {"brand_color": forms.TextInput({"type": "color"})}

    def clean_new_logo(self) -> bytes | None:
        upload = self.cleaned_data["new_logo"]
        if upload is None:
            return None
        if upload.size > logo_formats.BYTES_LIMIT:
            words = _("This file is larger than %d KB. Choose a smaller one.")
            raise ValidationError(words % LOGO_LIMIT)
        content = bytes(upload.read())
        if logo_formats.checked_type(content) is None:
            raise ValidationError(
                _("This file can’t be printed. Choose a PNG, a JPEG, or a simple SVG.")
            )
        return content

    def clean_fact_audiences(self) -> dict[str, str]:
        found = self.cleaned_data["fact_audiences"] or {}
        known = {*vocabulary.FACTS, *CustomFact.objects.values_list("code", flat=True)}
        if not isinstance(found, dict):
            raise ValidationError(_('Use this format: {"pay_grade": "internal"}.'))
        for fact, audience in found.items():
            if fact not in known:
                raise ValidationError(_("Unknown fact “%s”.") % fact)
            if not (isinstance(audience, str) and audience in vocabulary.AUDIENCES):
                raise ValidationError(_("The audience must be public, internal, or restricted."))
        return found


@admin.register(Organization)
class OrganizationAdmin(RecordedAdmin):
    form = OrganizationForm
    fields = (
        *("name", "profile", "brand_color", "present_logo", "new_logo", "remove_logo"),
        *("paper", "apply_to", "fact_audiences"),
    )
    readonly_fields = ("present_logo",)
    list_display = ("__str__", "paper", "brand_color")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        Organization.objects.the()  # creates the row if it is missing
        return super().get_queryset(request)

    @admin.display(description=_("logo"))
    def present_logo(self, row: Organization) -> str:
        if row.logo_id is None:
            return str(_("None"))
        return format_html('<img src="{}" alt="" height="48">', reverse("logo", args=[row.logo_id]))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Stores a new logo by its digest, so old versions keep theirs."""
        content = form.cleaned_data.get("new_logo")
        if content:
            digest = hashlib.sha256(content).hexdigest()
            obj.logo = Logo.objects.get_or_create(digest=digest, defaults={"content": content})[0]
        elif form.cleaned_data.get("remove_logo"):
            obj.logo = None
        super().save_model(request, obj, form, change)


class CodedAdmin(RecordedAdmin):
    """Rows with a code that files and documents refer to, so it can't be changed."""

    deletable = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        name = next(f for f in ("name", "label", "title", "role") if hasattr(self.model, f))
        return {} if obj is not None else {"code": (name,)}


@admin.register(JobFamily)
class JobFamilyAdmin(CodedAdmin):
    list_display = ("name", "prefix", "code")
    search_fields = ("name", "code")


@admin.register(JobLevel)
class JobLevelAdmin(CodedAdmin):
    list_display = ("name", "years_from", "years_to", "position", "code")
    search_fields = ("name", "code")


@admin.register(CustomFact)
class CustomFactAdmin(CodedAdmin):
    list_display = ("label", "code", "audience", "position")


@admin.register(Department)
class DepartmentAdmin(RecordedAdmin):
    list_display = ("name",)
    search_fields = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refused while accounts are limited to it; without the limit they would see everything."""
        is_free = obj is not None and not obj.members.exists()
        return is_free and self.has_change_permission(request, obj)


@admin.register(Location)
class LocationAdmin(RecordedAdmin):
    deletable = True
    list_display = ("city", "region", "country")
    search_fields = ("city", "region")
    list_filter = ("country",)


@admin.register(PayReference)
class PayReferenceAdmin(CodedAdmin):
    list_display = (
        *("role", "location", "level", "years_from", "years_to"),
        *("amount", "low", "high", "currency", "period"),
        *("statistic", "source", "as_of", "edited"),
    )
    search_fields = ("role", "location", "source", "code")
    list_filter = ("statistic", "currency", "period", "edited")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Marks the row as edited, so loading the starter library doesn't change it."""
        obj.edited = True
        super().save_model(request, obj, form, change)


class OrganizationAnswerForm(AnswerModelForm):
    class Meta:
        model = PlaceholderAnswer
        fields = ["placeholder", "value", "plain"]

    def clean_placeholder(self) -> str:
        """Returns the key, which must be unique among organization-wide values."""
        key = placeholders.placeholder_key(self.cleaned_data["placeholder"].strip("[] "))
        if not key:
            raise ValidationError(_("Enter the words between the brackets."))
        others = PlaceholderAnswer.objects.filter(description=None, placeholder=key)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("[%s] already has a value.") % key)
        return key


@admin.register(PlaceholderAnswer)
class PlaceholderAnswerAdmin(RecordedAdmin):
    """Organization-wide placeholder values only."""

    form = OrganizationAnswerForm
    deletable = True
    list_display = ("placeholder", "value", "plain")
    search_fields = ("placeholder", "value")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(description=None)
