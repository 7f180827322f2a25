"""Admin page of accounts: groups grant permissions, departments limit access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401  # registered now, so that it can be undone below
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from roles.admin.base import RecordedAdmin
from roles.models import User

if TYPE_CHECKING:
    from roles.admin.base import HttpRequest

# Groups are created by migrations, because permissions refer to their names.
admin.site.unregister(Group)
# Sign-in has pages of its own, which keep to the rules (roles.people) and record events.
admin.site.unregister(
    (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession)
)


@admin.register(User)
class PeopleAdmin(RecordedAdmin, UserAdmin):  # type: ignore[misc, type-arg, unused-ignore]
    """For emergencies. Accounts are invited, deactivated, and erased on the account pages
    (roles.people), with the steps that belong to it."""

    list_display = ("username", "full_name", "email", "in_groups", "is_active", "is_staff")
    list_filter = ("groups", "is_active", "is_staff", "departments")
    filter_horizontal = ("groups", "departments")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("Permissions"),
            {
                "fields": ("account", "is_staff", "groups", "departments"),
                "description": _("Staff are administrators and have all permissions."),
            },
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("account", "last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Makes `is_staff` read-only on the own account, to prevent lockout."""
        own = ("is_staff",) if obj is not None and obj == request.user else ()
        return (*self.readonly_fields, *own)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refused for erased accounts, because a name entered here would undo that."""
        is_erased = obj is not None and obj.erased_at
        return not is_erased and super().has_change_permission(request, obj)

    @admin.display(description=_("account"))
    def account(self, user: User) -> str:
        """Returns the state of the account, with a link to its page."""
        state = _("Active.") if user.is_active else _("Deactivated.")
        words = _("Edit, deactivate, or erase it on the account page.")
        page = reverse("person", args=[user.pk])
        return format_html('{} <a href="{}">{}</a>', state, page, words)

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("groups"))
    def in_groups(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())
