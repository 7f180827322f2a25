"""Permanent ids for the sections and lines of templates, and their revisions."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import roles.models.section_content
import roles.models.text_fields

BATCH = 500
UID = models.CharField(
    default=roles.models.section_content.new_uid,
    editable=False,
    max_length=32,
    validators=[
        django.core.validators.RegexValidator("\\A[A-Za-z0-9_-]{1,32}\\Z", "This isn’t a valid ID.")
    ],
)


def give_uids(apps, schema_editor):
    """The default is computed once, so existing rows have the same one."""
    for name in ("TemplateSection", "TemplateLine"):
        model = apps.get_model("roles", name)
        rows = list(model.objects.only("pk"))
        for row in rows:
            row.uid = roles.models.section_content.new_uid()
        model.objects.bulk_update(rows, ["uid"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0021_shared_exports"),
    ]

    operations = [
        migrations.AddField(model_name="templatesection", name="uid", field=UID.clone()),
        migrations.AddField(model_name="templateline", name="uid", field=UID.clone()),
        migrations.RunPython(give_uids, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="templatesection",
            constraint=models.UniqueConstraint(
                fields=("template", "uid"), name="template_section_uid_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="templateline",
            constraint=models.UniqueConstraint(
                fields=("section", "uid"), name="template_line_uid_unique"
            ),
        ),
        migrations.CreateModel(
            name="TemplateRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.TextField()),
                ("change", models.CharField(max_length=10)),
                (
                    "about",
                    roles.models.text_fields.OneLineTextField(blank=True, max_length=150),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="roles.template",
                    ),
                ),
            ],
            options={
                "ordering": ["template", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "number"), name="template_revision_number_unique"
                    )
                ],
            },
        ),
    ]
