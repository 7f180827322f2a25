"""/healthz and /metrics: what monitors are told, and who is told."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from roles import tasks
from roles.models import DailyJob, Notification
from roles.models.notification import TRIES
from roles.versions import prepared_files
from tests import builders
from tests.servers import serving

TOKEN = "a token for monitors"


@pytest.fixture
def waiting(db: None) -> None:
    """A task and an email that wait."""
    review = builders.review(builders.description(), builders.user("manager"))
    author = review.description.owner
    tasks.order_export(by=author, references=[review.description.reference], formats=["txt"])
    assert Notification.objects.count() == 1


def health(client: Client) -> list[str]:
    response = client.get("/healthz")
    assert response.status_code == 200
    return response.text.splitlines()


@pytest.mark.django_db
class TestHealth:
    def test_nothing_waits(self, client: Client) -> None:
        assert health(client) == [
            "ok",
            "Tasks: 0 waiting",
            "Email: 0 waiting",
            "Daily jobs: ok",
        ]

    def test_it_answers_whatever_the_host_name(self, client: Client, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["jd.example.org"]
        for host in ("10.0.0.7:8000", "web", "not a host!"):
            assert client.get("/healthz", headers={"host": host}).status_code == 200
            assert client.get("/sign-in/", headers={"host": host}).status_code == 400

    def test_it_answers_over_plain_http(self, client: Client, settings: Any) -> None:
        settings.SECURE_SSL_REDIRECT = True
        assert client.get("/healthz").status_code == 200
        assert client.get("/sign-in/").status_code == 301

    def test_it_is_not_cached(self, client: Client) -> None:
        assert "no-store" in client.get("/healthz")["Cache-Control"]

    def test_waiting_is_no_problem(self, client: Client, waiting: None) -> None:
        assert health(client)[:3] == [
            "ok",
            "Tasks: 1 waiting, the oldest for 0 minutes",
            "Email: 1 waiting, the oldest for 0 minutes",
        ]

    def test_late_tasks(self, client: Client, waiting: None) -> None:
        DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=45))
        assert health(client)[:2] == ["degraded", "Tasks: 1 waiting, the oldest for 45 minutes"]

    def test_tasks_that_no_one_waits_for_are_never_late(
        self, client: Client, waiting: None
    ) -> None:
        DBTaskResult.objects.update(
            enqueued_at=timezone.now() - timedelta(minutes=45), priority=prepared_files.PRIORITY
        )
        assert health(client)[:2] == ["ok", "Tasks: 0 waiting"]

    def test_late_email_although_the_next_attempt_is_later(
        self, client: Client, waiting: None
    ) -> None:
        now = timezone.now()
        Notification.objects.update(
            created_at=now - timedelta(minutes=45), tries=2, try_at=now + timedelta(hours=1)
        )
        assert health(client)[2] == "Email: 1 waiting, the oldest for 45 minutes"
        assert health(client)[0] == "degraded"

    def test_email_that_was_given_up(self, client: Client, waiting: None) -> None:
        Notification.objects.update(tries=TRIES)
        lines = health(client)
        assert (lines[0], lines[2]) == (
            "degraded",
            "Email: 0 waiting, 1 failed since yesterday",
        )
        Notification.objects.update(try_at=timezone.now() - timedelta(days=2))
        assert health(client)[0] == "ok"

    def test_daily_jobs(self, client: Client) -> None:
        DailyJob.objects.filter(name="verify_history").update(has_problem=True)
        late = timezone.localdate() - timedelta(days=3)
        DailyJob.objects.filter(name="digests").update(last_day=late)
        lines = health(client)
        assert (lines[0], lines[3]) == (
            "degraded",
            "Daily jobs: verify_history reports a problem, digests is late",
        )

    @pytest.mark.parametrize("hour", [0, 1, 2, 3, 6, 7, 8, 9, 12, 23])
    def test_a_job_of_days_ago_is_late_at_any_hour(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, hour: int
    ) -> None:
        now = timezone.localtime().replace(hour=hour, minute=1)
        monkeypatch.setattr(timezone, "now", lambda: now)
        DailyJob.objects.update(last_day=now.date() - timedelta(days=2), has_problem=False)
        assert "digests is late" in health(client)[3]
        DailyJob.objects.update(last_day=now.date())
        assert health(client)[0] == "ok"

    def test_json(self, client: Client, waiting: None) -> None:
        values = client.get("/healthz?format=json").json()
        jobs = values.pop("daily_jobs")
        assert values == {
            "status": "ok",
            "tasks": {"waiting": 1, "oldest_seconds": 0},
            "email": {"waiting": 1, "oldest_seconds": 0, "failed": 0},
        }
        assert set(jobs) == {"verify_history", "stored_values", "prune", "reminders", "digests"}
        assert {job["trouble"] for job in jobs.values()} == {""}

    def test_no_names(self, client: Client, waiting: None) -> None:
        DailyJob.objects.update(result="Ada Lovelace", has_problem=True)
        for address in ("/healthz", "/healthz?format=json"):
            text = client.get(address).text
            assert "Ada" not in text
            assert "ACC-" not in text
            assert "@" not in text

    def test_json_during_an_outage(self, client: Client, monkeypatch: Any) -> None:
        monkeypatch.setattr("roles.outages.FREE_BYTES", 10**18)
        response = client.get("/healthz?format=json")
        assert response.status_code == 503
        assert response.json()["status"] == "unavailable"
        assert "disk is full" in response.json()["reason"]


@pytest.mark.django_db
class TestMetricsAccess:
    def test_there_is_no_page_without_a_token(self, client: Client) -> None:
        headers = {"authorization": "Bearer "}
        assert client.get("/metrics", headers=headers).status_code == 404

    @pytest.mark.parametrize(
        "given",
        [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer é"],
    )
    def test_a_wrong_token(self, client: Client, settings: Any, given: str | None) -> None:
        settings.METRICS_TOKEN = TOKEN
        headers = {} if given is None else {"authorization": given}
        response = client.get("/metrics", headers=headers)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
        assert "jdbuilder_" not in response.text


def values(text: str) -> dict[str, float]:
    """The samples of a page in Prometheus's format."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.slow
