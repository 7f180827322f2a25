from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0003_effective_and_public"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="tombstone",
            index=models.Index(fields=["sha256"], name="tombstone_sha256"),
        ),
    ]
