"""Exports a job description from a shell: `manage.py export ACC-0001 --version 2`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from roles import assembly, vocabulary
from roles.exporters import FORMATS, naming
from roles.models import JobDescription, Version
from roles.versioning import files


class Command(BaseCommand):
    help = "Writes a job description to a file: its draft, or the version that you name."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Django's own --version (of Django) gives way: here it is the document's.
        kwargs["conflict_handler"] = "resolve"
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="such as ACC-0001")
        parser.add_argument(
            "--version", dest="number", type=int, metavar="N", help="a version instead of the draft"
        )
        parser.add_argument("--format", choices=list(FORMATS), default="pdf")
        parser.add_argument(
            "--audience",
            choices=vocabulary.AUDIENCE_ORDER,
            default="restricted",
            help="who will read it; what they may not see is left out (all of it unless given)",
        )
        parser.add_argument("--output", metavar="FILE", help="- writes to standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        description = find(options["reference"])
        content, name = rendered(description, **_wanted(options))
        if options["output"] == "-":
            sys.stdout.buffer.write(content)
            return
        target = Path(options["output"] or name)
        try:
            target.write_bytes(content)
        except OSError as error:
            raise CommandError(f"Cannot write {target}: {error.strerror}.") from error
        self.stdout.write(f"Wrote {target}")


def _wanted(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ("number", "format", "audience")}


def find(reference: str) -> JobDescription:
    """The job description of that reference; raises CommandError."""
    found = JobDescription.objects.filter(reference=reference.upper()).first()
    if found is None:
        raise CommandError(f"There is no job description {reference}.")
    return found


def rendered(
    description: JobDescription, *, number: int | None, format: str, audience: str
) -> tuple[bytes, str]:
    """Content and file name of the draft, or of a version from its stored file."""
    form = FORMATS[format]
    if number is None:
        document = assembly.assemble(description).for_audience(audience)
        edition = assembly.draft_edition(description)
        name = naming.file_name(document.filled().title, edition, form.extension, audience)
        return form.render(document, edition), name
    version = find_version(description, number)
    stored = files.rendered(version=version, format=format, audience=audience)
    edition = files.edition(version)
    name = naming.file_name(stored.title, edition, form.extension, audience)
    with stored.file.open("rb") as file:
        return file.read(), name


def find_version(description: JobDescription, number: int) -> Version:
    """The version of that number; raises CommandError, which names those that exist."""
    numbers = list(description.versions.order_by("number").values_list("number", flat=True))
    if number not in numbers:
        known = f"It has {', '.join(map(str, numbers))}." if numbers else "It has none yet."
        raise CommandError(f"{description.reference} has no version {number}. {known}")
    return description.versions.get(number=number)
