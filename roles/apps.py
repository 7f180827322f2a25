"""The app: its setup when Django starts and after migrations."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


def prepare_database(*, using: str, **kwargs: Any) -> None:
    """Creates groups, triggers, search indexes and the table of the shared cache after every
    migrate and flush. Safe to repeat."""
    from django.contrib.auth.models import Group
    from django.core.management import call_command

    from roles import permissions
    from roles.models import search_index, version

    for name in permissions.GROUPS.values():
        Group.objects.using(using).get_or_create(name=name)
    version.install_triggers(connections[using])
    # `migrate` can also go back to tables that the indexes don't fit.
    model = kwargs.get("apps", apps).get_model("roles", "Snippet")
    columns = [field.name for field in model._meta.fields]
    if "tags" in columns:
        search_index.install(connections[using])
    call_command("createcachetable", database=using, verbosity=0)


class RolesConfig(AppConfig):
    name = "roles"
    verbose_name = "JD Builder"  # the heading of its models in the admin
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        from roles import fonts, system_checks  # noqa: F401  # registers the checks
        from roles.web.accounts import sign_in_events

        fonts.prepare(Path(settings.DATA_DIR) / "fonts")
        sign_in_events.connect()
        post_migrate.connect(prepare_database, sender=self)
