from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("roles", "0005_bulk_exports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="renderedfile",
            index=models.Index(fields=["digest"], name="rendered_file_digest"),
        ),
    ]
