"""Pay as people state it: one bound, day and week, several employment types, quarter hours."""

from decimal import Decimal
from typing import Any

import django.core.validators
from django.db import migrations, models

import roles.models.text_fields


def migrate_facts(apps: Any, schema_editor: Any) -> None:
    """Copies the employment type into the list, also in what can be undone, where weekly hours have
    two decimals from now on, as in the database."""
    drafts = apps.get_model("roles", "JobDescription")
    types = drafts.objects.exclude(employment_type="").values_list("employment_type", flat=True)
    for code in types.distinct().order_by():
        drafts.objects.filter(employment_type=code).update(employment_types=[code])
    for change in apps.get_model("roles", "DraftChange").objects.iterator():
        before, after = (_with_new_facts(values) for values in (change.before, change.after))
        if (before, after) != (change.before, change.after):
            change.before, change.after = before, after
            change.save(update_fields=["before", "after"])


def _with_new_facts(values: dict[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if "fact:employment_type" in found:
        code = found.pop("fact:employment_type")
        found["fact:employment_types"] = [code] if code else []
    if hours := found.get("fact:weekly_hours"):
        found["fact:weekly_hours"] = f"{Decimal(hours):.2f}"
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0004_detected_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="jobdescription",
            name="employment_types",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(migrate_facts, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="jobdescription",
            name="employment_type",
        ),
        migrations.AlterField(
            model_name="jobdescription",
            name="weekly_hours",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(168),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="payrange",
            name="currency",
            field=roles.models.text_fields.CurrencyField(default="USD", max_length=3),
        ),
        migrations.AlterField(
            model_name="payrange",
            name="maximum",
            field=roles.models.text_fields.OptionalAmountField(
                blank=True,
                decimal_places=2,
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        ),
        migrations.AlterField(
            model_name="payrange",
            name="minimum",
            field=roles.models.text_fields.OptionalAmountField(
                blank=True,
                decimal_places=2,
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        ),
        migrations.AlterField(
            model_name="payrange",
            name="period",
            field=models.CharField(
                choices=[
                    ("year", "per year"),
                    ("month", "per month"),
                    ("week", "per week"),
                    ("day", "per day"),
                    ("hour", "per hour"),
                ],
                default="year",
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="payreference",
            name="currency",
            field=roles.models.text_fields.CurrencyField(default="USD", max_length=3),
        ),
        migrations.AlterField(
            model_name="payreference",
            name="period",
            field=models.CharField(
                choices=[
                    ("year", "per year"),
                    ("month", "per month"),
                    ("week", "per week"),
                    ("day", "per day"),
                    ("hour", "per hour"),
                ],
                default="year",
                max_length=6,
            ),
        ),
        migrations.AddConstraint(
            model_name="payrange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum__isnull", False), ("maximum__isnull", False), _connector="OR"
                ),
                name="pay_range_has_an_amount",
            ),
        ),
    ]
