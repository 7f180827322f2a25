"""The event chains of generated job descriptions."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from bench.scale.description_rows import DescriptionBatch
from bench.scale.sampling import STATEMENT_ROWS
from bench.scale.times import random_time
from roles.models import ChainHead, Decision, EffectivePeriod, Event, JobDescription, User, Version


@dataclass
class Chain:
    """The events of one job description, each a few hours or days after the one before."""

    rng: random.Random
    description: JobDescription
    at: datetime
    events: list[Event] = field(default_factory=list)

    def record(self, verb: str, by: User, about: models.Model, **what: Any) -> None:
        """Adds an event, as Event.objects.record does."""
        names = {"decision": f"decision {about.pk}"}
        self.at = random_time(self.rng, after=self.at) if self.rng.random() < 0.2 else self.at
        self.at += timedelta(minutes=self.rng.randrange(1, 60))
        event = Event(
            chain=self.description.reference,
            number=len(self.events) + 1,
            at=self.at,
            actor=by.username,
            actor_id=by.pk,
            verb=verb,
            about=names.get(str(about._meta.model_name), str(about)[:200]),
            about_id=about.pk,
            what=what,
            previous=self.events[-1].hash if self.events else "",
        )
        event.hash = event.computed_hash()
        self.events.append(event)


def create_events(
    batch: DescriptionBatch,
    versions: Sequence[Sequence[Version]],
    periods: Sequence[EffectivePeriod],
    decisions: Sequence[Decision],
) -> None:
    """Creates the events of the actions that these rows come from: one for each draft and version,
    review and decision, and edits in between."""
    decided: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        decided[decision.round.version_id].append(decision)
    since = {period.version_id: period for period in periods}
    events: list[Event] = []
    heads: list[ChainHead] = []
    for description, own in zip(batch.descriptions, versions, strict=True):
        chain = Chain(batch.rng, description, random_time(batch.rng))
        chain.record(
            "description.started", description.owner, description, template="", copied=False
        )
        _edits(chain)
        for version in own:
            _version(chain, version, decided[version.pk], since.get(version.pk))
            _edits(chain)
        events += chain.events
        last = chain.events[-1]
        heads.append(ChainHead(chain=last.chain, count=last.number, hash=last.hash))
    Event.objects.bulk_create(events, STATEMENT_ROWS)
    ChainHead.objects.bulk_create(heads, STATEMENT_ROWS)


def _edits(chain: Chain) -> None:
    owner = chain.description.owner
    for number in range(chain.rng.randrange(2, 8)):
        chain.record("draft.changed", owner, chain.description, token=number, rows=[])


def _version(
    chain: Chain, version: Version, decisions: Sequence[Decision], period: EffectivePeriod | None
) -> None:
    owner = chain.description.owner
    chain.record(
        "version.saved",
        version.author,
        version,
        number=version.number,
        sha256=version.sha256,
        note=version.note,
        token=1,
    )
    for decision in decisions:
        _decision(chain, decision)
    review = decisions[-1].round.review if decisions else None
    if review is not None and review.state == "approved":
        chain.record(
            "version.approved",
            decisions[-1].by or owner,
            version,
            review=review.pk,
            number=version.number,
            sha256=version.sha256,
            sections={},
        )
    if period is not None:
        day = period.since.isoformat()
        chain.record(
            "version.effective",
            owner,
            version,
            number=version.number,
            since=day,
            supersedes=None,
            withdraws=None,
        )


def _decision(chain: Chain, decision: Decision) -> None:
    assert decision.by is not None  # noqa: S101  # narrows the type
    chain.record(
        "review.decided",
        decision.by,
        decision,
        review=decision.round.review_id,
        kind=decision.kind,
        reviewer=decision.reviewer_id,
        user=decision.by.pk,
        number=decision.round.version.number,
        round=1,
        recorded=False,
        sections={},
        text="",
    )
