"""Generates all rows, in one transaction."""

from __future__ import annotations

import random
from typing import Any

from django.db import transaction

from bench.scale import company_rows, snippet_rows, version_rows
from bench.scale.description_rows import DescriptionBatch
from roles.models import Event, Snippet

BATCH = 250  # job descriptions generated together


def exists() -> bool:
    """Whether this database has generated data."""
    return Snippet.objects.filter(code__startswith=company_rows.CODE).exists()


def generate(*, snippets: int, descriptions: int, seed: int) -> None:
    """Adds this number of snippets and job descriptions to the database."""
    rng = random.Random(seed)  # noqa: S311  # the same data each time
    with transaction.atomic():
        company = company_rows.create_company(rng)
        pool = snippet_rows.create_snippets(rng, company, snippets)
        for first in range(0, descriptions, BATCH):
            batch = DescriptionBatch(rng, company, pool)
            batch.create(min(BATCH, descriptions - first))
            version_rows.create_versions(batch)
        snippet_rows.store_uses()
        counts: dict[str, Any] = {"snippets": snippets, "descriptions": descriptions, "seed": seed}
        Event.objects.record(by=None, verb="scale.made", about="generated data", **counts)
