"""Read-only admin pages: job descriptions, versions, files, exports, and events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from roles.admin.base import ReadOnlyAdmin, person
from roles.models import BulkExport, Event, JobDescription, RenderedFile, Version

if TYPE_CHECKING:
    from roles.admin.base import HttpRequest


class VisibleToAdministrators(ReadOnlyAdmin):
    """Rows of job descriptions (at the path `path`) that this administrator can see; confidential
    ones are hidden from administrators, too."""

    path = "description"

    def get_queryset(self, request: HttpRequest) -> Any:
        visible = JobDescription.objects.visible_to(person(request))
        of_visible = {f"{self.path}__in": visible.order_by().values("pk")}
        return super().get_queryset(request).filter(**of_visible)


@admin.register(JobDescription)
class JobDescriptionAdmin(VisibleToAdministrators):
    path = "pk"
    list_display = ("reference", "title", "owner", "department", "status", "changed_at")
    list_select_related = ("owner", "department")
    list_filter = ("status", "job_family", "job_level", "department", "confidential")
    search_fields = ("reference", "title")
    exclude = ("search_text",)


@admin.register(Version)
class VersionAdmin(VisibleToAdministrators):
    list_display = ("reference", "number", "label", "author", "created_at", "sha256")
    search_fields = ("description__reference", "description__title", "sha256")
    exclude = ("text", "revisions")
    ordering = ("-created_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request).select_related("description", "author")
        return found.defer("text")

    @admin.display(ordering="description__reference")
    def reference(self, version: Version) -> str:
        return version.description.reference


@admin.register(RenderedFile)
class RenderedFileAdmin(VisibleToAdministrators):
    path = "version__description"
    list_display = ("version_name", "format", "audience", "digest", "created_at")
    list_filter = ("format", "audience")
    fields = ("version_name", "format", "audience", "key", "digest", "created_at")
    ordering = ("-created_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request).select_related("version__description")
        return found.defer("version__text")

    @admin.display(description="version", ordering="version")
    def version_name(self, file: RenderedFile) -> str:
        return str(file.version)


@admin.register(BulkExport)
class BulkExportAdmin(ReadOnlyAdmin):
    list_display = ("pk", "by", "state", "reason", "total", "created_at", "finished_at")
    list_select_related = ("by",)
    list_filter = ("state",)
    fields = ("by", "formats", "audience", "text", "total", "state", "reason", "created_at")
    ordering = ("-created_at", "-pk")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "verb", "about", "chain", "number")
    search_fields = ("chain", "actor", "verb", "about")
    ordering = ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leaves out the history of job descriptions that this administrator can't see."""
        visible = JobDescription.objects.visible_to(person(request)).order_by().values("pk")
        hidden = JobDescription.objects.order_by().exclude(pk__in=visible)
        return super().get_queryset(request).exclude(chain__in=hidden.values("reference"))
