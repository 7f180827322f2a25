"""Versions of generated job descriptions, and effective periods of the current ones."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import timedelta

from django.db import models
from django.utils import timezone

from bench.scale import event_rows, review_rows, words
from bench.scale.description_rows import DescriptionBatch
from bench.scale.sampling import STATEMENT_ROWS
from roles import assembly, document
from roles.models import (
    EffectivePeriod,
    JobDescriptionIndex,
    Line,
    PlaceholderAnswer,
    Section,
    Version,
    VersionUse,
)
from roles.versions import description_index


def create_versions(batch: DescriptionBatch) -> None:
    """Creates the versions of a saved batch, with their reviews and events. `assembly` builds the
    document from the lines of each version; the latest version is equal to the draft."""
    models.prefetch_related_objects(batch.descriptions, "locations")
    models.prefetch_related_objects(batch.sections, "pay_ranges", "pay_references")
    grouped: list[list[Version]] = []
    effective: list[EffectivePeriod] = []
    for rows, count in zip(_rows(batch), batch.version_counts, strict=True):
        of_description = [_version(batch, rows, number) for number in range(1, count + 1)]
        grouped.append(of_description)
        if rows.description.status == "current":
            effective += _effective(batch.rng, of_description)
    versions = [version for of_description in grouped for version in of_description]
    Version.objects.bulk_create(versions, STATEMENT_ROWS)
    indexed = [description_index.build_index(row.version) for row in effective]
    for row, index in zip(effective, indexed, strict=True):
        row.title, row.reference = index.title, row.description.reference
    EffectivePeriod.objects.bulk_create(effective, STATEMENT_ROWS)
    JobDescriptionIndex.objects.bulk_create(indexed, STATEMENT_ROWS)
    description_index.store_choices(indexed)
    VersionUse.objects.bulk_create(_uses(batch, versions), STATEMENT_ROWS)
    decisions = review_rows.create_reviews(batch, grouped, {row.version for row in effective})
    event_rows.create_events(batch, grouped, effective, decisions)


def _rows(batch: DescriptionBatch) -> Iterator[assembly.DraftRows]:
    """Yields the rows of each job description, as assembly.load_rows returns them."""
    sections: dict[int, list[Section]] = defaultdict(list)
    lines: dict[int, list[Line]] = defaultdict(list)
    answers: dict[int | None, list[PlaceholderAnswer]] = defaultdict(list)
    for section in batch.sections:
        sections[section.description_id].append(section)
    for line in batch.lines:
        lines[line.section_id].append(line)
    for answer in batch.answers:
        answers[answer.line_id].append(answer)
    shared = list(PlaceholderAnswer.objects.filter(description=None).order_by("placeholder"))
    organization = batch.company.organization
    for made in batch.descriptions:
        yield assembly.DraftRows(made, sections[made.pk], lines, {}, answers, shared, organization)


def _version(batch: DescriptionBatch, rows: assembly.DraftRows, number: int) -> Version:
    lines = {
        section.pk: [ln for ln in rows.lines[section.pk] if batch.since[ln.uid] <= number]
        for section in rows.sections
    }
    canonical = assembly.assemble(rows.description, replace(rows, lines=lines)).canonical_json()
    return Version(
        description=rows.description,
        number=number,
        note=words.NOTES[0] if number == 1 else batch.rng.choice(words.NOTES),
        text=canonical.decode(),
        title=rows.description.title,
        sha256=document.sha256(canonical),
        brand=asdict(rows.organization.brand()),
        author=batch.rng.choice(batch.company.authors),
    )


def _effective(rng: random.Random, versions: Sequence[Version]) -> list[EffectivePeriod]:
    """Returns the periods: the latest version is current, the previous one was before."""
    since = timezone.localdate() - timedelta(days=rng.randrange(1, 900))
    rows = [
        EffectivePeriod(
            description=versions[-1].description,
            version=versions[-1],
            since=since,
            by=versions[-1].author,
        )
    ]
    for earlier in versions[-2:-1]:
        before = since - timedelta(days=rng.randrange(30, 400))
        rows.append(
            EffectivePeriod(
                description=earlier.description,
                version=earlier,
                since=before,
                until=since,
                by=earlier.author,
            )
        )
    return rows


def _uses(batch: DescriptionBatch, versions: Iterable[Version]) -> list[VersionUse]:
    linked: dict[int, list[Line]] = defaultdict(list)
    for line in batch.lines:
        if line.revision is not None:
            linked[line.description_id].append(line)
    return [
        VersionUse(version=version, line_uid=line.uid, revision=line.revision)
        for version in versions
        for line in linked[version.description_id]
        if batch.since[line.uid] <= version.number
    ]
