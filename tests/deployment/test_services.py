"""The units of systemd, and the file of settings. bin/clean-root starts the units."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.deployment import dockerfile, documented

ROOT = Path(settings.BASE_DIR)
SYSTEMD = ROOT / "deploy/systemd"
OPERATIONS = (ROOT / "docs/operations.md").read_text()
EXAMPLE = (ROOT / "deploy/env.example").read_text()
ASSIGNED = re.compile(r"^#?([A-Z][A-Z_]*)=", re.MULTILINE)
ONLY_COMPOSE = {"POSTGRES_PASSWORD"}


def read_unit(path: Path) -> dict[str, str]:
    """Returns the values by "Section.Name". Raises ValueError for anything else."""
    values, section = {}, ""
    for line in path.read_text().splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
        elif line and not line.startswith("#"):
            name, equals, value = line.partition("=")
            if not (section and equals and re.fullmatch(r"[A-Z]\w+", name)):
                raise ValueError(f"{path.name}: {line}")
            values[f"{section}.{name}"] = value
    return values


def arguments(command: str) -> list[str]:
    """Returns the arguments of gunicorn, without the address and what only a container needs."""
    words = shlex.split(command)
    words = words[next(i for i, word in enumerate(words) if word.endswith("gunicorn")) + 1 :]
    for option in ("--bind", "--worker-tmp-dir"):
        if option in words:
            at = words.index(option)
            del words[at : at + 2]
    return words


COMMON = read_unit(SYSTEMD / "jdbuilder-.service.d/common.conf")
SERVICES = {path.stem: read_unit(path) for path in SYSTEMD.glob("*.service")}


def test_each_service_runs_a_command_of_the_project() -> None:
    assert set(SERVICES) == {"jdbuilder-web", "jdbuilder-worker", "jdbuilder-backup"}
    place = COMMON["Service.WorkingDirectory"]
    for name, unit in SERVICES.items():
        program, *rest = shlex.split(unit["Service.ExecStart"])
        own = program.removeprefix(f"{place}/")
        assert own.startswith(".venv/bin/") or (ROOT / own).exists(), name
        if own == ".venv/bin/python":
            assert (ROOT / rest[0]).exists(), name


def test_services_have_no_rights_that_they_do_not_need() -> None:
    assert COMMON["Service.User"] == "jdbuilder"
    assert COMMON["Service.CapabilityBoundingSet"] == ""
    assert COMMON["Service.ProtectSystem"] == "strict"
    assert COMMON["Service.NoNewPrivileges"] == "yes"
    # The fork server's socket, and the limits that child processes set.
    assert "AF_UNIX" in COMMON["Service.RestrictAddressFamilies"]
    assert "~" not in COMMON["Service.SystemCallFilter"]
    for unit in SERVICES.values():
        assert not {key for key in unit if key.startswith("Service.Protect")}


def test_the_services_use_the_documented_places() -> None:
    for place in ("/srv/jdbuilder", "/etc/jdbuilder.env", "/var/backups/jdbuilder"):
        assert place in documented.chapter(OPERATIONS, "With systemd")
    assert COMMON["Service.EnvironmentFile"] == "/etc/jdbuilder.env"
    assert f"DATA_DIR=/var/lib/{COMMON['Service.StateDirectory']}\n" in EXAMPLE


def test_the_timer_starts_the_backup_every_day() -> None:
    timer = read_unit(SYSTEMD / "jdbuilder-backup.timer")
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d", timer["Timer.OnCalendar"])
    assert timer["Timer.Persistent"] == "yes"


def test_gunicorn_has_the_same_options_everywhere() -> None:
    image = dockerfile.read_image((ROOT / "Dockerfile").read_text())
    [shell] = [
        command
        for command in documented.commands(OPERATIONS, "On other systems")
        if "gunicorn" in command
    ]
    wanted = arguments(SERVICES["jdbuilder-web"]["Service.ExecStart"])
    assert wanted == arguments(shell) == arguments(shlex.join(image.command))
    assert "--threads" in wanted


def test_the_example_names_known_settings_once() -> None:
    names = ASSIGNED.findall(EXAMPLE)
    table = documented.chapter(OPERATIONS, "Configuration")
    known = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) | ONLY_COMPOSE
    assert len(names) == len(set(names))
    assert set(names) <= known
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATA_DIR", "EMAIL_URL"} <= set(names)


def test_compose_asks_only_for_what_the_example_has() -> None:
    compose = (ROOT / "compose.yaml").read_text()
    assert set(re.findall(r"\$\{(\w+)", compose)) == ONLY_COMPOSE


def make_settings(file: Path) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "deploy/make-settings"), str(file)]
    return subprocess.run(command, capture_output=True, text=True)


def test_settings_have_new_secrets_that_others_cannot_read(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        assert make_settings(tmp_path / name).returncode == 0
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
        texts.append((tmp_path / name).read_text())
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        found = [re.search(rf"^{secret}=([A-Za-z0-9]{{50,}})$", t, re.MULTILINE) for t in texts]
        assert all(found)
    assert texts[0] != texts[1]
    assert re.sub(r"(?m)^(SECRET_KEY|POSTGRES_PASSWORD)=.+$", r"\1=", texts[0]) == EXAMPLE


def test_existing_settings_are_kept(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("SECRET_KEY=mine\n")
    result = make_settings(tmp_path / "env")
    assert result.returncode == 1
    assert "exists already" in result.stderr
    assert (tmp_path / "env").read_text() == "SECRET_KEY=mine\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose manage.py writes an empty backup, or fails."""
    (tmp_path / "deploy").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    script = tmp_path / "deploy/backup"
    script.write_bytes((ROOT / "deploy/backup").read_bytes())
    script.chmod(0o755)
    python = tmp_path / ".venv/bin/python"
    python.write_text('#!/bin/sh\n[ ! -e fails ] && [ "$2" = backup ] && touch "$3"\n')
    python.chmod(0o755)
    return tmp_path


def back_up(project: Path, count: int) -> int:
    command = [str(project / "deploy/backup"), str(project / "backups"), str(count)]
    return subprocess.run(command, capture_output=True).returncode


def test_the_newest_backups_are_kept(project: Path) -> None:
    folder = project / "backups"
    folder.mkdir()
    for day in ("01", "02", "03"):
        (folder / f"jdbuilder-2026-01-{day}-000000.zip").touch()
    (folder / "notes.txt").touch()
    assert back_up(project, 2) == 0
    old, new, notes = sorted(path.name for path in folder.iterdir())
    assert old == "jdbuilder-2026-01-03-000000.zip"
    assert new > old
    assert notes == "notes.txt"


def test_a_failed_backup_removes_nothing(project: Path) -> None:
    assert back_up(project, 1) == 0
    [kept] = (project / "backups").iterdir()
    (project / "fails").touch()
    assert back_up(project, 0) == 1
    assert list((project / "backups").iterdir()) == [kept]


def test_the_commands_of_a_chapter_are_read_in_order() -> None:
    steps = "1. Do:\n\n       one\n       two\n\n   And:\n\n       three\n"
    page = f"# A\n\n## B\n\n{steps}\n## C\n\n    four\n"
    assert documented.commands(page, "B") == ["one", "two", "three"]
    with pytest.raises(ValueError, match="no chapter D"):
        documented.commands(page, "D")
