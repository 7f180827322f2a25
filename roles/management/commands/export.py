"""Exports a job description from a shell: `manage.py export ACC-0001 --version 2`."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from roles import assembly, vocabulary
from roles.document import Document
from roles.editions import Edition, Posting
from roles.exporters import FORMATS, CannotExport, file_names
from roles.models import JobDescription, Version
from roles.quality import unprintable
from roles.versions import rendered_files


class Command(BaseCommand):
    help = "Exports a job description to a file: its draft, or a version."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # --version is the version of the job description, not of Django.
        kwargs["conflict_handler"] = "resolve"
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="such as ACC-0001")
        parser.add_argument(
            "--version", dest="number", type=int, metavar="N", help="a version (default: the draft)"
        )
        parser.add_argument("--format", choices=list(FORMATS), default="pdf")
        parser.add_argument(
            "--audience",
            choices=vocabulary.AUDIENCE_ORDER,
            help="leaves out what this audience can't see (default: restricted, which shows"
            " everything; public for job postings)",
        )
        posting = "with --force, when there is no open vacancy: the posting's "
        parser.add_argument("--posted", metavar="YYYY-MM-DD", help=f"{posting}first day")
        parser.add_argument("--through", metavar="YYYY-MM-DD", help=f"{posting}last day")
        parser.add_argument(
            "--force", action="store_true", help="export a job posting for --posted to --through"
        )
        add_output(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        description = find(options["reference"])
        try:
            content, name = rendered(description, **_wanted(options))
        except CannotExport as error:
            raise CommandError(f"{description.reference}: {error.message}") from error
        if options["format"] in ("pdf", "pdfa"):
            self._warn(description, options["number"], _wanted(options)["audience"])
        write(self, content, options["output"] or name)

    def _warn(self, description: JobDescription, number: int | None, audience: str) -> None:
        """Writes to standard error which characters the PDF can't show."""
        document, _edition = _source(description, number)
        if note := unprintable.export_note(document.for_audience(audience)):
            self.stderr.write(note)


def _wanted(options: dict[str, Any]) -> dict[str, Any]:
    is_posting = FORMATS[options["format"]].needs_posting
    default = "public" if is_posting else "restricted"
    return {
        "number": options["number"],
        "format": options["format"],
        "audience": options["audience"] or default,
        "posting": _posting(options) if is_posting else None,
    }


def _posting(options: dict[str, Any]) -> Posting | None:
    """Returns the vacancy from --posted to --through, or None without --force."""
    if not options["force"]:
        return None
    try:
        first, last = (date.fromisoformat(options[name] or "") for name in ("posted", "through"))
    except ValueError:
        raise CommandError(
            "--force needs both dates: --posted 2026-01-31 --through 2026-03-31."
        ) from None
    if last < first:
        raise CommandError("--through can't be before --posted.")
    return Posting(first, last)


def find(reference: str) -> JobDescription:
    """Returns the job description. Raises CommandError if there is none."""
    found = JobDescription.objects.filter(reference=reference.upper()).first()
    if found is None:
        raise CommandError(f"There is no job description {reference}.")
    return found


def add_output(parser: CommandParser) -> None:
    parser.add_argument("--output", metavar="FILE", help="the file to write; - for standard output")


def write(command: BaseCommand, content: bytes, output: str) -> None:
    """Writes to the file `output`, or to standard output if it is "-". Raises CommandError."""
    if output == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        raise CommandError(f"Cannot write {output}: {error.strerror}.") from error
    command.stdout.write(f"Wrote {output}")


def rendered(
    description: JobDescription,
    *,
    number: int | None,
    format: str,
    audience: str,
    posting: Posting | None = None,
) -> tuple[bytes, str]:
    """Returns the content and file name of the draft or of a version. Uses the version's stored
    file, unless `posting` is given."""
    form = FORMATS[format]
    if number is None or posting is not None:
        document, edition = _source(description, number)
        document = document.for_audience(audience)
        edition = replace(edition, posting=posting or edition.posting)
        name = file_names.file_name(document.filled().title, edition, form.extension, audience)
        return form.render(document, edition), name
    version = find_version(description, number)
    stored = rendered_files.rendered(version=version, format=format, audience=audience)
    edition = rendered_files.edition(version)
    name = file_names.file_name(stored.title, edition, form.extension, audience)
    with stored.file.open("rb") as file:
        return file.read(), name


def _source(description: JobDescription, number: int | None) -> tuple[Document, Edition]:
    """Returns the document of the draft or of a version, and its edition."""
    if number is None:
        return assembly.assemble(description), assembly.draft_edition(description)
    version = find_version(description, number)
    return version.document, rendered_files.edition(version)


def find_version(description: JobDescription, number: int) -> Version:
    """Returns the version. Raises CommandError with the existing numbers if there is none."""
    numbers = list(description.versions.order_by("number").values_list("number", flat=True))
    if number not in numbers:
        known = f"It has {', '.join(map(str, numbers))}." if numbers else "It has none yet."
        raise CommandError(f"{description.reference} has no version {number}. {known}")
    return description.versions.get(number=number)
