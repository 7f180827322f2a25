"""An index for each sort order that a page offers."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("roles", "0016_list_values"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="bulkexport",
            index=models.Index(fields=["by", "created_at", "id"], name="bulk_export_by_time"),
        ),
        migrations.AddIndex(
            model_name="effectiveperiod",
            index=models.Index(
                django.db.models.functions.text.Lower(
                    models.Func(
                        models.F("title"),
                        output_field=models.TextField(),
                        template="SUBSTR(%(expressions)s, 1, 200)",
                    )
                ),
                models.F("id"),
                name="effective_period_by_title",
            ),
        ),
        migrations.AddIndex(
            model_name="effectiveperiod",
            index=models.Index(fields=["reference", "id"], name="effective_period_by_reference"),
        ),
        migrations.AddIndex(
            model_name="effectiveperiod",
            index=models.Index(
                models.Func(
                    models.F("since"),
                    output_field=models.DateField(),
                    template="COALESCE(%(expressions)s, '0001-01-01')",
                ),
                models.F("id"),
                name="effective_period_by_since",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["actor_id", "at", "id"], name="event_of_actor"),
        ),
        migrations.AddIndex(
            model_name="jobdescription",
            index=models.Index(fields=["changed_at", "id"], name="description_by_change"),
        ),
        migrations.AddIndex(
            model_name="jobdescription",
            index=models.Index(
                django.db.models.functions.text.Lower("title"),
                models.F("id"),
                name="description_by_title",
            ),
        ),
        migrations.AddIndex(
            model_name="jobdescription",
            index=models.Index(fields=["status", "id"], name="description_by_status"),
        ),
        migrations.AddIndex(
            model_name="jobdescription",
            index=models.Index(fields=["owner", "changed_at", "id"], name="description_of_owner"),
        ),
        migrations.AddIndex(
            model_name="jobdescription",
            index=models.Index(fields=["owner", "status"], name="description_count_of_owner"),
        ),
        migrations.AddIndex(
            model_name="jobdescription",
            index=models.Index(fields=["review_by", "id"], name="description_by_review_date"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["user", "created_at", "id"], name="notification_by_time"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["created_at", "id"], name="review_by_time"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["state", "created_at", "id"], name="review_open_by_time"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                models.Func(
                    models.F("due"),
                    output_field=models.DateField(),
                    template="COALESCE(%(expressions)s, '9999-12-31')",
                ),
                models.F("id"),
                name="review_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                models.F("state"),
                models.Func(
                    models.F("due"),
                    output_field=models.DateField(),
                    template="COALESCE(%(expressions)s, '9999-12-31')",
                ),
                models.F("id"),
                name="review_open_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                models.Func(
                    models.F("due"),
                    output_field=models.DateField(),
                    template="COALESCE(%(expressions)s, '0001-01-01')",
                ),
                models.F("id"),
                name="review_by_due_last",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                models.F("state"),
                models.Func(
                    models.F("due"),
                    output_field=models.DateField(),
                    template="COALESCE(%(expressions)s, '0001-01-01')",
                ),
                models.F("id"),
                name="review_open_by_due_last",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                django.db.models.functions.text.Lower("title"),
                models.F("id"),
                name="review_by_title",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                models.F("state"),
                django.db.models.functions.text.Lower("title"),
                models.F("id"),
                name="review_open_by_title",
            ),
        ),
        migrations.AddIndex(
            model_name="reviewer",
            index=models.Index(
                condition=models.Q(("waiting_since__isnull", False)),
                fields=["user", "review"],
                name="reviewer_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="rollout",
            index=models.Index(fields=["created_at", "id"], name="rollout_by_time"),
        ),
        migrations.AddIndex(
            model_name="snippet",
            index=models.Index(
                models.Func(
                    models.F("text"),
                    output_field=models.TextField(),
                    template="SUBSTR(%(expressions)s, 1, 200)",
                ),
                models.F("id"),
                name="snippet_by_text",
            ),
        ),
        migrations.AddIndex(
            model_name="snippet",
            index=models.Index(fields=["changed_at", "id"], name="snippet_by_change"),
        ),
        migrations.AddIndex(
            model_name="snippet",
            index=models.Index(
                fields=["changed_at", "id"],
                condition=models.Q(("edited", True)),
                name="snippet_edited",
            ),
        ),
        migrations.AddIndex(
            model_name="snippet",
            index=models.Index(fields=["status", "changed_at", "id"], name="snippet_by_status"),
        ),
        migrations.AddIndex(
            model_name="snippet",
            index=models.Index(fields=["review_by", "id"], name="snippet_by_review_date"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                django.db.models.functions.text.Lower(
                    models.Func(
                        models.Func(
                            models.F("first_name"),
                            models.F("last_name"),
                            arg_joiner=" || ' ' || ",
                            template="NULLIF(%(expressions)s, ' ')",
                        ),
                        models.F("username"),
                        function="COALESCE",
                        output_field=models.CharField(),
                    )
                ),
                models.F("id"),
                name="user_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(
                models.Func(
                    models.F("last_login"),
                    output_field=models.DateTimeField(),
                    template="COALESCE(%(expressions)s, '0001-01-01 00:00:00')",
                ),
                models.F("id"),
                name="user_by_last_sign_in",
            ),
        ),
    ]
