"""The text of a draft, for search."""

from __future__ import annotations

from django.db import models

from roles import search_words
from roles.models.draft_row import Line, PlaceholderAnswer
from roles.models.job_description import JobDescription

# The texts of a line, for search.
LINE_TEXTS = ("section__heading", "group", "text", "detail")


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


def store_draft_text(description: JobDescription) -> None:
    """Store the text of the draft again. Called at the end of each action that changes rows."""
    kept = draft_text(description)
    DraftText.objects.bulk_create(
        [kept],
        update_conflicts=True,
        update_fields=["text", "search_text"],
        unique_fields=["description"],
    )


def draft_text(description: JobDescription) -> DraftText:
    """Returns the text of the draft as an unsaved row."""
    lines = Line.objects.filter(description=description).order_by("section__position", "position")
    answers = PlaceholderAnswer.objects.filter(description=description)
    texts = search_words.one_a_line(
        [
            *(text for row in lines.values_list(*LINE_TEXTS) for text in row),
            *answers.values_list("value", flat=True),
        ]
    )
    return DraftText(
        description=description, text=texts, search_text=search_words.search_text(texts)
    )
