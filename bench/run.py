"""Measures one database, in process and signed in, through Django's test client.

bin/bench calls it: `build` makes the job descriptions that are measured, the same in every
database; `memory`, `cold` and `pages` append what they find to a file of JSON lines.
"""

from __future__ import annotations

import time

START = time.perf_counter()  # before the imports: a cold start pays for them

import argparse  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from decimal import Decimal  # noqa: E402
from functools import partial  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from roles import drafts, library, versions  # noqa: E402
from roles.drafts import changes  # noqa: E402
from roles.models import (  # noqa: E402
    Approval,
    JobDescription,
    JobFamily,
    JobLevel,
    Line,
    Review,
    Snippet,
    Template,
    User,
    Version,
)
from roles.reviews import requests, review_access  # noqa: E402
from roles.reviews.assignments import ReviewerRequest  # noqa: E402
from roles.rollouts import apply_rollout, batch_approval  # noqa: E402
from roles.web.shared import wizard_steps  # noqa: E402
from roles.web.wizard import row_fields  # noqa: E402

AUTHOR = "author1"
APPROVER = "curator1"
TITLE = "Account manager, benchmark"
LENGTHS = (40, 400)  # lines of one section, the second the most that a job description may hold
LENGTH_TITLE = "Account manager, {} lines"
LIST_TITLE = "Account manager, one of a full page"
BATCH_TITLE = "Account manager, one of a roll-out"
BATCH = 10  # job descriptions of one roll-out; what is told is for ten times as many
ROLLOUTS = 5
A_PAGE = 25  # job descriptions, so that the first page of the list is full in every database
WARM_UP = 2

# Forty lines: kind of section, and how many lines from the library or of the author's own.
FROM_LIBRARY = {
    "responsibilities": ("responsibility", 12),
    "qualifications": ("qualification", 8),
    "skills": ("skill", 6),
    "company": ("boilerplate", 1),
}
OWN = {
    "summary": 2,
    "conditions": 2,
    "collaborators": 3,
    "benefits": 2,
    "faq": 2,
    "apply": 1,
    "legal": 1,
}
OWN_TEXT = (
    "You look after the customers of our Denver office and answer for what was promised to them."
)


@dataclass
class Page:
    """Something to measure. `before` is not timed; it makes what `ask` needs."""

    name: str
    ask: Callable[[], Any]
    before: Callable[[], None] = lambda: None


# --- the job descriptions that are measured


def build(repeats: int) -> None:
    author = User.objects.get(username=AUTHOR)
    for _ in range(A_PAGE):
        drafts.start(
            by=author,
            title=LIST_TITLE,
            family=JobFamily.objects.get(code="account-management"),
            level=JobLevel.objects.get(code="mid"),
            template=Template.objects.get(code="account-manager-mid"),
        )
    for length in LENGTHS:
        _one_section(author, length)
    description = _forty_lines(author)
    for number in range(repeats + 20):  # one for each print that must not find a stored file
        versions.save(
            description=description,
            by=author,
            token=description.edit_token,
            note=f"For print {number + 1}",
        )
    _reviews(author)
    _batch(author)
    if connection.vendor == "postgresql":  # what autovacuum would do within a minute
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _forty_lines(author: User, title: str = TITLE) -> JobDescription:
    made = drafts.start(
        by=author,
        title=title,
        family=JobFamily.objects.get(code="account-management"),
        level=JobLevel.objects.get(code="mid"),
    )
    have = set(made.sections.values_list("kind", flat=True))
    kinds = [kind for kind in (*FROM_LIBRARY, *OWN, "pay") if kind not in have]
    made = _apply(made, author, [changes.AddSection(k, k.capitalize()) for k in kinds])
    section = dict(made.sections.values_list("kind", "uid"))
    wanted: list[changes.Change] = [
        changes.AddSnippets(section[kind], (pk,))
        for kind, (snippet_kind, count) in FROM_LIBRARY.items()
        for pk in _starter_snippets(snippet_kind, count)
    ]
    for kind, count in OWN.items():
        values = {"form": "entry", "text": OWN_TEXT}
        wanted += [changes.AddLine(section[kind], values)] * count
    amounts = {"minimum": Decimal(60_000), "maximum": Decimal(80_000)}
    wanted += [changes.AddPay(section["pay"], {"location": c, **amounts}) for c in ("A", "B")]
    return _apply(made, author, wanted)


