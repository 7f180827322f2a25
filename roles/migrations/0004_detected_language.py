from django.db import migrations, models


def detect(apps, schema_editor):
    """English was the default, which authors couldn't change."""
    apps.get_model("roles", "JobDescription").objects.filter(language="en").update(language="")


class Migration(migrations.Migration):
    dependencies = [("roles", "0003_facts_and_apply")]

    operations = [
        migrations.AlterField(
            model_name="jobdescription",
            name="language",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
        migrations.RunPython(detect, migrations.RunPython.noop),
    ]
