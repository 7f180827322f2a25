"""The pages to measure, as requests of Django's test client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from bench import query_mix
from bench.benchmark_data import LENGTH_TITLE, TITLE
from bench.benchmark_sizes import APPROVER, AUTHOR, LENGTHS
from roles.models import DraftText, JobDescription, Line, Review, Snippet, User, Version
from roles.web.shared import wizard_steps
from roles.web.wizard import row_fields


@dataclass
class MeasuredPage:
    """A request to measure. `prepare` runs before `request` and isn't timed."""

    name: str
    request: Callable[[], Any]
    prepare: Callable[[], None] = lambda: None


@dataclass
class MeasuredMix:
    """Requests that are each measured once: the median is that of all of them."""

    name: str
    requests: list[Callable[[], Any]]


HOMES = {
    "an author": AUTHOR,
    "a hiring manager": "manager1",
    "a curator": APPROVER,
    "an employee": "employee1",
    "an administrator": "admin",
}
# Label, who looks at it, name of the URL, and query. Only those with as many rows in both sets.
LISTS = (
    ("Job description list", AUTHOR, "descriptions", ""),
    ("Job description list by title", AUTHOR, "descriptions", "?sort=title"),
    ("Job description list by status", AUTHOR, "descriptions", "?sort=status"),
    ("Job description list, last page", AUTHOR, "descriptions", "?page=last"),
    ("Job descriptions in review", AUTHOR, "descriptions", "?waiting=any"),
    ("Job description search “manager”", AUTHOR, "descriptions", "?q=manager"),
    ("Reviews", APPROVER, "reviews", ""),
    ("Reviews, all, by title", APPROVER, "reviews", "?show=all&sort=title"),
    ("Reviews, all, last page", AUTHOR, "reviews", "?show=all&sort=due&page=last"),
    ("Notifications", APPROVER, "notifications", ""),
    ("Activity", AUTHOR, "activity", ""),
    ("Activity, last page", AUTHOR, "activity", "?page=last"),
    ("Catalog", AUTHOR, "catalog", ""),
    ("Catalog by date", "employee1", "catalog", "?sort=-since"),
    ("Catalog, last page", AUTHOR, "catalog", "?page=last"),
    ("Catalog, search “manager”", AUTHOR, "catalog", "?q=manager"),
    ("Exports", AUTHOR, "exports", ""),
    ("Templates", APPROVER, "templates", ""),
)
TEXTS_OF_QUERIES = 5_000  # that the words of a mix are drawn from


def signed_in(name: str = AUTHOR) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def pages(client: Client) -> Iterator[MeasuredPage]:
    """Yields all pages; `client` is signed in as AUTHOR."""
    description = JobDescription.objects.get(title=TITLE)
    yield from _pdf_pages(client, description)
    yield from _wizard_pages(client, description)
    yield from _library_pages(client, description)
    one = reverse("description", args=[description.reference])
    yield MeasuredPage("Job description", _get(client, one))
    yield from _review_pages()
    yield from _home_pages()
    yield from _lists()


def _get(client: Client, url: str, *, is_htmx: bool = False) -> Callable[[], Any]:
    headers = {"HX-Request": "true"} if is_htmx else {}
    return lambda: client.get(url, headers=headers)


def _wizard_pages(client: Client, description: JobDescription) -> Iterator[MeasuredPage]:
    at = [description.reference]
    for step in wizard_steps.STEPS:
        url = reverse("wizard_step", args=[*at, step.slug])
        yield MeasuredPage(f"Wizard: {step.title}", _get(client, url))
    yield MeasuredPage("Autosave of a line", *_autosave(client, description))
    yield MeasuredPage("Preview", _get(client, reverse("preview", args=at), is_htmx=True))
    for length in LENGTHS:
        long_one = JobDescription.objects.get(title=LENGTH_TITLE.format(length))
        url = reverse("wizard_step", args=[long_one.reference, "responsibilities"])
        yield MeasuredPage(f"Wizard step, {length} lines", _get(client, url))
        yield MeasuredPage(f"Autosave, {length} lines", *_autosave(client, long_one))
        preview = reverse("preview", args=[long_one.reference])
        yield MeasuredPage(f"Preview, {length} lines", _get(client, preview, is_htmx=True))
    section = description.sections.get(kind="responsibilities").uid
    picker = reverse("wizard_pick", args=[*at, section])
    yield MeasuredPage("Picker", _get(client, picker, is_htmx=True))
    search = f"{picker}?q=report"
    yield MeasuredPage("Picker, search “report”", _get(client, search, is_htmx=True))
    start = reverse("description_new") + "?title=Senior+account+manager"
    yield MeasuredPage("Start, similar roles", _get(client, start, is_htmx=True))