def _one_section(author: User, length: int) -> None:
    """All its lines in the responsibilities: the longest page that the wizard has."""
    made = drafts.start(by=author, title=LENGTH_TITLE.format(length))
    section = made.sections.get(kind="responsibilities")
    texts = list(Snippet.objects.in_bulk(_starter_snippets("responsibility", 100)).values())
    lines = [
        changes.NewLine(f"{texts[n % len(texts)].text} Region {n}, office {n * 7}.")
        for n in range(length)
    ]
    _apply(made, author, [changes.AddLines(section.uid, tuple(lines))])


def _reviews(author: User) -> None:
    """The job descriptions of one section under review, each in its second round: the approver
    looked at the first version, and a line changed since."""
    approver = User.objects.get(username=APPROVER)
    for length in LENGTHS:
        made = JobDescription.objects.get(title=LENGTH_TITLE.format(length))
        first = versions.save(description=made, by=author, token=made.edit_token)
        reviewers = [ReviewerRequest(user=approver)]
        review = requests.request_review(version=first, reviewers=reviewers, by=author)
        reader = review_access.reader(review, approver)
        assert reader is not None  # noqa: S101  # narrows the type
        review_access.record_view(reader, first)
        line = made.lines.order_by("position")[0]
        made.refresh_from_db()
        made = _apply(made, author, [changes.ChangeLine(line.uid, {"text": OWN_TEXT})])
        second = versions.save(description=made, by=author, token=made.edit_token)
        requests.next_round(review=review, version=second, by=author)


def _batch(author: User) -> None:
    """Job descriptions of forty lines, approved, that hold one text of the library."""
    snippet = Snippet.objects.get(pk=_starter_snippets("boilerplate", 2)[1])
    for _ in range(BATCH):
        made = _forty_lines(author, BATCH_TITLE)
        section = made.sections.get(kind="legal").uid
        made = _apply(made, author, [changes.AddSnippets(section, (snippet.pk,))])
        token = made.edit_token
        saved = versions.save(description=made, by=author, token=token)
        Approval.objects.create(version=saved)


def _starter_snippets(kind: str, count: int) -> list[int]:
    """The same in every database, whatever else is in it."""
    found = Snippet.objects.filter(kind=kind, status__in=("active", "reference"), edited=False)
    return list(found.order_by("code").values_list("pk", flat=True)[:count])


def _apply(made: JobDescription, author: User, wanted: list[Any]) -> JobDescription:
    token = made.edit_token
    return drafts.apply(description=made, by=author, token=token, changes=wanted).description


# --- what is measured


def pages(client: Client) -> Iterator[Page]:
    description = JobDescription.objects.get(title=TITLE)
    at = [description.reference]

    def get(address: str, **headers: str) -> Callable[[], Any]:
        return lambda: client.get(address, headers=headers)

    yield from _prints(client, description)
    for step in wizard_steps.STEPS:
        address = reverse("wizard_step", args=[*at, step.slug])
        yield Page(f"Wizard: {step.title}", get(address))
    yield Page("Autosave of a line", *_autosave(client, description))
    htmx = {"HX-Request": "true"}
    yield Page("Preview", get(reverse("preview", args=at), **htmx))
    for length in LENGTHS:
        long = JobDescription.objects.get(title=LENGTH_TITLE.format(length))
        address = reverse("wizard_step", args=[long.reference, "responsibilities"])
        yield Page(f"Wizard step, {length} lines", get(address))
        yield Page(f"Autosave, {length} lines", *_autosave(client, long))
        preview = reverse("preview", args=[long.reference])
        yield Page(f"Preview, {length} lines", get(preview, **htmx))
    section = description.sections.get(kind="responsibilities").uid
    picker = reverse("wizard_pick", args=[*at, section])
    yield Page("Picker", get(picker, **htmx))
    yield Page("Picker, search “report”", get(picker + "?q=report", **htmx))
    start = reverse("description_new") + "?title=Senior+account+manager"
    yield Page("Start, like roles", get(start, **htmx))
    library = reverse("library")
    yield Page("Library list", get(library))
    yield Page("Library list by text, page 2", get(library + "?sort=text&page=2"))
    yield Page("Library list of a family", get(f"{library}?family={description.job_family_id}"))
    yield Page("Library search “customer plan”", get(library + "?q=customer+plan"))
    most_used = Snippet.objects.all().most_used_first()[0]
    yield Page("Snippet, the most used one", get(reverse("snippet", args=[most_used])))
    list_of_all = reverse("descriptions")
    yield Page("Job description list", get(list_of_all))
    yield Page("Job description list by title", get(list_of_all + "?sort=title"))
    yield Page("Job description search “manager”", get(list_of_all + "?q=manager"))
    yield Page("Job description", get(reverse("description", args=at)))
    yield from _followed()


