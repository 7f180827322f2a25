"""Stores all texts in the form in which they are searched now, their words, and where snippets are
used."""

import json
from collections import Counter, defaultdict
from typing import Any

from django.db import migrations

from roles import search_words, text_formatting
from roles.document import Document
from roles.models.snippet import tag_terms
from roles.versions import description_index

ROWS = 500  # rows written at once


def store_snippets(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("roles", "Snippet")
    families = _ids(model.families.through, "jobfamily_id")
    levels = _ids(model.levels.through, "joblevel_id")
    rows = list(model.objects.only("kind", "text", "detail"))
    for row in rows:
        is_formatted = row.kind == "boilerplate"
        text = text_formatting.plain(row.text) if is_formatted else row.text
        words = search_words.search_text(text, row.detail)
        row.search_text = search_words.with_neighbors(words)
        row.tags = tag_terms(families[row.pk], levels[row.pk])
    model.objects.bulk_update(rows, ["search_text", "tags"], batch_size=ROWS)
    _remember(apps, [row.search_text for row in rows])


def _ids(through: Any, name: str) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for snippet, tag in through.objects.values_list("snippet_id", name):
        found[snippet].append(tag)
    return found


def store_drafts(apps: Any, schema_editor: Any) -> None:
    descriptions = apps.get_model("roles", "JobDescription").objects
    columns = ("pk", "reference", "title", "similar_titles")
    titles = {key: (a, b, *more) for key, a, b, more in descriptions.values_list(*columns)}
    for key, texts in titles.items():
        words = search_words.search_text(*texts)
        descriptions.filter(pk=key).update(search_text=words)
    lines = apps.get_model("roles", "Line").objects.filter(revision__isnull=False)
    uses: dict[int, Counter[str]] = defaultdict(Counter)
    for key, snippet in lines.values_list("description_id", "revision__snippet_id"):
        uses[key][str(snippet)] += 1
    for row in apps.get_model("roles", "DraftText").objects.iterator(ROWS):
        row.search_text = search_words.search_text(*titles[row.pk], row.text)
        row.snippets = dict(uses[row.pk])
        row.save(update_fields=["search_text", "snippets"])
        _remember(apps, [row.search_text])


def store_versions(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("roles", "JobDescriptionIndex").objects
    for row in rows.select_related("version__description").iterator(ROWS):
        document = Document.from_dict(json.loads(row.version.text))
        reference = row.version.description.reference
        _lines, row.search_text = description_index.texts(document, reference)
        row.save(update_fields=["search_text"])
        _remember(apps, [row.search_text])


def store_usage(apps: Any, schema_editor: Any) -> None:
    lines: Counter[str] = Counter()
    descriptions: Counter[str] = Counter()
    for snippets in apps.get_model("roles", "DraftText").objects.values_list("snippets", flat=True):
        lines.update(snippets)
        descriptions.update(snippets.keys())
    template_lines = apps.get_model("roles", "TemplateLine").objects.filter(snippet__isnull=False)
    pairs = set(template_lines.values_list("snippet_id", "section__template_id"))
    templates = Counter(snippet for snippet, _template in pairs)
    rows = list(apps.get_model("roles", "Snippet").objects.only("pk"))
    for row in rows:
        key = str(row.pk)
        row.used_lines, row.used_descriptions = lines[key], descriptions[key]
        row.used_templates = templates[row.pk]
    names = ["used_lines", "used_descriptions", "used_templates"]
    apps.get_model("roles", "Snippet").objects.bulk_update(rows, names, batch_size=ROWS)


def _remember(apps: Any, texts: list[str]) -> None:
    model = apps.get_model("roles", "SearchWord")
    terms = {term for text in texts for term in text.split()}
    words = [term[1:] for term in terms if term[0] == search_words.WHOLE and len(term) > 4]
    rows = [model(text=word) for word in sorted(words) if word.isalpha()]
    model.objects.bulk_create(rows, ignore_conflicts=True, batch_size=ROWS)


class Migration(migrations.Migration):
    dependencies = [("roles", "0019_search_index")]

    operations = [
        migrations.RunPython(step, migrations.RunPython.noop)
        for step in (store_snippets, store_drafts, store_versions, store_usage)
    ]