def _library_pages(client: Client, description: JobDescription) -> Iterator[MeasuredPage]:
    library = reverse("library")
    of_family = f"{library}?family={description.job_family_id}"
    search = f"{library}?q=customer+plan"
    yield MeasuredPage("Library list", _get(client, library))
    yield MeasuredPage(
        "Library list by text, last page", _get(client, f"{library}?sort=text&page=last")
    )
    yield MeasuredPage("Library list of a family", _get(client, of_family))
    yield MeasuredPage("Library search “customer plan”", _get(client, search))
    most_used = Snippet.objects.order_by("-used_lines", "pk").values_list("pk", flat=True)[0]
    snippet = reverse("snippet", args=[most_used])
    yield MeasuredPage("Snippet, the most used one", _get(client, snippet))


def _review_pages() -> Iterator[MeasuredPage]:
    """Yields reviews as an approver opens them, and pages for everyone."""
    client = signed_in(APPROVER)
    for length in LENGTHS:
        review = Review.objects.get(description__title=LENGTH_TITLE.format(length))
        address = reverse("review", args=[review.pk])
        yield MeasuredPage(f"Review, second round, {length} lines", partial(client.get, address))
        yield MeasuredPage(
            f"Review, everything, {length} lines", partial(client.get, f"{address}?show=all")
        )


def _home_pages() -> Iterator[MeasuredPage]:
    for kind, name in HOMES.items():
        yield MeasuredPage(f"Home of {kind}", _get(signed_in(name), reverse("home")))


def _lists() -> Iterator[MeasuredPage]:
    """Yields the lists, by each kind of sort order, and deep pages of them."""
    clients = {name: signed_in(name) for _label, name, _url, _query in LISTS}
    for label, name, url, query in LISTS:
        yield MeasuredPage(label, _get(clients[name], reverse(url) + query))


def mixes(client: Client) -> Iterator[MeasuredMix]:
    """Yields the searches that are measured by a mix of queries."""
    snippets = Snippet.objects.order_by("pk").values_list("text", flat=True)
    descriptions = DraftText.objects.order_by("pk").values_list("text", flat=True)
    description = JobDescription.objects.get(title=TITLE)
    section = description.sections.get(kind="responsibilities").uid
    picker = reverse("wizard_pick", args=[description.reference, section])
    for label, url, texts, is_htmx in (
        ("Library search", reverse("library"), snippets, False),
        ("Picker search", picker, snippets, True),
        ("Job description search", reverse("descriptions"), descriptions, False),
    ):
        urls = [f"{url}?{urlencode({'q': q})}" for q in query_mix.queries(texts[:TEXTS_OF_QUERIES])]
        yield MeasuredMix(
            f"{label}, mix of {len(urls)}", [_get(client, one, is_htmx=is_htmx) for one in urls]
        )


def _pdf_pages(client: Client, description: JobDescription) -> Iterator[MeasuredPage]:
    without_pdf = iter(versions_without_pdf(description))
    stored = pdf_url(description, 1)

    def warm() -> Any:
        return client.get(pdf_url(description, next(without_pdf)))

    yield MeasuredPage("PDF of a version, warm", warm)
    yield MeasuredPage("PDF of a version, cached", lambda: client.get(stored))


def pdf_url(description: JobDescription, number: int) -> str:
    return reverse("version_export", args=[description.reference, number, "pdf"])


def versions_without_pdf(description: JobDescription) -> list[int]:
    found = Version.objects.filter(description=description, files=None, number__gt=1)
    return list(found.order_by("number").values_list("number", flat=True))


def _autosave(
    client: Client, description: JobDescription
) -> tuple[Callable[[], Any], Callable[[], None]]:
    """Returns `request` and `prepare` of a page."""
    address = reverse("wizard_step", args=[description.reference, "responsibilities"])
    section = description.sections.get(kind="responsibilities")
    uid = section.lines.order_by("position")[0].uid
    fields: dict[str, Any] = {}

    def prepare() -> None:
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

    return save, prepare
