"""Stores the values that the catalog is filtered by, each once."""

from typing import Any

from django.db import migrations, models

ROWS = 500  # rows written at once


def store(apps: Any, schema_editor: Any) -> None:
    """The values that each version in the catalog can be filtered by."""
    choices = apps.get_model("roles", "CatalogChoice").objects
    index = apps.get_model("roles", "JobDescriptionIndex")
    through = index.choices.through
    keys: dict[tuple[str, str], int] = {}
    links = []
    columns = ("pk", "family", "level", "department", "work_mode", "locations")
    for pk, family, level, department, mode, places in index.objects.values_list(*columns):
        pairs = {("family", family), ("level", level), ("department", department), ("mode", mode)}
        pairs |= {("location", place) for place in places.strip("\n").split("\n")}
        for name, value in sorted(pair for pair in pairs if pair[1]):
            if (name, value) not in keys:
                keys[name, value] = choices.create(name=name, value=value).pk
            links.append(through(jobdescriptionindex_id=pk, catalogchoice_id=keys[name, value]))
    through.objects.bulk_create(links, ROWS)


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0017_list_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="CatalogChoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=10)),
                ("value", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "value"), name="catalog_choice_unique")
                ],
            },
        ),
        migrations.AddField(
            model_name="jobdescriptionindex",
            name="choices",
            field=models.ManyToManyField(related_name="indexes", to="roles.catalogchoice"),
        ),
        migrations.RunPython(store, migrations.RunPython.noop),
    ]
