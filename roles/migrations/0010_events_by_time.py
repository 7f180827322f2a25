"""The events of everybody are read newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("roles", "0009_approvals_of_what_held")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["at", "id"], name="event_by_time"),
        ),
    ]
