"""The code of the first run: `manage.py set_up`."""

from typing import Any

from django.core.management.base import BaseCommand

from roles import first_run


class Command(BaseCommand):
    help = (
        "Prints a new code for the page on which the first administrator is created and the"
        f" organization is set up. It works once, for {first_run.VALID_HOURS} hours."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not first_run.is_needed():
            self.stdout.write("Nothing to set up: there are accounts, or DEBUG is on.")
            return
        code = first_run.new_code()
        self.stdout.write(f"Set up JD Builder at {first_run.address()} with the code {code}")