def test_metrics_of_two_processes(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2, METRICS_TOKEN=TOKEN) as server:
        ids = set()
        for _ in range(40):
            server.get("/healthz?who=ada")
        for _ in range(5):
            server.get("/robots.txt")
            server.get("/people/7/erase/?name=ada")
        status, text = server.get("/metrics", Authorization=f"Bearer {TOKEN}", Host="10.0.0.7")
        assert status == 200
        directories = [path for path in (tmp_path / "metrics").iterdir() if path.is_dir()]
        assert len(directories) == 1
        for path in directories[0].iterdir():
            ids.add(re.findall(r"\d+", path.name)[0])
        assert len(ids) == 2  # both processes answered
    found = values(text)
    # One more was the first request, which waited for the server.
    counted = 'jdbuilder_requests_total{method="GET",path="/healthz",status="200"}'
    assert found[counted] == 41
    assert found['jdbuilder_request_seconds_count{method="GET",path="/healthz"}'] == 41
    assert found['jdbuilder_queries_total{path="/healthz"}'] > 41
    assert found["jdbuilder_available"] == 1
    assert found["jdbuilder_tasks_waiting"] == found["jdbuilder_email_oldest_seconds"] == 0
    assert found['jdbuilder_daily_job_trouble{job="prune"}'] == 0
    paths = set(re.findall(r'path="([^"]*)"', text))
    assert paths >= {"/healthz", "/robots.txt", "/people/<number:key>/erase/"}
    assert "/people/7" not in text
    assert "ada" not in text


@pytest.mark.slow
def test_a_new_start_counts_from_zero_and_removes_the_files_of_before(tmp_path: Path) -> None:
    left = tmp_path / "metrics" / "elsewhere-1"
    left.mkdir(parents=True)
    left.with_suffix(".lock").touch()
    (left / "counter_1.db").touch()
    for _ in range(2):
        with serving(tmp_path, METRICS_TOKEN=TOKEN) as server:
            server.get("/robots.txt")
            _status, text = server.get("/metrics", Authorization=f"Bearer {TOKEN}")
        counted = 'jdbuilder_requests_total{method="GET",path="/robots.txt",status="200"}'
        assert values(text)[counted] == 1
        directories = [path for path in (tmp_path / "metrics").iterdir() if path.is_dir()]
        assert len(directories) == 1
    assert not left.exists()


@pytest.mark.slow
def test_a_process_that_starts_again_keeps_the_numbers_of_the_others(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2, METRICS_TOKEN=TOKEN) as server:
        for _ in range(20):
            server.get("/robots.txt")
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        first = children.read_text().split()[0]
        server.kill(int(first))
        deadline = time.monotonic() + 30
        while first in children.read_text().split() or len(children.read_text().split()) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        server.wait()
        for _ in range(20):
            server.get("/robots.txt")
        _status, text = server.get("/metrics", Authorization=f"Bearer {TOKEN}")
    counted = 'jdbuilder_requests_total{method="GET",path="/robots.txt",status="200"}'
    assert values(text)[counted] == 40
