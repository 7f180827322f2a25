"""The text of a draft, for search."""

from __future__ import annotations

from django.db import models

from roles import search_words, text_formatting
from roles.models.draft_row import Line, PlaceholderAnswer
from roles.models.job_description import JobDescription

# The form and the texts of a line, for search.
LINE_TEXTS = ("form", "section__heading", "group", "text", "detail")


class DraftText(models.Model):
    """The headings, lines and filled-in values of a draft, one a line, and their words for search.
    Everyone who can see the job description can read all of it."""

    description = models.OneToOneField(
        JobDescription, on_delete=models.CASCADE, primary_key=True, related_name="draft_text"
    )
    text = models.TextField(blank=True)
    search_text = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.text[:80]


def store_draft_text(description: JobDescription) -> int:
    """Store the text of the draft again. Called at the end of each action that changes rows.
    Returns the number of characters of all lines, with their details."""
    kept, length = draft_text(description)
    DraftText.objects.bulk_create(
        [kept],
        update_conflicts=True,
        update_fields=["text", "search_text"],
        unique_fields=["description"],
    )
    return length


def draft_text(description: JobDescription) -> tuple[DraftText, int]:
    """Returns the text of the draft as an unsaved row, and the number of characters of all lines,
    with their details."""
    lines = Line.objects.filter(description=description).order_by("section__position", "position")
    answers = PlaceholderAnswer.objects.filter(description=description)
    found: list[str] = []
    length = 0
    for form, heading, group, text, detail in lines.values_list(*LINE_TEXTS):
        length += len(text) + len(detail)
        plain = text_formatting.plain(text) if form == "paragraph" else text
        found += (heading, group, plain, detail)
    texts = search_words.one_a_line([*found, *answers.values_list("value", flat=True)])
    row = DraftText(
        description=description, text=texts, search_text=search_words.search_text(texts)
    )
    return row, length
