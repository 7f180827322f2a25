"""Adds the kind of sections with a free table."""

from django.db import migrations, models

KINDS = [
    ("facts", "Job details"),
    ("company", "Company"),
    ("summary", "Summary"),
    ("about_role", "About the role"),
    ("objectives", "Objectives"),
    ("responsibilities", "Responsibilities"),
    ("outcomes", "Outcomes"),
    ("skills", "Skills"),
    ("qualifications", "Qualifications"),
    ("conditions", "Working conditions"),
    ("reporting", "Reporting"),
    ("collaborators", "Works with"),
    ("career", "Career path"),
    ("pay", "Pay"),
    ("benefits", "Benefits"),
    ("faq", "Frequently asked questions"),
    ("apply", "How to apply"),
    ("legal", "Legal"),
    ("acknowledgment", "Acknowledgment"),
    ("table", "Table"),
    ("other", "Other"),
]


class Migration(migrations.Migration):
    dependencies = [("roles", "0006_search_texts")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20),
        )
        for model in ("section", "templatesection")
    ]
