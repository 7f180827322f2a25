"""Shifts, and how much and how often of physical demands."""

from typing import Any

import django.core.validators
from django.db import migrations, models

NOTHING = {"amount": None, "unit": "", "how_often": ""}


def migrate_undo(apps: Any, schema_editor: Any) -> None:
    """Adds the new fields of lines to what can be undone, which is compared with the draft."""
    for change in apps.get_model("roles", "DraftChange").objects.iterator():
        before, after = (_with_new_fields(values) for values in (change.before, change.after))
        if (before, after) != (change.before, change.after):
            change.before, change.after = before, after
            change.save(update_fields=["before", "after"])


def _with_new_fields(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: NOTHING | row if key.startswith("line:") and row is not None else row
        for key, row in values.items()
    }


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0007_table_section"),
    ]

    operations = [
        migrations.AddField(
            model_name="jobdescription",
            name="shifts",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="line",
            name="amount",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=7,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(99999),
                ],
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="how_often",
            field=models.CharField(
                blank=True,
                choices=[
                    ("never", "Never"),
                    ("occasionally", "Occasionally (up to 1/3 of the day)"),
                    ("frequently", "Frequently (1/3 to 2/3 of the day)"),
                    ("constantly", "Constantly (over 2/3 of the day)"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="unit",
            field=models.CharField(
                blank=True,
                choices=[
                    ("lb", "lb"),
                    ("kg", "kg"),
                    ("hours_shift", "hours per shift"),
                    ("hours_day", "hours per day"),
                    ("hours", "hours at a time"),
                    ("minutes", "minutes at a time"),
                    ("times_hour", "times per hour"),
                    ("times_shift", "times per shift"),
                    ("in", "in"),
                    ("ft", "ft"),
                    ("mi", "mi"),
                    ("cm", "cm"),
                    ("m", "m"),
                    ("km", "km"),
                    ("stairs", "flights of stairs"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="templateline",
            name="amount",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=7,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(99999),
                ],
            ),
        ),
        migrations.AddField(
            model_name="templateline",
            name="how_often",
            field=models.CharField(
                blank=True,
                choices=[
                    ("never", "Never"),
                    ("occasionally", "Occasionally (up to 1/3 of the day)"),
                    ("frequently", "Frequently (1/3 to 2/3 of the day)"),
                    ("constantly", "Constantly (over 2/3 of the day)"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="templateline",
            name="unit",
            field=models.CharField(
                blank=True,
                choices=[
                    ("lb", "lb"),
                    ("kg", "kg"),
                    ("hours_shift", "hours per shift"),
                    ("hours_day", "hours per day"),
                    ("hours", "hours at a time"),
                    ("minutes", "minutes at a time"),
                    ("times_hour", "times per hour"),
                    ("times_shift", "times per shift"),
                    ("in", "in"),
                    ("ft", "ft"),
                    ("mi", "mi"),
                    ("cm", "cm"),
                    ("m", "m"),
                    ("km", "km"),
                    ("stairs", "flights of stairs"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.RunPython(migrate_undo, migrations.RunPython.noop),
    ]