def _followed() -> Iterator[Page]:
    """The pages of reviews as an approver meets them, and what everybody reads."""
    client = signed_in(APPROVER)
    for length in LENGTHS:
        review = Review.objects.get(description__title=LENGTH_TITLE.format(length))
        address = reverse("review", args=[review.pk])
        yield Page(f"Review, second round, {length} lines", partial(client.get, address))
        yield Page(
            f"Review, everything, {length} lines", partial(client.get, f"{address}?show=all")
        )
    yield Page("Reviews", partial(client.get, reverse("reviews")))
    yield Page("Notifications", partial(client.get, reverse("notifications")))
    author = signed_in()
    yield Page("Activity", partial(author.get, reverse("activity")))
    yield Page("In effect", partial(author.get, reverse("catalog")))
    yield Page(
        "In effect, search “manager”", partial(author.get, reverse("catalog") + "?q=manager")
    )


def _prints(client: Client, description: JobDescription) -> Iterator[Page]:
    unprinted = iter(_unprinted(description))
    stored = _pdf(description, 1)

    def warm() -> Any:
        return client.get(_pdf(description, next(unprinted)))

    yield Page("PDF of a version, warm", warm)
    yield Page("PDF of a version, cached", lambda: client.get(stored))


def _pdf(description: JobDescription, number: int) -> str:
    return reverse("version_export", args=[description.reference, number, "pdf"])


def _unprinted(description: JobDescription) -> list[int]:
    found = Version.objects.filter(description=description, files=None, number__gt=1)
    return list(found.order_by("number").values_list("number", flat=True))


def _autosave(
    client: Client, description: JobDescription
) -> tuple[Callable[[], Any], Callable[[], None]]:
    """What asks, and what makes ready: `ask` and `before` of a page."""
    address = reverse("wizard_step", args=[description.reference, "responsibilities"])
    section = description.sections.get(kind="responsibilities")
    uid = section.lines.order_by("position")[0].uid
    fields: dict[str, Any] = {}

    def type_a_word() -> None:
        line = Line.objects.select_related("description").get(description=description, uid=uid)
        token = line.description.edit_token
        view = row_fields.line_view(line, section.kind, token)
        fields.clear()
        fields.update({f"{view.prefix}-{name}": view.values[name] for name in view.values})
        fields[f"{view.prefix}-text"] = f"Act as the first contact, as of change {token}."
        fields[f"{view.prefix}-base"], fields[f"{view.prefix}-parent"] = view.base, section.uid
        fields["action"], fields["token"] = "autosave", str(token)

    def save() -> Any:
        response = client.post(address, fields, headers={"HX-Request": "true"})
        assert response["HX-Trigger"] == "draft-changed", "nothing was saved"  # noqa: S101
        return response

    return save, type_a_word


# --- measuring


def signed_in(name: str = AUTHOR) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def asked(page: Page) -> float:
    """Milliseconds until the answer was there, to its last byte."""
    page.before()
    start = time.perf_counter()
    response = page.ask()
    if response.streaming:
        b"".join(response.streaming_content)
    taken = (time.perf_counter() - start) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{page.name}: status {response.status_code}")
    response.close()
    return taken


