"""Prepares a new or updated installation. Safe to repeat; overwrites nothing."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from roles import first_run
from roles.models import unreleased_database


class Command(BaseCommand):
    help = (
        "Runs migrations and loads the starter library. With DEBUG, creates the demo accounts;"
        " without it, collects the static files, and prints the code of the first run if there are"
        " no accounts."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if unreleased_database.is_unreleased(connection):
            raise CommandError(unreleased_database.WHAT_TO_DO)
        # One process, because each start of Django takes about a second.
        if unapplied_migrations():
            self.stdout.write("Running migrations …")
            call_command("migrate", verbosity=0, interactive=False, stdout=self.stdout)
        if first_run.is_needed():
            call_command("set_up", stdout=self.stdout)  # it chooses what to load
        else:
            call_command("load_library", stdout=self.stdout)
        if settings.DEBUG:
            call_command("make_demo", stdout=self.stdout)
        else:
            call_command("collectstatic", verbosity=0, interactive=False, stdout=self.stdout)


def unapplied_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
