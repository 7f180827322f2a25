"""Stores the texts of drafts and current versions for search, and all words again in the form in
which they are searched now."""

import json
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from roles import search_words
from roles.document import Document
from roles.versions import description_index

ROWS = 500  # rows written at once


def store_words(apps: Any, schema_editor: Any) -> None:
    descriptions = apps.get_model("roles", "JobDescription").objects.order_by("pk")
    _update(
        descriptions.only("reference", "title", "similar_titles"),
        lambda row: (row.reference, row.title, *row.similar_titles),
    )
    _update(
        apps.get_model("roles", "Snippet").objects.only("text", "detail"),
        lambda row: (row.text, row.detail),
    )


def _update(rows: Any, texts_of: Any) -> None:
    changed = list(rows)
    for row in changed:
        row.search_text = search_words.search_text(*texts_of(row))
    rows.model.objects.bulk_update(changed, ["search_text"], batch_size=ROWS)


def store_drafts(apps: Any, schema_editor: Any) -> None:
    draft_texts = apps.get_model("roles", "DraftText").objects
    lines = apps.get_model("roles", "Line").objects
    answers = apps.get_model("roles", "PlaceholderAnswer").objects
    for key in apps.get_model("roles", "JobDescription").objects.values_list("pk", flat=True):
        of_draft = lines.filter(description=key).order_by("section__position", "position")
        texts = search_words.one_a_line(
            [
                *(text for row in of_draft.values_list(*LINE_TEXTS) for text in row),
                *answers.filter(description=key).values_list("value", flat=True),
            ]
        )
        words = search_words.search_text(texts)
        draft_texts.create(description_id=key, text=texts, search_text=words)


LINE_TEXTS = ("section__heading", "group", "text", "detail")


def store_versions(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("roles", "JobDescriptionIndex").objects
    for row in rows.select_related("version__description").iterator(ROWS):
        document = Document.from_dict(json.loads(row.version.text))
        reference = row.version.description.reference
        row.text, row.search_text = description_index.texts(document, reference)
        row.save(update_fields=["text", "search_text"])


class Migration(migrations.Migration):
    dependencies = [("roles", "0005_pay")]

    operations = [
        migrations.CreateModel(
            name="DraftText",
            fields=[
                (
                    "description",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="draft_text",
                        serialize=False,
                        to="roles.jobdescription",
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("search_text", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="jobdescriptionindex",
            name="text",
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(store_words, migrations.RunPython.noop),
        migrations.RunPython(store_drafts, migrations.RunPython.noop),
        migrations.RunPython(store_versions, migrations.RunPython.noop),
    ]
