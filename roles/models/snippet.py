"""Snippets, their append-only revisions, and a proxy model for each kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from roles import limits, text_formatting, vocabulary
from roles.models import search_index, sort_keys
from roles.models.organization import ResponsibilityCategory
from roles.models.review_date import is_due
from roles.models.text_fields import OneLineTextField, ParagraphTextField, choices
from roles.models.word_search import searched

STATUSES = {
    "reference": _("Reference"),
    "proposed": _("Proposed"),
    "active": _("Active"),
    "retired": _("Retired"),
}
NOT_RETIRED = tuple(status for status in STATUSES if status != "retired")
OFFERED = ("active", "reference")  # statuses of snippets that authors can add


def categories(kind: str) -> dict[str, str]:
    """Returns the categories of this kind of snippet: code to label. The organization's own ones
    follow the built-in ones."""
    built_in = vocabulary.CATEGORIES[kind]
    if kind != "responsibility":
        return built_in
    return built_in | dict(ResponsibilityCategory.objects.values_list("code", "name"))


class SnippetQuerySet(models.QuerySet["Snippet"]):
    def matching(self, query: str) -> SnippetQuerySet:
        """Returns the snippets with every word and phrase of the query; all if it is empty. (For
        the best ones first, see search.snippet_search.)"""
        return searched(self, query, search_index.SNIPPETS)

    def of_kind(self, kind: str) -> SnippetQuerySet:
        return self.filter(kind=kind)

    def offered(self) -> SnippetQuerySet:
        """Returns the snippets that authors can add to job descriptions."""
        return self.filter(status__in=OFFERED)

    def statements(self) -> SnippetQuerySet:
        """Returns the statements of the organization."""
        return self.filter(kind="boilerplate", is_statement=True)

    def not_retired(self) -> SnippetQuerySet:
        return self.exclude(status="retired")

    def due(self) -> SnippetQuerySet:
        """Returns the snippets due for review: the review date has passed or is near."""
        return self.filter(is_due())

    def with_category_names(self) -> SnippetQuerySet:
        """Annotates `own_category`, the name of a category that isn't a built-in one."""
        own = ResponsibilityCategory.objects.filter(code=OuterRef("category")).values("name")
        return self.annotate(own_category=Subquery(own[:1]))

    def for_role(self, *, family_id: int | None, level_id: int | None) -> SnippetQuerySet:
        """Returns the snippets tagged for the family and level, and those without such tags."""
        found = self
        if family_id is not None:
            families = Snippet.families.through.objects.filter(snippet=OuterRef("pk"))
            found = found.filter(Exists(families.filter(jobfamily=family_id)) | ~Exists(families))
        if level_id is not None:
            levels = Snippet.levels.through.objects.filter(snippet=OuterRef("pk"))
            found = found.filter(Exists(levels.filter(joblevel=level_id)) | ~Exists(levels))
        return found


def tag_terms(families: Iterable[int], levels: Iterable[int]) -> str:
    """Returns the ids of families and levels as terms of the search index, with spaces around
    each; 0 stands for all."""
    terms = [f":f{key}" for key in sorted(families) or [0]]
    return f" {' '.join([*terms, *(f':l{key}' for key in sorted(levels) or [0])])} "


def tagged(tags: str, facet: str) -> list[str]:
    """Returns the ids of the `family` or `level` facet in what `tag_terms` returns."""
    mark = f":{facet[0]}"
    return [term[2:] for term in tags.split() if term.startswith(mark)]


