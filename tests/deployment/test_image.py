"""The Dockerfile and compose.yaml keep to the rules for images and containers. bin/clean-root
follows both."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from roles import font_coverage
from tests.deployment import dockerfile

ROOT = Path(settings.BASE_DIR)
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()
INSTRUCTIONS = dockerfile.instructions(DOCKERFILE)
IMAGE = dockerfile.read_image(DOCKERFILE)
SOURCES = [
    source for name, value in INSTRUCTIONS if name == "COPY" for source in value.split()[:-1]
]
SHORT_NAME = re.compile(r"[a-z][a-z-]*:[0-9a-z.-]+")  # without a registry, with a tag


def ignored_by_docker(path: str) -> bool:
    """Whether .dockerignore leaves out a file: the last line that matches it decides."""
    is_ignored = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        parts = [path, *map(str, Path(path).parents), *Path(path).parts]
        if line and not line.startswith("#") and any(fnmatch.fnmatch(p, pattern) for p in parts):
            is_ignored = not line.startswith("!")
    return is_ignored


def service(name: str) -> str:
    """Returns the lines of a service, or of an extension such as x-product."""
    found = re.search(rf"^( *){name}:.*\n((?:\1 +.*\n|\n)+)", COMPOSE, re.MULTILINE)
    assert found, f"compose.yaml has no {name}"
    return found[2]


def test_the_image_runs_as_a_user_without_rights() -> None:
    user, group = map(int, IMAGE.user.split(":"))  # numbers: Kubernetes can check them
    assert user
    assert group
    account = next(value for _name, value in INSTRUCTIONS if "ACCOUNT_ID" in value)
    assert f"ACCOUNT_ID={user} " in account
    # Files of the code are not copied as that user, who can't change them.
    assert "--chown" not in DOCKERFILE


def test_the_health_check_asks_for_healthz() -> None:
    assert IMAGE.health_command[0] == "python"
    assert "'/healthz'" in IMAGE.health_command[-1]


def test_commands_receive_signals_themselves() -> None:
    """Both are lists: a shell would not pass on SIGTERM."""
    assert IMAGE.command[0] == "gunicorn"
    assert "--no-control-socket" in IMAGE.command
    assert not re.findall(r"^ +command: [^\[]", COMPOSE, re.MULTILINE)


def test_the_copied_files_exist_and_are_sent_to_the_builder() -> None:
    assert SOURCES
    assert [source for source in SOURCES if not (ROOT / source).exists()] == []
    assert [source for source in SOURCES if ignored_by_docker(source)] == []


@pytest.mark.parametrize(
    "path",
    [
        *(".env", ".git/HEAD", ".venv/bin/python", "bin/test", "docs/operations.md"),
        *("requirements-dev.lock", "tests/conftest.py", "var/db.sqlite3"),
        "roles/__pycache__/mail.cpython-311.pyc",
    ],
)
def test_what_the_image_does_not_need_stays_outside(path: str) -> None:
    assert ignored_by_docker(path)


def test_packages_are_installed_without_leftovers() -> None:
    [install] = [value for _name, value in INSTRUCTIONS if "deploy/install packages" in value]
    assert install.endswith("&& rm -rf /var/lib/apt/lists/*")
    script = (ROOT / "deploy/install").read_text()
    for option in ("--no-install-recommends", "--no-cache-dir", "--require-hashes"):
        assert option in script


def test_the_script_installs_the_libraries_and_fonts_that_the_documentation_names() -> None:
    script = (ROOT / "deploy/install").read_text()
    libraries = re.search(r'^LIBRARIES="([^"]+)"', script, re.MULTILINE)
    fonts = re.search(r'^FONTS="([^"]+)"', script, re.MULTILINE)
    assert libraries
    assert fonts
    operations = (ROOT / "docs/operations.md").read_text()
    assert [name for name in libraries[1].split() if f"`{name}`" not in operations] == []
    assert f"apt-get install {fonts[1]}\n" in operations
    assert f"WEASYPRINT_PACKAGES=({libraries[1]})" in (ROOT / "bin/_setup.sh").read_text()
    # What the product recommends for a character without a font.
    assert set(font_coverage.packages(["日", "ह", "😀"])) <= set(fonts[1].split())


def test_images_have_a_version_and_no_registry() -> None:
    images = [IMAGE.base, *re.findall(r"^ +image: (.+)$", COMPOSE, re.MULTILINE)]
    assert [image for image in images if not SHORT_NAME.fullmatch(image)] == []
    assert [image for image in images if image.endswith(":latest")] == []


def test_our_image_has_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"image: jd-builder:{version}\n" in service("x-product")


def test_the_containers_of_the_product_are_restricted() -> None:
    shared = service("x-product")
    for line in ("read_only: true", "- ALL", "- no-new-privileges:true", "- /tmp"):
        assert line in shared
    for name in ("prepare", "web", "worker"):
        assert "<<: *product" in service(name)


def test_the_database_is_migrated_once_before_the_others_start() -> None:
    assert "condition: service_healthy" in service("prepare")
    for name in ("web", "worker"):
        assert "condition: service_completed_successfully" in service(name)
    assert COMPOSE.count('"prepare"') == 1


def test_only_the_web_process_is_reached_and_only_from_this_machine() -> None:
    assert re.findall(r'^ +- "?([\d.:]+)"?$', COMPOSE, re.MULTILINE) == ["127.0.0.1:8000:8000"]


def test_data_is_in_named_volumes() -> None:
    declared = re.findall(r"^  (\w+):$", COMPOSE.partition("\nvolumes:\n")[2], re.MULTILINE)
    used = re.findall(r"^ +- (\w+):/", COMPOSE, re.MULTILINE)
    assert sorted(declared) == sorted(used) == ["data", "database"]


def test_a_comment_and_a_continued_line_are_read() -> None:
    text = '# a\nFROM debian:trixie-slim\nRUN one && \\\n    # why\n    two\nENV A="$PATH:x"\n'
    assert dockerfile.instructions(text)[1] == ("RUN", "one && two")
    assert dockerfile.read_image(text).environment["A"].endswith("/bin:x")
