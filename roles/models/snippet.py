"""Snippets, their append-only revisions, and a proxy model for each kind."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from roles import limits, text_formatting, vocabulary
from roles.models import sort_keys
from roles.models.organization import ResponsibilityCategory
from roles.models.review_date import is_due
from roles.models.text_fields import OneLineTextField, ParagraphTextField, choices
from roles.models.word_search import SearchedQuerySet

STATUSES = {
    "reference": _("Reference"),
    "proposed": _("Proposed"),
    "active": _("Active"),
    "retired": _("Retired"),
}
OFFERED = ("active", "reference")  # statuses of snippets that authors can add


def categories(kind: str) -> dict[str, str]:
    """Returns the categories of this kind of snippet: code to label. The organization's own ones
    follow the built-in ones."""
    built_in = vocabulary.CATEGORIES[kind]
    if kind != "responsibility":
        return built_in
    return built_in | dict(ResponsibilityCategory.objects.values_list("code", "name"))


class SnippetQuerySet(SearchedQuerySet["Snippet"]):
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

    def with_usage(self) -> SnippetQuerySet:
        """Annotates `used`, the number of job descriptions with the snippet in their draft."""
        return self.annotate(used=Count("revisions__lines__description", distinct=True))

    def with_category_names(self) -> SnippetQuerySet:
        """Annotates `own_category`, the name of a category that isn't a built-in one."""
        own = ResponsibilityCategory.objects.filter(code=OuterRef("category")).values("name")
        return self.annotate(own_category=Subquery(own[:1]))

    def best_first(
        self,
        *,
        of_title: Collection[int] = (),
        family_id: int | None = None,
        level_id: int | None = None,
    ) -> list[int]:
        """Returns all ids: first those in `of_title`, then those tagged for the family, then for
        the level, then by number of lines in drafts, then by text. Snippets without tags come
        before those tagged for others. A few queries are faster than sorting a large library by a
        count in the database."""
        keys = list(self.order_by("text", "pk").values_list("pk", flat=True))
        lines = _lines_of(keys)
        families = _distances(Snippet.families.through, "jobfamily_id", family_id)
        levels = _distances(Snippet.levels.through, "joblevel_id", level_id)
        return sorted(
            keys,
            key=lambda key: (
                key not in of_title,
                families.get(key, 1),
                levels.get(key, 1),
                -lines.get(key, 0),
            ),
        )

    def most_used(self, count: int) -> list[int]:
        """Returns the ids of the snippets with the most lines in drafts, at most `count`."""
        used = SnippetRevision.objects.order_by().filter(
            lines__isnull=False, snippet__in=self.order_by().values("pk")
        )
        counted = used.values_list("snippet").annotate(used_in=Count("lines"))
        return [key for key, _used_in in counted.order_by("-used_in", "snippet")[:count]]

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


FEW = 500  # ids that a query can list one by one


def _lines_of(keys: list[int]) -> dict[int, int]:
    """Returns the number of lines in drafts by snippet id."""
    used = SnippetRevision.objects.order_by().filter(lines__isnull=False)
    if len(keys) <= FEW:
        used = used.filter(snippet__in=keys)
    return dict(used.values_list("snippet").annotate(Count("lines")))


def _distances(through: Any, name: str, pk: int | None) -> dict[int, int]:
    """Returns, for each snippet with tags, 0 if it is tagged for `pk` and 2 if only for others.
    Empty if `pk` is None."""
    if pk is None:
        return {}
    tagged = through.objects.values_list("snippet_id", name)
    found: dict[int, int] = {}
    for snippet, tag in tagged:
        found[snippet] = 0 if tag == pk else found.get(snippet, 2)
    return found


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
    edited = models.BooleanField(default=False, editable=False)  # by the organization
    upstream = models.CharField(max_length=64, blank=True, editable=False)  # digest as loaded
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager[Snippet]] = SnippetQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "status"]),
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
