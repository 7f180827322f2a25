"""Adds the settings of the organization. Its profile, which no document used, becomes a statement
in the library, which new company sections start with."""

from typing import Any

import django.core.validators
from django.db import migrations, models

import roles.models.text_fields
from roles import search_words, text_formatting


def store_profile(apps: Any, schema_editor: Any) -> None:
    profile = apps.get_model("roles", "Organization").objects.values_list("profile", flat=True)
    for text in filter(None, map(str.strip, profile)):
        snippet = apps.get_model("roles", "Snippet").objects.create(
            kind="boilerplate",
            category="company",
            status="active",
            text=text,
            search_text=search_words.search_text(text_formatting.plain(text), ""),
            is_statement=True,
            edited=True,
        )
        apps.get_model("roles", "SnippetRevision").objects.create(
            snippet=snippet, number=1, text=text
        )


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0013_daily_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="PayGrade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", roles.models.text_fields.OneLineTextField(max_length=30, unique=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="ResponsibilityCategory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=20, unique=True)),
                ("name", roles.models.text_fields.OneLineTextField(max_length=100)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "responsibility categories",
                "ordering": ["position", "name"],
            },
        ),
        migrations.AddField(
            model_name="joblevel",
            name="track",
            field=models.CharField(
                choices=[("individual", "Individual"), ("people", "People")],
                default="individual",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="hr_adds_to_lists",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="prefix",
            field=models.CharField(
                default="JD",
                max_length=6,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[A-Z]{2,6}\\Z", "Use two to six capital letters."
                    )
                ],
            ),
        ),
        migrations.AddField(
            model_name="snippet",
            name="is_statement",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(store_profile, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="organization",
            name="profile",
        ),
        migrations.AlterField(
            model_name="organization",
            name="apply_to",
            field=roles.models.text_fields.ApplyAddressField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name="organization",
            name="fact_audiences",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="organization",
            name="name",
            field=roles.models.text_fields.OneLineTextField(blank=True, max_length=200),
        ),
    ]
