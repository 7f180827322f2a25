"""Accounts: groups say what a person is, departments limit what they see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from roles.admin.desk import Desk
from roles.models import User

if TYPE_CHECKING:
    from roles.admin.desk import HttpRequest

# The permission table knows the groups by name: they are made by the program, not here.
admin.site.unregister(Group)


@admin.register(User)
class PeopleAdmin(Desk, UserAdmin):  # type: ignore[misc, type-arg, unused-ignore]
    """Leavers are made inactive: their job descriptions and deeds name them."""

    list_display = ("username", "full_name", "email", "in_groups", "is_active", "is_staff")
    list_filter = ("groups", "is_active", "is_staff", "departments")
    filter_horizontal = ("groups", "departments")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("What this person may do"),
            {
                "fields": ("is_active", "is_staff", "groups", "departments"),
                "description": _("Staff are administrators: they may do everything."),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    *("username", "first_name", "last_name", "email", "groups"),
                    *("usable_password", "password1", "password2"),
                ),
            },
        ),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Nobody locks themselves out."""
        own = ("is_active", "is_staff") if obj is not None and obj == request.user else ()
        return (*self.readonly_fields, *own)

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("groups"))
    def in_groups(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())
