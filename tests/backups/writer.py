"""Works on an installation until its input is closed: saves versions, downloads files, deletes job
descriptions. To be run as `python -m tests.backups.writer` while it is backed up."""

from __future__ import annotations

import itertools
import os
import sys
import threading

import django


def work(is_over: threading.Event) -> int:
    """Returns the number of versions that were saved."""
    from roles.drafts import lifecycle
    from roles.models import JobDescription, User
    from roles.versions import purge, rendered_files
    from tests import builders

    author = User.objects.create_user(username=f"writer-{os.getpid()}", password=None)
    jd = builders.description(author, "Written during the backup")
    for count in itertools.count(1):
        section = jd.sections.get(kind="responsibilities").uid
        builders.add_line(jd, section, f"Line {count} of {os.getpid()}.", by=author)
        version = builders.version(jd)
        for kind in ("txt", "md"):
            rendered_files.download(version=version, format=kind, audience="restricted", by=author)
        if count == 1:
            print("started", flush=True)
        if count % 10 == 0:
            lifecycle.archive(description=jd, by=author)
            purge.purge(description=JobDescription.objects.get(pk=jd.pk), by=author)
            jd = builders.description(author, "Written during the backup")
        if is_over.is_set():
            return count
    raise AssertionError


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "jdbuilder.settings"
    django.setup()
    is_over = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        is_over.set()

    threading.Thread(target=wait, daemon=True).start()
    print(work(is_over))


if __name__ == "__main__":
    main()
