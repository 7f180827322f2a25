"""What the list of job descriptions in effect shows: of every version that holds, held or will."""

import json

import django.db.models.deletion
from django.db import migrations, models

from roles import document, folding


def fill(apps, schema_editor):
    """As versioning.listing did when this was written."""
    versions = apps.get_model("roles", "Version").objects.filter(effective__isnull=False)
    listings = apps.get_model("roles", "Listing").objects
    for version in versions.distinct().select_related("description").iterator(chunk_size=200):
        whole = document.Document.from_dict(json.loads(version.text))
        shown = whole.for_audience("internal").filled()
        facts = {fact.name: fact for fact in shown.facts}

        def values(name, facts=facts):
            return facts[name].values if name in facts else ()

        places = facts["locations"].places if "locations" in facts else ()
        lines = [str(place).replace("\n", " ") for place in places]
        listings.create(
            version=version,
            title=shown.title,
            family=next(iter(values("job_family")), ""),
            level=next(iter(values("job_level")), ""),
            department=next(iter(values("department")), ""),
            work_mode=next(iter(values("work_mode")), ""),
            locations="\n".join(["", *lines, ""]) if lines else "",
            search_text=folding.search_text(
                version.description.reference, shown.title, *values("similar_titles")
            ),
        )


class Migration(migrations.Migration):
    dependencies = [("roles", "0005_events_without_names")]

    operations = [
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="roles.version",
                    ),
                ),
                ("title", models.TextField()),
                ("family", models.TextField(blank=True)),
                ("level", models.TextField(blank=True)),
                ("department", models.TextField(blank=True)),
                ("work_mode", models.CharField(blank=True, max_length=10)),
                ("locations", models.TextField(blank=True)),
                ("search_text", models.TextField(blank=True)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