def measure_pages(results: Path, repeats: int) -> None:
    for page in pages(signed_in()):
        for _ in range(WARM_UP):
            asked(page)
        taken = [asked(page) for _ in range(repeats)]
        with CaptureQueriesContext(connection) as captured:
            page.before()
            before = len(captured)
            page.before = lambda: None
            asked(page)
        note(results, page.name, taken, queries=len(captured) - before)


def measure_rollouts(results: Path) -> None:
    """A new wording brought to job descriptions, and its approval, for a hundred of them."""
    times = [_rolled_out() for _ in range(ROLLOUTS)]
    for number, name in enumerate(("Roll-out", "Approval of a roll-out")):
        taken = [pair[number] * 1000 * 100 / BATCH for pair in times]
        note(results, f"{name}, 100 job descriptions", taken)


def _rolled_out() -> tuple[float, float]:
    """Seconds for the roll-out, and for its approval."""
    author, approver = (User.objects.get(username=name) for name in (AUTHOR, APPROVER))
    made = JobDescription.objects.filter(title=BATCH_TITLE)
    line = Line.objects.filter(description__in=made, section__kind="legal", revision__isnull=False)
    snippet = line.select_related("revision__snippet")[0].revision.snippet  # type: ignore[union-attr]
    latest = snippet.latest()
    words = f"{latest.text} And {latest.number}."
    revision = library.revise(snippet=snippet, text=words, by=author, based_on=latest.number)
    start = time.perf_counter()
    rollout = apply_rollout.start(
        revision=revision, descriptions=list(made), by=author, approver=approver
    )
    apply_rollout.run(rollout.pk)
    middle = time.perf_counter()
    batch_approval.approve_all(rollout=rollout, by=approver)
    end = time.perf_counter()
    for entry in rollout.entries.select_related("version", "review"):
        if entry.version is None or entry.review is None:
            raise SystemExit(f"left out of the roll-out: {entry.reason}")
        if entry.review.is_open:  # a placeholder of the text is open
            requests.withdraw(review=entry.review, by=author)
            Approval.objects.create(version=entry.version)
    return middle - start, end - middle


def measure_cold(results: Path) -> None:
    """The first request of this process: a print that is not stored."""
    client = signed_in()
    description = JobDescription.objects.get(title=TITLE)
    number = _unprinted(description)[-1]
    taken = asked(Page("cold", lambda: client.get(_pdf(description, number))))
    note(results, "PDF of a version, cold", [taken])
    whole = (time.perf_counter() - START) * 1000
    note(results, "PDF of a version, cold, with the start of the process", [whole])


def measure_memory(results: Path) -> None:
    """The peak of this process after it did everything once."""
    note(results, "Memory at the start", [peak()], unit="MiB")
    for page in pages(signed_in()):
        asked(page)
    note(results, "Memory at its peak", [peak()], unit="MiB")


def peak() -> float:
    """The most memory that this process ever had, in MiB."""
    units = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB here
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * units / 2**20


def note(results: Path, name: str, values: list[float], **more: Any) -> None:
    with results.open("a") as file:
        file.write(json.dumps({"name": name, "values": values, **more}) + "\n")


def counted() -> dict[str, int]:
    models = (Snippet, JobDescription, Line, Version)
    return {model.__name__: model.objects.count() for model in models}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["build", "memory", "cold", "pages"])
    parser.add_argument("results", type=Path, nargs="?")
    parser.add_argument("--repeats", type=int, default=20)
    asked_for = parser.parse_args()
    if asked_for.what == "build":
        build(asked_for.repeats)
    elif asked_for.what == "memory":
        note(asked_for.results, "rows", [], counts=counted())
        measure_memory(asked_for.results)
    elif asked_for.what == "cold":
        measure_cold(asked_for.results)
    else:
        measure_pages(asked_for.results, asked_for.repeats)
        measure_rollouts(asked_for.results)


if __name__ == "__main__":
    main()
