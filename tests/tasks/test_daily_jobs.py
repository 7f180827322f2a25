"""The schedule of the daily jobs: when each runs, in which process, and what follows errors."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as product
from django.core import mail
from django.utils import timezone

from roles import tasks
from roles.models import DailyJob, Event, Notification, Review, Reviewer
from roles.tasks import background, daily_jobs
from roles.tasks.daily_jobs import Job, JobFailed, JobResult
from tests import builders
from tests.databases import database_url
from tests.servers import Server
from tests.threads import at_once

pytestmark = pytest.mark.django_db

HOURS = {"verify_history": 2, "stored_values": 2, "prune": 3, "reminders": 6, "digests": 7}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Returns a function that sets the time, such as "2026-12-01 06:00", in UTC."""

    def set_time(text: str) -> None:
        now = datetime.fromisoformat(text).replace(tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: now)

    set_time("2026-12-01 12:00")
    return set_time


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, clock: Any) -> list[datetime]:
    """The times at which the only job ran, which is due at six. It's done for November 30."""
    times: list[datetime] = []

    def run(step: Callable[[], None]) -> JobResult:
        times.append(timezone.now())
        step()
        return JobResult("Done.")

    only(monkeypatch, run)
    return times


def only(monkeypatch: pytest.MonkeyPatch, run: Callable[[Callable[[], None]], JobResult]) -> None:
    monkeypatch.setattr(daily_jobs, "JOBS", {"prune": Job(6, run)})
    DailyJob.objects.filter(name="prune").update(last_day=date(2026, 11, 30))


def row() -> DailyJob:
    return DailyJob.objects.get(name="prune")


class TestWhen:
    def test_a_job_runs_once_a_day_after_its_hour(
        self, runs: list[datetime], clock: Callable[[str], None]
    ) -> None:
        for hour in ("01 05:59", "01 06:00", "01 07:00", "02 05:00", "02 23:59"):
            clock(f"2026-12-{hour}")
            daily_jobs.run_due()
        assert [f"{run:%d %H:%M}" for run in runs] == ["01 06:00", "02 23:59"]
        assert (row().last_day, row().result, row().tries) == (date(2026, 12, 2), "Done.", 0)

    def test_missed_days_are_caught_up_once(
        self, runs: list[datetime], clock: Callable[[str], None]
    ) -> None:
        for hour in ("09 04:00", "09 04:01", "09 06:00"):
            clock(f"2026-12-{hour}")
            daily_jobs.run_due()
        assert [f"{run:%d %H:%M}" for run in runs] == ["09 04:00", "09 06:00"]

    def test_the_hour_is_that_of_the_organization(
        self, runs: list[datetime], clock: Callable[[str], None]
    ) -> None:
        with timezone.override("Asia/Kolkata"):  # 5:30 ahead of UTC
            for hour in ("2026-12-01 00:29", "2026-12-01 00:30"):
                clock(hour)
                daily_jobs.run_due()
        assert [f"{run:%H:%M}" for run in runs] == ["00:30"]

    @pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
    def test_a_night_in_which_the_clock_changes(
        self, monkeypatch: pytest.MonkeyPatch, clock: Callable[[str], None], night: str
    ) -> None:
        """At two, which is no time or two times then."""
        times = []

        def run(step: Callable[[], None]) -> JobResult:
            times.append(timezone.now())
            return JobResult("")

        monkeypatch.setattr(daily_jobs, "JOBS", {"prune": Job(2, run)})
        DailyJob.objects.update(last_day=date.fromisoformat(night) - timedelta(days=1))
        with timezone.override("Europe/Berlin"):
            for number in range(6):
                clock(f"{night} 0{number}:05")
                daily_jobs.run_due()
                assert daily_jobs.next_due() > timezone.now()
        assert len(times) == 1

    def test_the_next_one(self, runs: list[datetime], clock: Callable[[str], None]) -> None:
        clock("2026-12-01 05:00")
        assert f"{daily_jobs.next_due():%d %H:%M}" == "01 06:00"
        clock("2026-12-01 08:00")
        assert daily_jobs.next_due() == timezone.now()
        daily_jobs.run_due()
        assert f"{daily_jobs.next_due():%d %H:%M}" == "02 06:00"

    def test_a_new_job_starts_at_its_next_hour(
        self, runs: list[datetime], clock: Callable[[str], None]
    ) -> None:
        DailyJob.objects.all().delete()
        clock("2026-12-01 08:00")
        daily_jobs.run_due()
        assert not runs
        clock("2026-12-02 06:00")
        daily_jobs.run_due()
        assert len(runs) == 1

    def test_the_rows_of_a_new_installation_are_there(self) -> None:
        """Else no monitor would notice that nothing runs them."""
        assert {row.name for row in DailyJob.objects.all()} == set(daily_jobs.JOBS) == set(HOURS)
        assert {name: job.hour for name, job in daily_jobs.JOBS.items()} == HOURS


