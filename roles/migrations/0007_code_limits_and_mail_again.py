"""How many codes a seat was sent in a day, and when a mail that failed is tried again."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0006_listing"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="try_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="reviewer",
            name="codes_sent",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
