"""Loads the files of a starter library into the database; can be repeated.

New entries are added. Changed entries are updated (a snippet gets a new revision), unless the
organization edited them. Entries removed from the files stay in the database.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from roles import library
from roles.library import starter_files, starter_selection
from roles.library.job_architecture import (
    LOADED,
    StarterTags,
    load_architecture,
    loaded_before,
    save,
)
from roles.library.starter_files import BadLibrary, StarterEntry
from roles.library.starter_templates import fill_template
from roles.models import (
    Event,
    Organization,
    PayReference,
    Snippet,
    SnippetRevision,
    Template,
    search_word,
)

__all__ = ["BadLibrary", "LoadResult", "families", "load"]

DIRECTORY = Path(settings.BASE_DIR) / "fixtures" / "library"

Loaded = TypeVar("Loaded", Snippet, PayReference, Template)


@dataclass
class LoadResult:
    """Number of entries added, changed, preserved because the organization edited them, and
    unchanged."""

    added: int = 0
    changed: int = 0
    preserved: int = 0
    same: int = 0


def load(directory: Path = DIRECTORY) -> LoadResult:
    """Loads a directory in one transaction, for the families that the organization chose
    (Organization.starter_families), and records one event if anything changed. Raises BadLibrary,
    which names the file and entry, and then changes nothing."""
    files = starter_files.read(directory)
    outcome = LoadResult()
    with transaction.atomic():
        Organization.objects.lock()  # against concurrent loads
        chosen = Organization.objects.the().starter_families
        left_out: frozenset[str] = frozenset()
        if chosen is not None:
            left_out = frozenset({one.name for one in files.families} - set(chosen))
            files = starter_selection.without_families(files, left_out)
        outcome.added, names = load_architecture(files)
        tags = StarterTags.all(left_out)
        _load_snippets(files.snippets, tags, outcome)
        _load_pay_references(files.pay_references, tags, outcome)
        _load_templates(files.templates, tags, outcome)
        names += [entry.name for entry in files.pay_references]
        if outcome.added or outcome.changed:
            Event.objects.record(
                by=None, verb=LOADED, about="starter library", names=names, **asdict(outcome)
            )
    return outcome


def families(directory: Path = DIRECTORY) -> list[tuple[str, str]]:
    """Returns the job families of a directory: code and name. Raises BadLibrary."""
    entries = starter_files.read(directory).families
    return [(entry.name, str(entry.values["name"])) for entry in entries]


# Snippets


def _load_snippets(entries: list[StarterEntry], tags: StarterTags, outcome: LoadResult) -> None:
    known = _known(Snippet, "kind")
    new = []
    for entry in entries:
        row = known.get(entry.name)
        if row is not None and row.kind != entry.kind:
            raise entry.bad(f"this code is already used by a {row.kind}.")
        if row is None:
            snippet = Snippet(code=entry.name, kind=entry.kind)
            new.append((entry, _filled(entry, snippet, tags)))
        elif _wants_change(row, entry, outcome):
            _change_snippet(entry, tags)
    _add_snippets(new, tags)
    outcome.added += len(new)


def _filled(entry: StarterEntry, snippet: Snippet, tags: StarterTags) -> Snippet:
    """Returns the row with the entry's values. Raises BadLibrary."""
    values = entry.values
    for name in ("category", "language", "source", "license"):
        if name in values:
            setattr(snippet, name, values[name])
    if "status" in values and snippet.pk is None:
        snippet.status = values["status"]
    library.set_wording(snippet, values.get("text", ""), values.get("detail", ""))
    library.set_tags(snippet, tags.families_of(entry), tags.levels_of(entry))
    snippet.upstream = entry.digest
    try:
        snippet.clean_fields()
    except ValidationError as error:
        raise entry.refused(error) from error
    for problems in library.wording_errors(snippet).values():
        raise entry.bad(problems[0])
    return snippet


def _add_snippets(new: list[tuple[StarterEntry, Snippet]], tags: StarterTags) -> None:
    rows = Snippet.objects.bulk_create([row for _, row in new])
    SnippetRevision.objects.bulk_create([_revision(row, 1) for row in rows])
    search_word.remember(row.search_text for row in rows)
    families, levels = Snippet.families.through, Snippet.levels.through
    pairs = [(entry, row) for (entry, _), row in zip(new, rows, strict=True)]
    families.objects.bulk_create(
        families(snippet=row, jobfamily=tag)
        for entry, row in pairs
        for tag in tags.families_of(entry)
    )
    levels.objects.bulk_create(
        levels(snippet=row, joblevel=tag) for entry, row in pairs for tag in tags.levels_of(entry)
    )


def _change_snippet(entry: StarterEntry, tags: StarterTags) -> None:
    row = Snippet.objects.select_for_update().get(code=entry.name)
    latest = row.latest()
    _filled(entry, row, tags).save()
    search_word.remember([row.search_text])
    if (row.text, row.detail) != (latest.text, latest.detail):
        _revision(row, latest.number + 1).save()
    row.families.set(tags.families_of(entry))
    row.levels.set(tags.levels_of(entry))


def _revision(row: Snippet, number: int) -> SnippetRevision:
    return SnippetRevision(snippet=row, number=number, text=row.text, detail=row.detail)


# Pay references and templates


def _load_pay_references(
    entries: list[StarterEntry], tags: StarterTags, outcome: LoadResult
) -> None:
    known = _known(PayReference)
    is_missing = any(entry.name not in known for entry in entries)
    removed = loaded_before() - known.keys() if is_missing else set()
    for position, entry in enumerate(entries):
        row = known.get(entry.name)
        if entry.name in removed or (row and not _wants_change(row, entry, outcome)):
            continue
        outcome.added += row is None
        values = dict(entry.values)
        if level := values.get("level"):
            values["level"] = tags.level(entry, level).name  # stored by name
        # Rebuilt, so that a value removed from the file returns to its default.
        fresh = PayReference(pk=row.pk if row else None, position=position, **values)
        fresh._state.adding = row is None
        fresh.upstream = entry.digest
        save(entry, fresh)


def _load_templates(entries: list[StarterEntry], tags: StarterTags, outcome: LoadResult) -> None:
    known = _known(Template)
    snippets: dict[str | None, Snippet] = {}
    for position, entry in enumerate(entries):
        row = known.get(entry.name)
        if row is not None and not _wants_change(row, entry, outcome):
            continue
        outcome.added += row is None
        snippets = snippets or {one.code: one for one in Snippet.objects.exclude(code=None)}
        template = row or Template(code=entry.name, position=position)
        for name in ("title", "role", "description", "language", "position"):
            if name in entry.values:
                setattr(template, name, entry.values[name])
        family, level = entry.values.get("family"), entry.values.get("level")
        template.family = tags.family(entry, family) if family else None
        template.level = tags.level(entry, level) if level else None
        template.upstream = entry.digest
        save(entry, template)
        fill_template(template, entry, snippets)


def _known(model: type[Loaded], *more: str) -> dict[str, Loaded]:
    rows = model._default_manager.exclude(code=None)
    if model is Snippet:
        rows = rows.only("code", "upstream", "edited", *more)
    return {str(row.code): row for row in rows}


def _wants_change(
    row: Snippet | PayReference | Template, entry: StarterEntry, outcome: LoadResult
) -> bool:
    """Whether the row must be updated from the files; counts it in `outcome`. A row without a
    digest belongs to the organization."""
    if row.upstream == entry.digest:
        outcome.same += 1
    elif row.edited or not row.upstream:
        outcome.preserved += 1
    else:
        outcome.changed += 1
        return True
    return False
