"""Admin pages of templates with their sections, and of sections with their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from roles import physical_demands
from roles.admin.base import AdministratorsOnly, RecordedAdmin, StackedInline, TabularInline
from roles.models import Template, TemplateLine, TemplateSection

if TYPE_CHECKING:
    from roles.admin.base import HttpRequest

    LineModelForm = forms.ModelForm[TemplateLine]
    LineFormSet = forms.BaseInlineFormSet[TemplateLine, TemplateSection, LineModelForm]
else:
    LineModelForm = forms.ModelForm
    LineFormSet = forms.BaseInlineFormSet


def mark_edited(template: Template) -> None:
    """Marks the template as edited, so loading the starter library doesn't change it."""
    template.edited = True
    template.save(update_fields=["edited"])


class SectionInline(AdministratorsOnly, TabularInline):
    model = TemplateSection
    deletable = True
    fields = ("position", "kind", "heading", "audience", "style", "required", "locked")
    extra = 0
    show_change_link = True


@admin.register(Template)
class TemplateAdmin(RecordedAdmin):
    """Templates can't be deleted, because loading the starter library would add them again. Files
    and documents refer to their code, so it can't be changed."""

    inlines = (SectionInline,)
    list_display = ("title", "family", "level", "status", "edited", "position")
    list_filter = ("status", "family", "level", "edited")
    list_select_related = ("family", "level")
    search_fields = ("title", "role", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else {"code": ("title",)}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        mark_edited(form.instance)


class TemplateLineForm(LineModelForm):
    """The form of a line. `above` are the possible parent lines, read once per page."""

    above: tuple[TemplateLine, ...] = ()
    parent = forms.ModelChoiceField(TemplateLine.objects.none(), required=False)

    class Meta:
        model = TemplateLine
        fields = "__all__"  # the inline lists them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)  # noqa: S101  # narrows the type
        parent.queryset = TemplateLine.objects.filter(pk__in=[line.pk for line in self.above])
        choices = [(line.pk, line.snippet or line) for line in self.above]
        parent.choices = [("", "—"), *choices]
        self.fields["text"].required = False
        for name in ("text", "detail"):
            self.fields[name].widget.attrs["rows"] = 2

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("snippet") and cleaned.get("text"):
            self.add_error("text", _("Leave this blank. The snippet provides the wording."))
        if not cleaned.get("snippet") and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Enter text or choose a snippet."))
        if cleaned.get("parent") and self.instance.pk:
            if cleaned["parent"].pk == self.instance.pk:
                self.add_error("parent", _("A line can’t be its own parent."))
            elif self.instance.lines.exists():
                self.add_error("parent", _("This line has sub-lines, so it can’t be a sub-line."))
        return cleaned


class TemplateLineFormSet(LineFormSet):
    """All lines of a section: their parents must be lines that stay and have no parent."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        parents = {form: form.cleaned_data["parent"] for form in kept if self._has_parent(form)}
        refused = {form.instance.pk for form in (*parents, *self.deleted_forms)}
        for form, parent in parents.items():
            if parent.pk in refused:
                form.add_error("parent", _("This line can’t have sub-lines."))

    @staticmethod
    def _has_parent(form: LineModelForm) -> bool:
        return getattr(form, "cleaned_data", {}).get("parent") is not None


class LineInline(AdministratorsOnly, StackedInline):
    model = TemplateLine
    form = TemplateLineForm
    formset = TemplateLineFormSet
    deletable = True
    autocomplete_fields = ("snippet",)
    extra = 0
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("position", "form", "parent", "group"),
                    "snippet",
                    "text",
                    "detail",
                    ("requirement", "essential", "percent", "frequency"),
                    ("category", "proficiency"),
                    physical_demands.FIELDS,
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("snippet", "parent")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        if obj is not None:
            lines = obj.lines.filter(parent=None).select_related("snippet")
            formset.form.above = tuple(lines)  # type: ignore[attr-defined]
        return formset


@admin.register(TemplateSection)
class TemplateSectionAdmin(RecordedAdmin):
    """Opened from its template."""

    inlines = (LineInline,)
    list_display = ("heading", "template", "kind", "position")
    list_select_related = ("template",)
    readonly_fields = ("template",)
    fields = (
        *("template", "position", "kind", "heading", "guidance"),
        *("audience", "style", "facts", "required", "locked"),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        mark_edited(form.instance.template)
