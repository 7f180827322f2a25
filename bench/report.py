"""Prints the results of bench/run.py as the text of docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.benchmark_sizes import BATCH, LENGTHS, LIST_PAGE, WARM_UP

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SETS = ("starter", "large")
GROWS = 1.3  # ratios above this are bold

INTRODUCTION = """\
# Benchmarks

Written by `bin/bench` ({day}); do not edit. It creates four databases, SQLite and \
PostgreSQL with the starter data and with a large set, which takes about an hour on an idle \
machine. `bin/bench --quick` does the same with a smaller set and fewer repeats, and prints \
the report.

| | starter | large |
|---|---|---|
{rows}

The same job descriptions are in every database: one with 40 lines and many versions, for the \
wizard, the preview, and the PDF, and {page} more for each list, to fill its first page. So a page \
has the same content in both sets. The large set has reviews, notifications, events, and rollouts \
in proportion. It is `bench/make_scale_data.py --snippets {snippets} --descriptions {descriptions}`.

Requests include middleware, session, permissions and templates, in one process without a \
network and with `DEBUG` off. Each is sent {repeats} times after {warm_up} that don't count. \
Times are milliseconds until the last byte. *Cold* is the first request of a fresh process (files \
are in the system's cache), *warm* another version in a process that has rendered one before, \
*cached* a stored file. PostgreSQL runs on the same machine with `fsync` off. Rollouts are the \
actions alone, for {batch} job descriptions of forty lines, in time for a hundred.

**Absolute figures are noisy.** They depend on the machine and its other load (here \
{cores} cores, {machine}, Python {python}, {system}). Compare within one run. The ratio is the \
large set's fastest response over the starter set's, because it suffers least from other load. \
It is about 1 where a page does not depend on the number of rows. Above {grows}, it is bold. The \
number of queries should be the same in both sets, and so should the size of the page (before \
compression).

A *mix* is a list of searches, each sent once: a fifth are the first one or two letters of a word, \
the others one to three words that occur together. Its ratio is between the medians.

SQLite runs with `synchronous=FULL`. In 150 pairs, an autosave took 1.02 times as long as with \
`synchronous=NORMAL` (median), on a disk whose `fsync` is fast.
"""


LENGTHS_TEXT = """\
A job description with all its lines in one section, starter data. The ratio is between the \
medians. Less than 10 is less than proportional.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    for name in ("snippets", "descriptions", "repeats"):
        parser.add_argument(f"--{name}", type=int, required=True)
    options = parser.parse_args()
    found = {
        database: {name: read(options.results / f"{database}-{name}.jsonl") for name in SETS}
        for database in DATABASES
    }
    print(introduction(options, found["sqlite"]))
    for database, label in DATABASES.items():
        print(f"## {label}\n")
        print(table(*(found[database][name] for name in SETS)))
    print("## From {} lines to {}\n".format(*LENGTHS))
    print(LENGTHS_TEXT)
    for database, label in DATABASES.items():
        print(lengths(label, found[database]["starter"]))
    print("## Peak memory of a process after one request to each page, MiB\n")
    print(memory(found))


Results = dict[str, dict[str, Any]]


def read(file: Path) -> Results:
    """Returns the entries by name, in order, with the values of equal names joined."""
    entries: Results = {}
    for line in file.read_text().splitlines():
        entry = json.loads(line)
        merged = entries.setdefault(entry["name"], {**entry, "values": []})
        merged["values"] += entry["values"]
    return entries


def introduction(options: argparse.Namespace, found: dict[str, Results]) -> str:
    counts = defaultdict(list)
    for name in SETS:
        for model, count in found[name]["rows"]["counts"].items():
            counts[model].append(f"{count:,}")
    labels = {"JobDescription": "job descriptions", "Line": "lines of drafts"}
    rows = [
        f"| {labels.get(model, model.lower() + 's')} | {' | '.join(numbers)} |"
        for model, numbers in counts.items()
    ]
    return INTRODUCTION.format(
        day=datetime.now(UTC).date().isoformat(),
        rows="\n".join(rows),
        page=LIST_PAGE,
        batch=BATCH,
        warm_up=WARM_UP,
        cores=os.cpu_count(),
        machine=platform.machine(),
        python=platform.python_version(),
        system=platform.system(),
        grows=GROWS,
        **vars(options),
    )


def table(starter: Results, large: Results) -> str:
    lines = [
        "| | starter: median | 95% | large: median | 95% | ratio | queries: starter | large"
        " | kB: starter | large |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, entry in starter.items():
        if not entry["values"] or entry.get("unit") == "MiB":
            continue
        values = (entry["values"], large[name]["values"])
        times = [f"{pick(v):.1f}" for v in values for pick in (median, high)]
        pick = median if entry.get("is_mix") else min
        ratio = pick(values[1]) / pick(values[0])
        shown = f"**{ratio:.1f}**" if ratio > GROWS else f"{ratio:.1f}"
        rest = [str(found[name].get("queries", "")) for found in (starter, large)]
        rest += [kilobytes(found[name].get("bytes")) for found in (starter, large)]
        lines.append(f"| {name} | {' | '.join(times)} | {shown} | {' | '.join(rest)} |")
    return "\n".join(lines) + "\n"


def kilobytes(size: int | None) -> str:
    return "" if size is None else f"{size / 1000:.0f}"


def lengths(label: str, found: Results) -> str:
    """Returns the table of three wizard responses at both lengths, with their ratio."""
    shorter, longer = LENGTHS
    lines = [f"| {label} | {shorter} lines | {longer} lines | ratio |", "|---|---:|---:|---:|"]
    for name in ("Wizard step", "Autosave", "Preview"):
        short, long = (median(found[f"{name}, {n} lines"]["values"]) for n in LENGTHS)
        lines.append(f"| {name} | {short:.1f} | {long:.1f} | {long / short:.1f} |")
    return "\n".join(lines) + "\n"


def high(values: list[float]) -> float:
    """The 95th percentile: the smallest value that 95% do not exceed."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def memory(found: dict[str, dict[str, Results]]) -> str:
    lines = ["| | started | starter | large |", "|---|---:|---:|---:|"]
    for database, label in DATABASES.items():
        started = found[database]["starter"]["Memory at the start"]["values"][0]
        peaks = [found[database][name]["Memory at its peak"]["values"][0] for name in SETS]
        figures = " | ".join(f"{value:.0f}" for value in (started, *peaks))
        lines.append(f"| {label} | {figures} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
