"""Base classes of the admin pages: permissions, deletion, and events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db import models

from roles import permissions
from roles.models import Event, User

if TYPE_CHECKING:
    from django.http import HttpRequest as HttpRequest  # noqa: TID251  # only a type

    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


def is_administrator(request: HttpRequest) -> bool:
    """Whether the person can use the admin."""
    return isinstance(request.user, User) and permissions.may(request.user, "admin")


def person(request: HttpRequest) -> User:
    return cast(User, request.user)


class AdministratorsOnly:
    """Lets administrators view, add, and change rows, and delete them if `deletable` is set."""

    deletable = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletable and is_administrator(request)


class UnchangeableAdmin(AdministratorsOnly):
    """Rows that can be viewed but not changed."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RecordedAdmin(AdministratorsOnly, ModelAdmin):
    """An admin page that records its changes as events, in the admin's transaction."""

    list_per_page = 50
    show_full_result_count = False

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, obj, "added", message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, obj, "changed", message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._record(request, obj, "deleted", "")
        return super().log_deletions(request, queryset)

    def _record(self, request: HttpRequest, obj: models.Model, action: str, message: Any) -> None:
        verb = f"{self.opts.model_name}.{action}"
        Event.objects.record(by=person(request), verb=verb, about=obj, admin=message)


class ReadOnlyAdmin(UnchangeableAdmin, ModelAdmin):
    """A read-only admin page."""

    list_per_page = 50
    show_full_result_count = False
    actions = None
