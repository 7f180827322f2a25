"""PDFs rendered in the background, so that the first export of a version finds a stored file.

One task for each version that was saved, became current, or was published. Everything that a person
waits for comes first. A task that fails or is lost is not repeated: the first export renders the
file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from roles import bounded_work, wake
from roles.exporters import CannotExport
from roles.models import Version
from roles.versions import rendered_files

log = logging.getLogger(__name__)

FORMAT = "pdf"
PRIORITY = -50  # other tasks have 0, helpers of exports -10
WAITING_LIMIT = 100  # tasks; with more, nothing is rendered in advance


def request(version: Version) -> None:
    """Enqueues the PDFs of the version, in the transaction that gives people a reason to export
    it. Does nothing if too many wait already, or if no process works on them."""
    waiting = DBTaskResult.objects.filter(status="READY", task_path=prepare_files.module_path)
    if waiting.order_by().count() < WAITING_LIMIT:
        prepare_files.enqueue(version.pk)
        wake.task_worker()


@task(priority=PRIORITY)
def prepare_files(version_id: int) -> None:
    """Renders the PDFs of the version (see `prepare`)."""
    prepare(version_id)


def prepare(version_id: int) -> None:
    """Renders the PDFs of a version that are missing. Leaves out a version that was deleted or has
    a successor by now, and one that can't be rendered in the time that a request has."""
    version = Version.objects.select_related("description").filter(pk=version_id).first()
    if version is None:
        return
    audiences = list(_audiences(version))
    try:
        with bounded_work.in_lane("advance"), rendered_files.being_rendered(version):
            for audience in audiences:
                rendered_files.rendered(
                    version=version,
                    format=FORMAT,
                    audience=audience,
                    during_outages=True,
                    has_claim=True,
                )
    except CannotExport as error:
        log.info("version %d was not rendered in advance: %s", version_id, type(error).__name__)


def _audiences(version: Version) -> Iterator[str]:
    """Yields the audiences that will export the version, without those that see the same as one
    before: whoever edits the job description, then readers of the catalog, then the public."""
    description = version.description
    is_newest = not description.versions.filter(number__gt=version.number).exists()
    is_current = description.effective_periods.on(timezone.localdate()).filter(version=version)
    in_catalog = is_current.exists()
    readers = {
        "restricted": is_newest or in_catalog,
        "internal": in_catalog and not description.confidential,
        "public": in_catalog and description.is_public,
    }
    seen = []
    for audience, is_expected in readers.items():
        document = version.document.for_audience(audience)
        if is_expected and document not in seen:
            seen.append(document)
            yield audience
