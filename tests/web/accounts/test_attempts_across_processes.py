"""Limits of attempts hold across the processes of gunicorn, also when many attempts come at once.
Real processes, on both databases."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as product

from tests import builders
from tests.databases import database_url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PROCESSES = 2
PATIENCE = 60  # seconds


@pytest.fixture
def addresses(transactional_db: None, tmp_path: Path) -> Iterator[list[str]]:
    """The addresses of two processes of the site, each with threads."""
    started, found = [], []
    for number in range(PROCESSES):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(tmp_path / str(number)),
            "BACKGROUND": "worker",
        }
        command = [
            *(sys.executable, "-m", "gunicorn", "jdbuilder.wsgi", "--no-control-socket"),
            *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8"),
        ]
        started.append(subprocess.Popen(command, cwd=product.BASE_DIR, env=environment))
        found.append(f"http://127.0.0.1:{port}")
    try:
        for address in found:
            _wait_for(address)
        yield found
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=PATIENCE)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            requests.get(f"{address}/healthz", timeout=5)
            return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError("the site doesn't answer")


def attempt(address: str, login: str, password: str) -> str:
    """Enter a password; return what the page says."""
    session = requests.Session()
    page = session.get(f"{address}/sign-in/", timeout=30).text
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
    assert token
    data = {"login": login, "password": password, "csrfmiddlewaretoken": token[1]}
    response = session.post(f"{address}/sign-in/", data, timeout=60, allow_redirects=False)
    if response.status_code == 302:
        return "in"
    return "too many" if "Too many failed attempts" in response.text else "incorrect"


def test_attempts_at_one_account(addresses: list[str]) -> None:
    """Twenty guesses at once, half at each process: five are looked at. The right password is
    refused then, by both."""
    builders.user("hr", username="ada")
    with ThreadPoolExecutor(8) as pool:
        guesses = [(addresses[number % 2], "ada", f"guess {number}") for number in range(20)]
        answers: Counter[str] = Counter(pool.map(lambda one: attempt(*one), guesses))
    assert answers["incorrect"] <= 5
    assert answers["incorrect"] + answers["too many"] == 20
    assert {attempt(one, "ada", builders.PASSWORD) for one in addresses} == {"too many"}


def test_attempts_one_after_the_other(addresses: list[str]) -> None:
    builders.user("hr", username="ada")
    builders.user("hr", username="grace")
    answers: list[Any] = [
        attempt(addresses[number % 2], "ada", f"guess {number}") for number in range(7)
    ]
    assert answers == ["incorrect"] * 5 + ["too many"] * 2
    assert attempt(addresses[1], "grace", builders.PASSWORD) == "in"