class Snippet(models.Model):
    """Reusable wording. `text` and `detail` copy the latest revision, for lists and search; only
    roles.library writes them."""

    code = models.SlugField(max_length=80, unique=True, null=True, blank=True)
    kind = models.CharField(max_length=15, choices=choices(vocabulary.SNIPPET_KINDS))
    category = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, choices=list(STATUSES.items()), default="active")
    families = models.ManyToManyField("roles.JobFamily", blank=True, related_name="snippets")
    levels = models.ManyToManyField("roles.JobLevel", blank=True, related_name="snippets")
    # Boilerplate that new sections of its kind start with (vocabulary.STATEMENTS).
    is_statement = models.BooleanField(default=False, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="snippets",
    )
    review_by = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=10, default="en")
    source = OneLineTextField(blank=True)
    license = OneLineTextField(blank=True)
    text = ParagraphTextField(max_length=limits.PARAGRAPH_LIMIT, editable=False)
    detail = ParagraphTextField(max_length=limits.DETAIL_LIMIT, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    tags = models.TextField(default=" :f0 :l0 ", editable=False)  # families and levels (tag_terms)
    # Where it is used now (see snippet_usage): lines of drafts, their job descriptions, templates.
    used_lines = models.PositiveIntegerField(default=0, editable=False)
    used_descriptions = models.PositiveIntegerField(default=0, editable=False)
    used_templates = models.PositiveIntegerField(default=0, editable=False)
    edited = models.BooleanField(default=False, editable=False)  # by the organization
    upstream = models.CharField(max_length=64, blank=True, editable=False)  # digest as loaded
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Snippet]] = SnippetQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "status"]),
            models.Index(fields=["used_lines", "id"], name="snippet_by_use"),
            models.Index(sort_keys.SNIPPET_TEXT, "id", name="snippet_by_text"),
            models.Index(fields=["changed_at", "id"], name="snippet_by_change"),
            models.Index(
                fields=["changed_at", "id"], condition=Q(edited=True), name="snippet_edited"
            ),
            models.Index(fields=["status", "changed_at", "id"], name="snippet_by_status"),
            models.Index(fields=["review_by", "id"], name="snippet_by_review_date"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[*vocabulary.SNIPPET_KINDS]), name="snippet_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[*STATUSES]), name="snippet_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.plain_text[:80]

    @property
    def plain_text(self) -> str:
        """The text without the marks of formatting, which only paragraphs have."""
        return text_formatting.plain(self.text) if self.kind == "boilerplate" else self.text

    @property
    def is_offered(self) -> bool:
        return self.status in OFFERED

    def tagged(self, facet: str) -> list[str]:
        """Returns the ids of its families or levels (the `family` or `level` facet); "0" for
        all."""
        return tagged(self.tags, facet)

    def category_label(self) -> str:
        """The name of the category. For those of the organization, see `with_category_names`."""
        own: str = getattr(self, "own_category", None) or self.category
        return vocabulary.CATEGORIES[self.kind].get(self.category, own)

    def latest(self) -> SnippetRevision:
        """Returns the latest revision."""
        return self.revisions.order_by("-number")[0]


class SnippetRevision(models.Model):
    """One wording of a snippet. Never changed, never deleted."""

    snippet = models.ForeignKey(Snippet, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = ParagraphTextField(max_length=limits.PARAGRAPH_LIMIT)
    detail = ParagraphTextField(max_length=limits.DETAIL_LIMIT, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = OneLineTextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["snippet", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["snippet", "number"], name="revision_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.text[:80]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("Revisions can't be changed. Add one with library.revise.")
        super().save(*args, **kwargs)


class KindManager(models.Manager["Snippet"]):
    """The snippets of one kind; `create` sets that kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> SnippetQuerySet:
        return SnippetQuerySet(self.model, using=self._db).of_kind(self.kind)

    def create(self, **values: Any) -> Snippet:
        return super().create(**{**values, "kind": self.kind})


class Responsibility(Snippet):
    objects: ClassVar[KindManager] = KindManager("responsibility")  # type: ignore[assignment]

    class Meta:
        proxy = True
        verbose_name_plural = _("responsibilities")


class Skill(Snippet):
    objects: ClassVar[KindManager] = KindManager("skill")  # type: ignore[assignment]

    class Meta:
        proxy = True


class Qualification(Snippet):
    objects: ClassVar[KindManager] = KindManager("qualification")  # type: ignore[assignment]

    class Meta:
        proxy = True


class Boilerplate(Snippet):
    objects: ClassVar[KindManager] = KindManager("boilerplate")  # type: ignore[assignment]

    class Meta:
        proxy = True
        verbose_name_plural = _("boilerplate")
