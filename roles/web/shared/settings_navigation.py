"""The navigation of the settings: one table, to which an area adds its page with one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, str | Promise] = {
    "organization": _("Organization"),
    "lists": _("Lists"),
    "documents": _("Job details"),
    "system": _("System"),
}


@dataclass(frozen=True)
class SettingsSection:
    """A page of the settings, in one of GROUPS; `argument` is that of its URL, if it has one."""

    group: str
    label: str | Promise
    icon: str
    url_name: str
    argument: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=[self.argument] if self.argument else [])


SECTIONS: tuple[SettingsSection, ...] = (
    SettingsSection("organization", _("Organization"), "building", "settings_organization"),
    SettingsSection("organization", _("Brand"), "palette", "settings_brand"),
    SettingsSection("organization", _("Statements"), "card-text", "settings_statements"),
    SettingsSection("lists", _("Departments"), "diagram-3", "settings_list", "departments"),
    SettingsSection("lists", _("Locations"), "geo-alt", "settings_list", "locations"),
    SettingsSection("lists", _("Job families"), "collection", "settings_list", "families"),
    SettingsSection("lists", _("Job levels"), "bar-chart-steps", "settings_list", "levels"),
    SettingsSection("lists", _("Pay grades"), "cash-stack", "settings_list", "pay-grades"),
    SettingsSection("lists", _("Market figures"), "graph-up", "settings_list", "market-figures"),
    SettingsSection("lists", _("Categories"), "tags", "settings_list", "categories"),
    SettingsSection("documents", _("Custom facts"), "card-list", "settings_list", "custom-facts"),
    SettingsSection("documents", _("Audiences of facts"), "eye", "settings_audiences"),
    SettingsSection("documents", _("Placeholders"), "braces", "settings_list", "placeholders"),
    SettingsSection("documents", _("Reference prefixes"), "hash", "settings_prefixes"),
    SettingsSection("system", _("Security"), "shield-lock", "settings_security"),
    SettingsSection("system", _("Email"), "envelope", "settings_email"),
    SettingsSection("system", _("Change history"), "clock-history", "settings_history"),
    SettingsSection("system", _("About"), "info-circle", "settings_about"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Returns the context of templates/shared/settings_page.html: the sections by group, each with
    whether the requested page belongs to it."""
    entries = [
        (section, request.path.startswith(section.url), request.path == section.url)
        for section in SECTIONS
    ]
    groups = [
        (label, [entry for entry in entries if entry[0].group == code])
        for code, label in GROUPS.items()
    ]
    return {"settings_groups": groups}
