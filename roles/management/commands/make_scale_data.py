"""A large, made-up organization for benchmarks: snippets, job descriptions and versions.

Rows are made in bulk, past the deeds, and are what the deeds would have left. The same seed
on the same database gives the same texts. Job descriptions made here begin their chain of
events with the first deed done to them; one event tells that the whole was made.
"""

from __future__ import annotations

import random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from roles.management.commands import _scale_descriptions as descriptions
from roles.management.commands import _scale_library as library
from roles.models import Event, Snippet

AT_ONCE = 250  # job descriptions made together


class Command(BaseCommand):
    help = "Makes a large organization for benchmarks. Never for a database that matters."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--snippets", type=int, default=20_000)
        parser.add_argument("--descriptions", type=int, default=5_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--force", action="store_true", help="also where DEBUG is off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or options["force"]):
            raise CommandError("Made-up data is for development (DEBUG); --force makes it here.")
        if min(options["snippets"], options["descriptions"]) < 1:
            raise CommandError("At least one snippet and one job description are needed.")
        if Snippet.objects.filter(code__startswith=library.CODE).exists():
            raise CommandError("This database has made-up data already.")
        rng = random.Random(options["seed"])  # noqa: S311  # the same data each time
        with transaction.atomic():
            company = library.make_company(rng)
            texts = library.make_library(rng, company, options["snippets"])
            for first in range(0, options["descriptions"], AT_ONCE):
                count = min(AT_ONCE, options["descriptions"] - first)
                descriptions.Batch(rng, company, texts).make(count)
            counts = {name: options[name] for name in ("snippets", "descriptions", "seed")}
            Event.objects.record(by=None, verb="scale.made", about="made-up data", **counts)
        self.stdout.write("Made {snippets} snippets, {descriptions} descriptions.".format(**counts))
