"""The admin page of templates. They are added, and their sections edited, in the product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from roles.admin.base import RecordedAdmin
from roles.models import Template

if TYPE_CHECKING:
    from roles.admin.base import HttpRequest


@admin.register(Template)
class TemplateAdmin(RecordedAdmin):
    """Templates can't be deleted, because loading the starter library would add them again. Files
    and documents refer to their code, so it can't be changed."""

    list_display = ("title", "family", "level", "status", "edited", "position")
    list_filter = ("status", "family", "level", "edited")
    list_select_related = ("family", "level")
    search_fields = ("title", "role", "code")
    readonly_fields = ("code",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Marks the template as edited, so loading the starter library doesn't change it."""
        obj.edited = True
        super().save_model(request, obj, form, change)