class TestErrors:
    def test_a_failed_job_is_retried_less_and_less_often(
        self,
        monkeypatch: pytest.MonkeyPatch,
        clock: Callable[[str], None],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        times: list[str] = []

        def fail(step: Callable[[], None]) -> JobResult:
            times.append(f"{timezone.now():%d %H:%M}")
            raise RuntimeError

        only(monkeypatch, fail)
        start = datetime(2026, 12, 1, 6)
        for minutes in range(0, 24 * 60, 5):
            clock(str(start + timedelta(minutes=minutes)))
            daily_jobs.run_due()
        assert times == ["01 06:00", "01 06:10", "01 07:10", "01 13:10", "01 19:10", "02 01:10"]
        assert len(caplog.records) == len(times)
        assert row().last_day == date(2026, 11, 30)

    def test_a_success_after_errors(
        self, monkeypatch: pytest.MonkeyPatch, clock: Callable[[str], None]
    ) -> None:
        outcomes: list[Any] = [JobFailed("No."), OSError(), JobResult("Yes.", True)]

        def run(step: Callable[[], None]) -> JobResult:
            outcome = outcomes.pop(0)
            if isinstance(outcome, Exception):
                raise outcome
            assert isinstance(outcome, JobResult)
            return outcome

        only(monkeypatch, run)
        for hour in ("06:00", "06:10", "07:10"):
            clock(f"2026-12-01 {hour}")
            daily_jobs.run_due()
        assert (row().result, row().has_problem, row().tries, row().try_at) == (
            *("Yes.", True),
            *(0, None),
        )

    def test_one_that_fails_does_not_stop_the_others(
        self, monkeypatch: pytest.MonkeyPatch, clock: Any
    ) -> None:
        def fail(step: Callable[[], None]) -> JobResult:
            raise RuntimeError

        jobs = {"prune": Job(1, fail), "digests": Job(1, lambda step: JobResult("Done."))}
        monkeypatch.setattr(daily_jobs, "JOBS", jobs)
        DailyJob.objects.update(last_day=date(2026, 11, 30))
        daily_jobs.run_due()
        assert DailyJob.objects.get(name="digests").result == "Done."

    def test_a_process_that_must_stop_gives_the_job_back(
        self, monkeypatch: pytest.MonkeyPatch, clock: Any
    ) -> None:
        monkeypatch.setattr(tasks, "stopping", threading.Event())

        def run(step: Callable[[], None]) -> JobResult:
            tasks.stopping.set()
            step()
            raise AssertionError("it goes on")

        only(monkeypatch, run)
        daily_jobs.run_due()
        assert (row().lease, row().tries, row().try_at) == ("", 0, None)
        assert row().last_day == date(2026, 11, 30)

    def test_background_work_waits_longer_after_each_error(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A database that is gone for an hour doesn't fill the log."""
        waits: list[float] = []

        class Stopping(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                waits.append(timeout or 0)
                if len(waits) == 9:
                    self.set()
                return self.is_set()

        def fail() -> bool:
            if len(waits) < 8:
                raise OSError
            return True

        monkeypatch.setattr(tasks, "stopping", Stopping())
        background.run(fail, lambda is_unfinished: False)
        assert waits == [2, 4, 8, 16, 32, 60, 60, 60, 1]


@pytest.mark.django_db(transaction=True)
class TestProcesses:
    def test_one_process_does_a_job(self, runs: list[datetime]) -> None:
        outcomes = at_once(*[daily_jobs.run_due] * 4)
        assert outcomes == [None] * 4
        assert len(runs) == 1

    def test_the_job_of_a_killed_process_is_done_by_another(
        self, runs: list[datetime], clock: Callable[[str], None]
    ) -> None:
        """After the lease and the time of the next attempt, which was set before."""
        DailyJob.objects.filter(name="prune").update(
            lease="killed",
            lease_expires_at=timezone.now() + timedelta(seconds=60),
            tries=1,
            try_at=timezone.now() + timedelta(minutes=10),
        )
        for hour in ("12:00:30", "12:05", "12:10"):
            clock(f"2026-12-01 {hour}")
            daily_jobs.run_due()
        assert [f"{run:%H:%M}" for run in runs] == ["12:10"]

    @pytest.mark.slow
    def test_two_workers(self, tmp_path: Path) -> None:
        """Real processes: each job once, on either database."""
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(tmp_path),
        }
        DailyJob.objects.update(last_day=date(2026, 1, 1))
        command = [sys.executable, "manage.py", "work", "--once"]
        workers = [
            subprocess.Popen(
                command, cwd=product.BASE_DIR, env=environment, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        log = "".join(worker.communicate(timeout=120)[1] for worker in workers)
        assert [worker.returncode for worker in workers] == [0, 0]
        assert {name: log.count(f"Daily job {name}: ") for name in HOURS} == dict.fromkeys(HOURS, 1)
        assert not DailyJob.objects.filter(last_day=date(2026, 1, 1)).exists()


class TestWeb:
    """BACKGROUND=web: the process wakes up without a request."""

    @pytest.fixture
    def wake_times(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
        settings.BACKGROUND = "web"
        times: list[datetime] = []
        monkeypatch.setattr(background._daily, "wake_at", times.append)
        return times

    def test_it_wakes_for_the_next_job(
        self, runs: list[datetime], clock: Callable[[str], None], wake_times: list[datetime]
    ) -> None:
        clock("2026-12-01 05:55")
        assert background.run_daily_jobs() is False
        assert not runs
        assert [f"{time:%H:%M}" for time in wake_times] == ["06:00"]

    def test_it_never_sleeps_for_long(
        self, runs: list[datetime], clock: Callable[[str], None], wake_times: list[datetime]
    ) -> None:
        """Timers stop while a machine sleeps."""
        clock("2026-12-01 12:00")
        background.run_daily_jobs()
        assert len(runs) == 1
        assert [f"{time:%H:%M}" for time in wake_times] == ["12:15"]

    @pytest.mark.slow
    def test_a_server_without_a_request(self, tmp_path: Path) -> None:
        """Two processes of gunicorn, which do each job once after they start."""
        server = Server(tmp_path, BACKGROUND="web")
        long_ago = "from roles.models import *; DailyJob.objects.update(last_day='2026-01-01')"
        server.manage("shell", "--command", long_ago)
        server.start(workers=2)
        try:
            deadline = time.monotonic() + 120
            while server.log.read_text().count("Daily job ") < len(HOURS):
                assert time.monotonic() < deadline
                time.sleep(0.1)
        finally:
            server.stop()
        log = server.log.read_text()
        assert {name: log.count(f"Daily job {name}: ") for name in HOURS} == dict.fromkeys(HOURS, 1)
        assert "jdbuilder.logs" not in log


class TestJobs:
    """What the real ones do."""

    def run(self, name: str) -> JobResult:
        return daily_jobs.JOBS[name].run(lambda: None)

    def test_the_history_is_verified(self) -> None:
        builders.version(builders.description())
        assert not self.run("verify_history").has_problem
        Event.objects.filter(number=1).update(verb="forged")
        result = self.run("verify_history")
        assert result.has_problem
        assert "Run manage.py verify_history." in result.text

    def test_reminders_are_sent(self) -> None:
        review = builders.review(builders.description(), builders.user("manager"))
        yesterday = timezone.localdate() - timedelta(days=1)
        Review.objects.update(due=yesterday)
        Reviewer.objects.update(waiting_since=timezone.now() - timedelta(days=9))
        assert self.run("reminders").text == "Reminders: 2"
        assert review.notifications.filter(verb="review.overdue").exists()
        assert self.run("reminders").text == "Reminders: 0"

    def test_digests_are_sent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        builders.review(builders.description(), builders.user("manager", email_frequency="daily"))
        monkeypatch.setattr("roles.mail.post", lambda *_values: False)
        with pytest.raises(JobFailed):
            self.run("digests")
        monkeypatch.undo()
        Notification.objects.update(try_at=timezone.now())
        mail.outbox.clear()
        assert self.run("digests").text == "Digests sent: 1"
        assert len(mail.outbox) == 1

    def test_what_prune_removed(self) -> None:
        assert self.run("prune").text == "Nothing to remove."
