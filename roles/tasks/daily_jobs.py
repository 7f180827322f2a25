"""The jobs of each day: which, at what hour, and the process that does one.

Every process that runs background work looks for them (`background`). Each job has a row with the
day that it was last done for; one process claims it. A job that was missed on several days is done
once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import F
from django.utils import timezone

from roles import leases, stored_values, tasks
from roles.audit import integrity
from roles.models import ChainHead, DailyJob, Event
from roles.notifications import digests, reminders
from roles.tasks import prune

log = logging.getLogger(__name__)

RETRY_MINUTES = (10, 60, 360)  # after the first failure, the second, and each one after that
PROBLEMS_LOGGED = 20


class JobFailed(Exception):  # noqa: N818  # its message goes to the log, without a traceback
    """The job couldn't do all that it had to, and is tried again."""


class _Stopped(Exception):  # noqa: N818  # an outcome, not an error
    """This process must stop."""


class JobResult(NamedTuple):
    """What a job says, without names, and whether someone must act on it."""

    text: str
    has_problem: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A job and the hour after which it runs, in the time zone of the installation. `run` gets a
    function to call after each step."""

    hour: int
    run: Callable[[Callable[[], None]], JobResult]


def run_due() -> None:
    """Runs each job that is due and that no other process works on. Errors of a job are logged, and
    the job is tried again later; errors of the database are raised."""
    rows = _rows()
    for name, job in JOBS.items():
        day, now = latest_day(job), timezone.now()
        row = rows[name]
        if tasks.stopping.is_set() or row.last_day >= day or (row.try_at and row.try_at > now):
            continue
        wait = RETRY_MINUTES[min(row.tries, len(RETRY_MINUTES) - 1)]
        # Whoever was first has changed the row.
        due = DailyJob.objects.filter(pk=row.pk, last_day__lt=day, tries=row.tries)
        # The next attempt is set before this one, because it might kill the process.
        lease = leases.claim(due, tries=F("tries") + 1, try_at=now + timedelta(minutes=wait))
        if lease is not None:
            _run(row, job, day, lease)


def next_due() -> datetime:
    """Returns when the next job is due, or can be tried again."""
    rows = _rows()
    return min(_next(rows[name], job) for name, job in JOBS.items())


def latest_day(job: Job, grace: timedelta = timedelta()) -> date:
    """Returns the last day on which the hour of the job has passed, for this long."""
    now = timezone.localtime() - grace
    return now.date() if now.hour >= job.hour else now.date() - timedelta(days=1)


def hour_of(job: Job, day: date) -> datetime:
    """Returns the time after which the job runs on a day."""
    return timezone.make_aware(datetime.combine(day, time(job.hour)))


def _next(row: DailyJob, job: Job) -> datetime:
    day = latest_day(job)
    if row.last_day >= day:
        return hour_of(job, day + timedelta(days=1))
    return max(row.try_at or timezone.now(), timezone.now())


def _rows() -> dict[str, DailyJob]:
    """Returns the row of each job. A new job runs for the first time at its next hour."""
    rows = {row.name: row for row in DailyJob.objects.all()}
    for name in JOBS.keys() - rows.keys():
        values = {"last_day": latest_day(JOBS[name])}
        rows[name] = DailyJob.objects.get_or_create(name=name, defaults=values)[0]
    return rows


def _run(row: DailyJob, job: Job, day: date, lease: leases.Lease[DailyJob]) -> None:
    try:
        with leases.Heartbeat(lease) as heartbeat:

            def step() -> None:
                heartbeat.renew()
                if tasks.stopping.is_set():
                    raise _Stopped

            result = job.run(step)
    except _Stopped:
        lease.release(tries=row.tries, try_at=None)
    except JobFailed as failure:
        log.error("Daily job %s: %s", row.name, failure)
        lease.release()
    except Exception:
        log.exception("Daily job %s failed", row.name)
        lease.release()
    else:
        log.log(
            logging.ERROR if result.has_problem else logging.INFO,
            "Daily job %s: %s",
            *(row.name, result.text),
        )
        lease.release(
            last_day=day,
            tries=0,
            try_at=None,
            finished_at=timezone.now(),
            result=result.text,
            has_problem=result.has_problem,
        )


def _verify_history(step: Callable[[], None]) -> JobResult:
    count = 0
    for problem in integrity.problems():
        count += 1
        if count <= PROBLEMS_LOGGED:
            log.error("History: %s", problem)
        step()
    if count:
        return JobResult(f"{count} problems found. Run manage.py verify_history.", True)
    events, chains = Event.objects.count(), ChainHead.objects.count()
    return JobResult(f"No problems found: {events} events in {chains} chains.")


def _verify_stored_values(step: Callable[[], None]) -> JobResult:
    wrong = 0
    for name, count in stored_values.verify(step):
        if count:
            log.error("Stored values: %s: %d were wrong", name, count)
        wrong += count
    if wrong:
        return JobResult(f"{wrong} values were wrong. The log says which.", True)
    return JobResult(f"{len(stored_values.STORED_VALUES)} kinds of stored values are right.")


def _prune(step: Callable[[], None]) -> JobResult:
    removed = []
    for name, count in prune.run():
        step()
        if count:
            removed.append(f"{name}: {count}")
    return JobResult(", ".join(removed) or "Nothing to remove.")


def _remind(step: Callable[[], None]) -> JobResult:
    count = 0
    for _reminder in reminders.send_reminders():
        count += 1
        step()
    return JobResult(f"Reminders: {count}")


def _send_digests(step: Callable[[], None]) -> JobResult:
    sent = failed = 0
    for digest in digests.send():
        sent, failed = sent + digest.is_sent, failed + (not digest.is_sent)
        step()
    if failed:
        raise JobFailed(f"{failed} digests could not be sent, {sent} were.")
    return JobResult(f"Digests sent: {sent}")


JOBS: dict[str, Job] = {
    "verify_history": Job(2, _verify_history),
    "stored_values": Job(2, _verify_stored_values),
    "prune": Job(3, _prune),
    "reminders": Job(6, _remind),
    "digests": Job(7, _send_digests),
}
