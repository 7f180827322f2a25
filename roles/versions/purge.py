"""Permanent deletion of archived job descriptions after a retention date."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from roles import drafts, stored_files
from roles.models import (
    EffectivePeriod,
    Event,
    JobDescription,
    RenderedFile,
    Review,
    RolloutEntry,
    Thread,
    Tombstone,
    User,
    Version,
)
from roles.models.draft_text import forget_usage
from roles.models.event import REST


def purge(*, description: JobDescription, by: User | None) -> int:
    """Permanently delete an archived job description with its draft, versions, and files. Each
    version leaves a tombstone with its hash; events are kept. Returns the number of versions.
    Raises drafts.ActionRefused if it isn't archived."""
    with transaction.atomic():
        locked = JobDescription.objects.lock(description.pk)
        if locked.status != "archived":
            raise drafts.ActionRefused(_("Only archived job descriptions can be purged."))
        versions = list(locked.versions.defer("text"))
        Tombstone.objects.bulk_create(
            Tombstone(
                version_id=version.pk,
                reference=locked.reference,
                number=version.number,
                sha256=version.sha256,
            )
            for version in versions
        )
        files = list(RenderedFile.objects.filter(version__description=locked))
        EffectivePeriod.objects.filter(version__description=locked).delete()
        # Comments quote its text.
        RolloutEntry.objects.filter(description=locked).delete()
        Thread.objects.filter(description=locked).delete()
        Review.objects.filter(description=locked).delete()
        Version.objects.filter(description=locked).delete()
        for chain in (locked.reference, REST):
            Event.objects.record(
                by=by,
                verb="description.purged",
                about=locked,
                chain=chain,
                versions=[version.sha256 for version in versions],
            )
        forget_usage(locked)
        locked.delete()
    with stored_files.removal() as is_possible:
        for file in files if is_possible else ():
            file.file.delete(save=False)
    return len(versions)
