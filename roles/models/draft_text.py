"""The text of a draft, for search, and the snippets that it uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db import models

from roles import search_words, text_formatting
from roles.models import search_word, snippet_usage
from roles.models.draft_row import Line, PlaceholderAnswer
from roles.models.job_description import JobDescription

# The snippet, the form and the texts of a line, for search.
OF_LINE = ("revision__snippet_id", "form", "section__heading", "group", "text", "detail")


class DraftText(models.Model):
    """The headings, lines and filled-in values of a draft, one a line, and their words for search
    with those of the reference and titles. Everyone who can see the job description can read all
    of it. `snippets` has the number of lines by id of the snippet."""

    description = models.OneToOneField(
        JobDescription, on_delete=models.CASCADE, primary_key=True, related_name="draft_text"
    )
    text = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    snippets = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.text[:80]


def store_draft_text(
    description: JobDescription, *, reworded: Mapping[str, str] | None = None
) -> int:
    """Store the text of the draft again, and the usage of its snippets. Called at the end of each
    action that changes rows. If the action changed nothing but the texts of lines, `reworded` has
    the new ones by the old ones: then the usage is the same, and isn't read. Returns the number of
    characters of all lines, with their details."""
    snippets, words = ({}, "") if reworded is not None else _stored(description)
    kept, length = draft_text(description)
    DraftText.objects.bulk_create(
        [kept],
        update_conflicts=True,
        update_fields=["text", "search_text", "snippets"],
        unique_fields=["description"],
    )
    if reworded is None:
        snippet_usage.change(snippets, kept.snippets)
        search_word.remember([kept.search_text], known=words)
    for old, new in (reworded or {}).items():
        search_word.remember([search_words.search_text(new)], known=search_words.search_text(old))
    return length


def _stored(description: JobDescription) -> tuple[dict[str, int], str]:
    """Returns the usage of snippets and the words that are stored for the draft."""
    stored = DraftText.objects.filter(pk=description.pk).values_list("snippets", "search_text")
    return stored.first() or ({}, "")


def forget_usage(description: JobDescription) -> None:
    """Stores that the draft, which is about to be deleted, uses no snippets."""
    snippet_usage.change(_stored(description)[0], {})


def draft_text(description: JobDescription) -> tuple[DraftText, int]:
    """Returns the text of the draft as an unsaved row, and the number of characters of all lines,
    with their details."""
    lines = Line.objects.filter(description=description).order_by("section__position", "position")
    answers = PlaceholderAnswer.objects.filter(description=description)
    found: list[str] = []
    snippets: Counter[str] = Counter()
    length = 0
    for snippet, form, heading, group, text, detail in lines.values_list(*OF_LINE):
        length += len(text) + len(detail)
        plain = text_formatting.plain(text) if form == "paragraph" else text
        found += (heading, group, plain, detail)
        snippets.update([str(snippet)] if snippet else [])
    texts = search_words.one_a_line([*found, *answers.values_list("value", flat=True)])
    titles = (description.reference, description.title, *description.similar_titles)
    row = DraftText(
        description=description,
        text=texts,
        search_text=search_words.search_text(*titles, texts),
        snippets=dict(snippets),
    )
    return row, length
