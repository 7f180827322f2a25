"""Measures one export of many JDs with one worker process and with two, in alternating pairs.

    python bench/export_workers.py --files 200 --pairs 5

It needs an empty database in DATA_DIR or DATABASE_URL, and fills it. Prints a sentence for
docs/benchmarks-pdf.md, and each pair to standard error. `bin/bench pdf` calls it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")
os.environ.setdefault("DEBUG", "1")
os.environ.update(BACKGROUND="worker", EMAIL_URL="dummymail://")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from bench.pdf_documents import document  # noqa: E402
from roles import drafts, tasks, versions  # noqa: E402
from roles.models import BulkExport, RenderedFile, User  # noqa: E402

WARM_UP_FILES = 8
LOOK_SECONDS = 0.02
PATIENCE = 600  # seconds


def fill(count: int) -> list[str]:
    """Saves a version of each of so many JDs. Returns their references."""
    call_command("migrate", verbosity=0)
    author = User.objects.create_superuser("exporter", "exporter@example.org", "not used")
    references = []
    for _ in range(count):
        jd = drafts.start(by=author, title="Account Manager", copy_of=document())
        versions.save(description=jd, by=author, token=jd.edit_token)
        references.append(jd.reference)
    return references


def seconds(references: list[str], processes: int) -> float:
    """Returns how long an export of the newest versions as PDF takes that many warm workers."""
    command = [sys.executable, "manage.py", "work"]
    workers = [subprocess.Popen(command, cwd=ROOT) for _ in range(processes)]  # noqa: S603
    try:
        for _ in range(processes):
            exported(references[: WARM_UP_FILES * processes])
        return exported(references)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()


def exported(references: list[str]) -> float:
    """Exports these JDs, none of which has a stored file. Returns the seconds that it took."""
    RenderedFile.objects.all().delete()
    DBTaskResult.objects.exclude(status="RUNNING").delete()
    by = User.objects.get(username="exporter")
    start = time.perf_counter()
    export = tasks.order_export(
        by=by, references=references, formats=["pdf"], text="newest", wants_email=False
    )
    while BulkExport.objects.unfinished().filter(pk=export.pk).exists():
        if time.perf_counter() - start > PATIENCE:
            raise TimeoutError
        time.sleep(LOOK_SECONDS)
    taken = time.perf_counter() - start
    export.refresh_from_db()
    if export.files.filter(state="made").count() != len(references):
        raise AssertionError("files are missing")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    references = fill(options.files)
    ratios = []
    for _ in range(options.pairs):
        one, two = seconds(references, 1), seconds(references, 2)
        ratios.append(one / two)
        load = os.getloadavg()[0]
        pair = f"one worker {one:.1f} s, two {two:.1f} s, ratio {one / two:.2f}, load {load:.1f}"
        print(pair, file=sys.stderr)
    connections.close_all()
    print(
        f"\nTwo worker processes export {options.files} files {median(ratios):.2f} times as fast as"
        f" one (median of {options.pairs} pairs)."
    )


if __name__ == "__main__":
    main()
