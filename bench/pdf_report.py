"""The text of docs/benchmarks-pdf.md."""

from __future__ import annotations

from statistics import median

REPORT = """\
# Benchmarks of the PDF

Written by `bin/bench pdf` ({day}); do not edit. One document of two pages, six sections and \
forty bullets, warm, alternately within one run: {repeats} times each after {warm_up} that don't \
count. Times are milliseconds and depend on the machine (here {cores} cores, {machine}, Python \
{python}, load {load:.1f}). Compare the ratios. Chromium stays open and prints the page of the \
format `html` with tags and outline. Typst and ReportLab lay out the same text by hand, without \
the design.

{others}
Requests include session, sign-in, permission, and file, in one process. The background renders \
the file after the version was saved. The stored file alone is read from the disk's cache.

{stored}
Growth with length: milliseconds, and milliseconds for each further bullet.

{growth}
Two workers render {workers:.2f} times as many PDFs as one (median of five). A process uses \
{before:.0f} MiB before its first PDF and {after:.0f} MiB after {many}.
"""


def table(found: dict[str, list[float]], base: str, heading: str) -> str:
    lines = [f"| | median | fastest | {heading} |", "|---|---:|---:|---:|"]
    for name, values in found.items():
        middle = median(values)
        ratio = middle / median(found[base])
        shown = f"{ratio:.2f}" if ratio > 0.05 else f"1/{1 / ratio:,.0f}"
        lines.append(f"| {name} | {middle:.2f} | {min(values):.2f} | {shown} |")
    return "\n".join(lines) + "\n"


def growth_table(found: dict[str, dict[int, list[float]]], base: str, pages: dict[int, int]) -> str:
    """Returns a row for each renderer: the median for each number of bullets, what each bullet
    adds between the shortest and the longest document, and the ratio of that."""
    headings = [f"{bullets} bullets, {_pages(pages[bullets])}" for bullets in pages]
    slopes = {name: _slope(values) for name, values in found.items()}
    lines = [
        f"| | {' | '.join(headings)} | for each bullet | ratio to JD Builder |",
        "|---|" + "---:|" * (len(headings) + 2),
    ]
    for name, values in found.items():
        cells = [f"{median(values[bullets]):.2f}" for bullets in pages]
        cells += [f"{slopes[name]:.3f}", f"{slopes[name] / slopes[base]:.2f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _pages(number: int) -> str:
    return "1 page" if number == 1 else f"{number} pages"


def _slope(values: dict[int, list[float]]) -> float:
    shortest, longest = min(values), max(values)
    return (median(values[longest]) - median(values[shortest])) / (longest - shortest)
