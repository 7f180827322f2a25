"""Job descriptions: facts, ownership, status, and change tracking of the draft."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roles import limits, vocabulary
from roles.editions import Posting
from roles.models import department_access, search_index
from roles.models.review_date import is_due
from roles.models.text_fields import ApplyAddressField, OneLineTextField, choices
from roles.models.version import EffectivePeriod, Version
from roles.models.word_search import searched

if TYPE_CHECKING:
    from roles.models.user import User

STATUSES = {
    "draft": _("Draft"),
    "in_review": _("In review"),
    "approved": _("Approved"),
    "current": _("Current"),
    "archived": _("Archived"),
}


class ReferenceCounter(models.Model):
    """The last number used for each reference prefix."""

    prefix = models.CharField(max_length=6, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last:04d}"


class JobDescriptionQuerySet(models.QuerySet["JobDescription"]):
    def visible_to(self, user: User) -> JobDescriptionQuerySet:
        """Returns the job descriptions whose draft and versions the person can see; views return
        404 for all others.

        Owners and hiring managers see theirs in any department, even if confidential. HR also sees
        all others that aren't confidential, in their departments if they have any;
        administrators see them in all departments. Everyone else sees only current versions
        (EffectivePeriodQuerySet.readable_by)."""
        managed = JobDescription.hiring_managers.through.objects.filter(user=user)
        visible = Q(owner=user) | Q(pk__in=managed.values("jobdescription"))
        if not sees_most(user):
            return self.filter(visible)
        open_to_hr = Q(confidential=False) & department_access.open_to(user)
        return self.filter(visible | open_to_hr)

    def matching(self, query: str) -> JobDescriptionQuerySet:
        """Returns the job descriptions with every word of the query in their reference, titles or
        draft; all if it is empty."""
        return searched(self, query, search_index.DRAFTS, text="draft_text__search_text")

    def lock(self, pk: int) -> JobDescription:
        """Returns the row with this id, locked until the transaction ends."""
        return self.select_for_update().get(pk=pk)

    def with_hiring_manager(self, user: User) -> JobDescriptionQuerySet:
        """Returns the job descriptions that the person is hiring manager of."""
        managed = JobDescription.hiring_managers.through.objects.filter(user=user)
        return self.filter(pk__in=managed.values("jobdescription"))

    def not_archived(self) -> JobDescriptionQuerySet:
        return self.exclude(status="archived")

    def due(self) -> JobDescriptionQuerySet:
        """Returns those due for review: the review date has passed or is near."""
        return self.filter(is_due())

    def with_shown_status(self) -> JobDescriptionQuerySet:
        """Annotates `shown_status`: "current" if a version is current today, else the stored
        status; archived stays archived."""
        return self.annotate(
            shown_status=Case(
                When(~Q(status="archived") & _is_current(), then=Value("current")),
                default=F("status"),
            )
        )

    def shown_as(self, status: str) -> JobDescriptionQuerySet:
        """Returns those with this shown status."""
        if status == "current":
            return self.not_archived().filter(_is_current())
        found = self.filter(status=status)
        return found if status == "archived" else found.exclude(_is_current())

    def with_newest_version(self) -> JobDescriptionQuerySet:
        """Prefetches `newest_versions`: the latest version with its text deferred, if any."""
        newest = Version.objects.defer("text", "brand").select_related("author")
        versions = Prefetch("versions", newest.order_by("-number")[:1], "newest_versions")
        return self.prefetch_related(versions)


def sees_most(user: User) -> bool:
    """Whether the person can see drafts of others."""
    return not user.kinds.isdisjoint({"hr", "admin"})


def is_visible(user: User, column: str) -> Q:
    """Returns the condition for rows with a job description in this column that the person can
    see. It is checked row by row for people who see most of them, so that a page of rows reads few;
    others see few, and their ids are read first."""
    visible = JobDescription.objects.order_by().visible_to(user)
    if sees_most(user):
        return Q(Exists(visible.filter(pk=OuterRef(column))))
    return Q(**{f"{column}__in": visible.values("pk")})


def _is_current() -> Exists:
    today = EffectivePeriod.objects.on(timezone.localdate())
    return Exists(today.filter(description=OuterRef("pk")))


class JobDescription(models.Model):
    """A job description: its facts, and its reference, owner, and status. `edit_token` counts the
    changes to the draft; `facts_changed_at` and `outline_changed_at` are the tokens of the last
    changes to facts and section order. `date_posted` and `valid_through` are the first and last
    day for applications; both are empty if there is no vacancy."""

    reference = models.CharField(max_length=16, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="descriptions"
    )
    hiring_managers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="manages"
    )
    status = models.CharField(max_length=10, choices=list(STATUSES.items()), default="draft")
    confidential = models.BooleanField(default=False)
    review_by = models.DateField(null=True, blank=True)
    template = models.ForeignKey(
        "roles.Template", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    edit_token = models.PositiveBigIntegerField(default=0, editable=False)
    facts_changed_at = models.PositiveBigIntegerField(default=0, editable=False)
    outline_changed_at = models.PositiveBigIntegerField(default=0, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    # The number of the newest version; 0 without one.
    newest_number = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    title = OneLineTextField(max_length=limits.TITLE_LIMIT)
    similar_titles = models.JSONField(default=list, blank=True)
    job_family = models.ForeignKey(
        "roles.JobFamily",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="descriptions",
    )
    job_level = models.ForeignKey(
        "roles.JobLevel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="descriptions",
    )
    pay_grade = OneLineTextField(max_length=limits.CODE_LIMIT, blank=True)
    job_code = OneLineTextField(max_length=limits.CODE_LIMIT, blank=True)
    soc_code = models.CharField(
        max_length=10,
        blank=True,
        validators=[
            RegexValidator(
                rf"\A{limits.SOC_PATTERN}\Z", _("Enter a code such as 41-3091 or 41-3091.00.")
            )
        ],
    )
    years_from = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(limits.EXPERIENCE_LIMIT)]
    )
    years_to = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(limits.EXPERIENCE_LIMIT)]
    )
    department = models.ForeignKey(
        "roles.Department",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="descriptions",
    )
    locations = models.ManyToManyField("roles.Location", blank=True, related_name="descriptions")
    work_mode = models.CharField(max_length=10, blank=True, choices=choices(vocabulary.WORK_MODES))
    employment_types = models.JSONField(default=list, blank=True)
    shifts = models.JSONField(default=list, blank=True)
    weekly_hours = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(limits.WEEKLY_HOURS_LIMIT)],
    )
    flsa_status = models.CharField(
        max_length=10, blank=True, choices=choices(vocabulary.FLSA_STATUSES)
    )
    eeo_category = models.CharField(
        max_length=4, blank=True, choices=choices(vocabulary.EEO_CATEGORIES)
    )
    reports_to = OneLineTextField(max_length=limits.TITLE_LIMIT, blank=True)
    # Empty: detected from the text.
    language = models.CharField(max_length=10, blank=True, default="")
    apply_by = models.DateField(null=True, blank=True)
    open_until_filled = models.BooleanField(default=False)
    apply_to = ApplyAddressField()
    custom_facts = models.JSONField(default=dict, blank=True)

    is_public = models.BooleanField(default=False)
    date_posted = models.DateField(null=True, blank=True)
    valid_through = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager[JobDescription]] = JobDescriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]
        indexes = [
            models.Index(fields=["changed_at", "id"], name="description_by_change"),
            models.Index(Lower("title"), "id", name="description_by_title"),
            models.Index(fields=["status", "id"], name="description_by_status"),
            models.Index(fields=["owner", "changed_at", "id"], name="description_of_owner"),
            models.Index(fields=["owner", "status"], name="description_count_of_owner"),
            models.Index(fields=["review_by", "id"], name="description_by_review_date"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[*STATUSES]), name="description_status_known"
            ),
            models.CheckConstraint(
                condition=Q(date_posted=None, valid_through=None)
                | Q(date_posted__isnull=False, valid_through__gte=F("date_posted")),
                name="description_posting_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("description", args=[self.reference])

    @property
    def shown_status_words(self) -> str:
        """The label of `shown_status` (see the queryset), or of the stored status without it."""
        return str(STATUSES[getattr(self, "shown_status", self.status)])

    def posting(self, day: date, url: str = "") -> Posting | None:
        """Returns the vacancy open for applications on that day, or None."""
        first, last = self.date_posted, self.valid_through
        if first is None or last is None or not first <= day <= last:
            return None
        return Posting(first, last, url)

    @property
    def was_open(self) -> bool:
        """Whether the last day for applications has passed."""
        return self.valid_through is not None and self.valid_through < timezone.localdate()

    def relations_of(self, user: User) -> frozenset[str]:
        """Returns the person's relations to this job description (see permissions.RELATIONS)."""
        relations = {"owner"} if self.owner_id == user.pk else set()
        if any(manager.pk == user.pk for manager in self.hiring_managers.all()):
            relations.add("hiring_manager")
        return frozenset(relations)
