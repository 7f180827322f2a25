"""Adds a large generated organization to the database, for benchmarks:

    python bench/make_scale_data.py --snippets 20000 --descriptions 5000

Use it only on a database for benchmarks.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> None:
    """Raises SystemExit if the arguments, DEBUG, or the database don't allow it."""
    options = parse(arguments)
    django.setup()
    from bench.scale import generate

    if not (settings.DEBUG or options.force):
        raise SystemExit(
            "Generated data is only for development (DEBUG). Use --force to add it anyway."
        )
    if generate.exists():
        raise SystemExit("This database already has generated data.")
    generate.generate(
        snippets=options.snippets, descriptions=options.descriptions, seed=options.seed
    )
    print(f"Added {options.snippets} snippets, {options.descriptions} job descriptions.")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--snippets", type=positive, default=20_000)
    parser.add_argument("--descriptions", type=positive, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--force", action="store_true", help="run even if DEBUG is off")
    return parser.parse_args(arguments)


def positive(text: str) -> int:
    """Returns the number. Raises argparse.ArgumentTypeError, which the parser reports."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")
    main()
