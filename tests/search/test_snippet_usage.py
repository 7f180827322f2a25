"""Where snippets are used is stored with them, and always what counting again would find."""

from __future__ import annotations

import random

import pytest

from roles import drafts, stored_values
from roles.drafts import changes, lifecycle, undo
from roles.models import JobDescription, Snippet
from roles.versions import purge
from tests import builders

pytestmark = pytest.mark.django_db

NAMES = ("used_lines", "used_descriptions", "used_templates")


def wrong_values() -> list[str]:
    """Returns the names of stored values that were wrong, and repairs them."""
    return [name for name, count in stored_values.verify() if count]


def usage(snippet: Snippet) -> tuple[int, ...]:
    return tuple(Snippet.objects.values_list(*NAMES).get(pk=snippet.pk))


@pytest.mark.both_databases
def test_lines_job_descriptions_and_templates() -> None:
    snippet = builders.snippet()
    first, second = builders.description(), builders.description()
    builders.use(first, snippet)
    builders.use(first, snippet)
    builders.use(second, snippet)
    assert usage(snippet) == (3, 2, 0)
    lifecycle.delete_draft(description=JobDescription.objects.get(pk=second.pk), by=first.owner)
    assert usage(snippet) == (2, 1, 0)
    assert wrong_values() == []


@pytest.mark.slow
@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(3))
def test_stored_equals_counted_after_random_actions(seed: int) -> None:
    rng = random.Random(seed)
    snippets = [builders.snippet(f"Plan {number}.") for number in range(4)]
    owner = builders.user()
    jds = [builders.description(owner) for _number in range(3)]

    def add() -> None:
        builders.use(rng.choice(jds), rng.choice(snippets))

    def remove() -> None:
        jd = JobDescription.objects.get(pk=rng.choice(jds).pk)
        line = jd.lines.order_by("?").first()
        if line is not None:
            builders.change(jd, changes.RemoveLine(line.uid), token=jd.edit_token)

    def take_back() -> None:
        jd = JobDescription.objects.get(pk=rng.choice(jds).pk)
        if jd.changes.exists():
            undo.undo(description=jd, by=owner)

    def start_again() -> None:
        old = jds.pop(rng.randrange(len(jds)))
        version = builders.version(JobDescription.objects.get(pk=old.pk))
        lifecycle.archive(description=JobDescription.objects.get(pk=old.pk), by=owner)
        jds.append(drafts.start(by=owner, title="Copied", copy_of=version.document))
        purge.purge(description=JobDescription.objects.get(pk=old.pk), by=owner)

    for _step in range(25):
        rng.choices((add, remove, take_back, start_again), (5, 2, 2, 1))[0]()
    add()
    assert wrong_values() == []
    assert sum(usage(snippet)[0] for snippet in snippets) > 0


def test_wrong_numbers_are_repaired() -> None:
    snippet = builders.snippet()
    builders.use(builders.description(), snippet)
    Snippet.objects.update(used_lines=7, used_templates=1)
    assert wrong_values() == ["lines of snippets", "templates of snippets"]
    assert usage(snippet) == (1, 1, 0)


def test_templates_count(starter_library: None) -> None:
    assert wrong_values() == []
    assert Snippet.objects.filter(used_templates__gt=0).exists()
