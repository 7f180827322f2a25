"""The product as documentation starts it, for tests: gunicorn processes and their log."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

PATIENCE = 60  # seconds


class Server:
    """A gunicorn on a port of this machine, with a new SQLite database in the directory. Without
    background work, unless the variables say so."""

    process: subprocess.Popen[bytes]

    def __init__(self, directory: Path, **variables: str) -> None:
        self.log = directory / "log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "DJANGO_SETTINGS_MODULE": "jdbuilder.settings",
            "DEBUG": "0",
            "HTTPS": "0",
            "SECRET_KEY": "for this test, and not a short one",
            "ALLOWED_HOSTS": "jd.example.org",
            "BACKGROUND": "worker",
            "DATA_DIR": str(directory),
            **variables,
        }
        self.manage("migrate", "--verbosity", "0")

    def start(self, workers: int = 1) -> None:
        # As in docs/operations.md.
        command = [sys.executable, "-m", "gunicorn", "jdbuilder.wsgi", "--bind"]
        command += [f"127.0.0.1:{self.port}", "--workers", str(workers), "--threads", "8"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=self.environment, stderr=log, stdout=log
            )

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Returns the status and the text of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": "jd.example.org", **named})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def wait(self) -> None:
        """Waits until it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                self.get("/healthz")
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self.log.read_text())

    def kill(self, worker: int) -> None:
        """Kills one of its processes; gunicorn starts another."""
        os.kill(worker, signal.SIGKILL)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()


@contextmanager
def serving(directory: Path, workers: int = 1, **variables: str) -> Iterator[Server]:
    """A server that answers."""
    server = Server(directory, **variables)
    server.start(workers)
    try:
        server.wait()
        yield server
    finally:
        server.stop()
