"""What was made effective before approvals existed counts as approved: whoever made it hold
vouched for it, and the next review asks only about what differs from it. No review stands behind
such an approval, and none is named."""

from __future__ import annotations

from django.db import migrations


def approve(apps, schema_editor):
    Effective = apps.get_model("roles", "Effective")
    Approval = apps.get_model("roles", "Approval")
    versions = Effective.objects.filter(version__approval=None).order_by("version_id")
    Approval.objects.bulk_create(
        (
            Approval(version_id=key)
            for key in versions.values_list("version_id", flat=True).distinct()
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("roles", "0008_submissions_of_guests")]
    operations = [migrations.RunPython(approve, migrations.RunPython.noop)]
