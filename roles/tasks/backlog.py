"""What waits in the background, and for how long: for monitors. Without names and texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from roles.models import DailyJob, Notification
from roles.models.notification import TRIES
from roles.notifications import email_bundles
from roles.tasks import daily_jobs

LATE = timedelta(minutes=30)  # twice as long as email about a review is collected
JOB_LATE = timedelta(hours=2)  # after its hour


@dataclass(frozen=True, slots=True)
class Queue:
    """The number of items that wait, and for how many seconds the oldest has waited. `failed` were
    given up within the last day."""

    waiting: int
    oldest_seconds: int
    failed: int = 0

    @property
    def is_late(self) -> bool:
        return self.oldest_seconds > LATE.total_seconds() or self.failed > 0


@dataclass(frozen=True, slots=True)
class JobState:
    """Until which day a daily job is done, and what is wrong: "", "late" or "problem"."""

    last_day: date
    finished_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class Backlog:
    tasks: Queue
    email: Queue
    daily_jobs: dict[str, JobState]

    @property
    def is_late(self) -> bool:
        """Whether someone should look after the background work."""
        has_trouble = any(job.trouble for job in self.daily_jobs.values())
        return self.tasks.is_late or self.email.is_late or has_trouble


def current() -> Backlog:
    """Returns what waits now. Raises the errors of the database."""
    return Backlog(_tasks(), _email(), _daily_jobs())


def _tasks() -> Queue:
    """Tasks of a lower priority save time where there is some, and no one waits for them."""
    ready = DBTaskResult.objects.ready().filter(priority__gte=0).order_by()
    counted = ready.aggregate(waiting=Count("pk"), oldest=Min("enqueued_at"))
    return Queue(counted["waiting"], _seconds_since(counted["oldest"]))


def _email() -> Queue:
    """Email that is sent at once or every quarter of an hour. A digest is a daily job."""
    now = timezone.now()
    unsent = Notification.objects.filter(email_frequency=email_bundles.IMMEDIATE, emailed_at=None)
    is_waiting = Q(tries__lt=TRIES)
    counted = unsent.order_by().aggregate(
        waiting=Count("pk", filter=is_waiting),
        oldest=Min("created_at", filter=is_waiting),
        failed=Count("pk", filter=Q(tries=TRIES, try_at__gt=now - timedelta(days=1))),
    )
    return Queue(counted["waiting"], _seconds_since(counted["oldest"]), counted["failed"])


def _daily_jobs() -> dict[str, JobState]:
    rows = {row.name: row for row in DailyJob.objects.all()}
    return {
        name: JobState(rows[name].last_day, rows[name].finished_at, _trouble(rows[name], job))
        for name, job in daily_jobs.JOBS.items()
        if name in rows
    }


def _trouble(row: DailyJob, job: daily_jobs.Job) -> str:
    if row.last_day < daily_jobs.latest_day(job, JOB_LATE):
        return "late"
    return "problem" if row.has_problem else ""


def _seconds_since(moment: datetime | None) -> int:
    return max(round((timezone.now() - moment).total_seconds()), 0) if moment else 0
