"""Stores what lists show: the title of a version, the newest version of a job description, the
current round of a review, and the title and reference of an effective period."""

from typing import Any

from django.db import migrations, models
from django.db.models import Case, Exists, JSONField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

import roles.models.text_fields
from roles.models import version


def store(apps: Any, schema_editor: Any) -> None:
    """Each value as roles.stored_values counts it."""
    connection = schema_editor.connection
    versions = apps.get_model("roles", "Version").objects
    version.drop_triggers(connection)  # installed again after the last migration
    versions.update(title=KeyTextTransform("title", Cast("text", JSONField())))
    version.install_triggers(connection)
    numbers = versions.order_by().filter(description=OuterRef("pk")).values("description")
    newest = Subquery(numbers.annotate(newest=Max("number")).values("newest"))
    apps.get_model("roles", "JobDescription").objects.update(newest_number=Coalesce(newest, 0))
    rounds = apps.get_model("roles", "Round").objects.filter(review=OuterRef("pk"))
    last = rounds.order_by("-number")
    reviewers = apps.get_model("roles", "Reviewer").objects
    awaited = reviewers.filter(
        Q(user__is_active=True) | Q(user=None) & ~Q(email__endswith=".invalid"),
        review=OuterRef("pk"),
        removal_reason="",
        waiting_since__isnull=False,
        role="approver",
    )
    apps.get_model("roles", "Review").objects.update(
        round_number=Subquery(last.values("number")[:1]),
        version_number=Subquery(last.values("version__number")[:1]),
        title=Subquery(last.values("version__title")[:1]),
        awaits_author=Case(When(Q(state="open") & ~Exists(awaited), then=True), default=False),
        changes_requested_at=_changes_requested_at(apps),
    )
    periods = apps.get_model("roles", "EffectivePeriod").objects
    indexed = apps.get_model("roles", "JobDescriptionIndex").objects
    described = apps.get_model("roles", "JobDescription").objects.filter(pk=OuterRef("description"))
    title = indexed.filter(version=OuterRef("version")).values("title")
    periods.update(
        title=Coalesce(Subquery(title), Value("")),
        reference=Subquery(described.values("reference")),
    )


def _changes_requested_at(apps: Any) -> Subquery:
    rounds, decisions = (
        apps.get_model("roles", name).objects.order_by() for name in ("Round", "Decision")
    )
    newer = rounds.filter(review=OuterRef("round__review"), number__gt=OuterRef("round__number"))
    since = decisions.filter(
        reviewer=OuterRef("reviewer"), round=OuterRef("round"), pk__gt=OuterRef("pk")
    )
    asked = decisions.filter(
        round__review=OuterRef("pk"), kind="ask_for_changes", reviewer__removal_reason=""
    ).exclude(Exists(newer) | Exists(since))
    return Subquery(asked.order_by("-created_at", "-pk").values("created_at")[:1])


def start_job(apps: Any, schema_editor: Any) -> None:
    """It runs for the first time tomorrow; a monitor notices if it doesn't."""
    rows = apps.get_model("roles", "DailyJob").objects
    rows.get_or_create(name="stored_values", defaults={"last_day": timezone.localdate()})


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("roles", "0015_first_run"),
    ]

    operations = [
        migrations.AddField(
            model_name="effectiveperiod",
            name="reference",
            field=models.CharField(default="", editable=False, max_length=16),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="effectiveperiod",
            name="title",
            field=models.TextField(default="", editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="jobdescription",
            name="newest_number",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="review",
            name="awaits_author",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="review",
            name="changes_requested_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="review",
            name="round_number",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="review",
            name="title",
            field=roles.models.text_fields.OneLineTextField(
                default="", editable=False, max_length=150
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="review",
            name="version_number",
            field=models.PositiveIntegerField(default=0, editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="version",
            name="title",
            field=roles.models.text_fields.OneLineTextField(
                default="", editable=False, max_length=150
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="jobdescription",
            name="changed_at",
            field=models.DateTimeField(auto_now=True),
        ),
        migrations.RunPython(store, migrations.RunPython.noop),
        migrations.RunPython(start_job, migrations.RunPython.noop),
    ]
