"""Templates: ordered sections for a type of role, with guidance and lines, and their revisions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from roles import limits
from roles.models.job_description import JobDescription
from roles.models.section_content import UID, LineContent, SectionContent, new_uid
from roles.models.snippet import OFFERED, Snippet
from roles.models.text_fields import OneLineTextField, ParagraphTextField

STATUSES = {"active": "Active", "retired": "Retired"}


class TemplateQuerySet(models.QuerySet["Template"]):
    def offered(self) -> TemplateQuerySet:
        return self.filter(status="active")

    def with_usage(self) -> TemplateQuerySet:
        """Annotates `used`, the number of job descriptions created from the template."""
        started = JobDescription.objects.order_by().filter(template=OuterRef("pk"))
        counted = started.values("template").annotate(n=Count("pk")).values("n")
        return self.annotate(used=Coalesce(Subquery(counted), 0))


class Template(models.Model):
    code = models.SlugField(max_length=80, unique=True)
    title = OneLineTextField(max_length=limits.TITLE_LIMIT)
    role = OneLineTextField(max_length=limits.TITLE_LIMIT, blank=True)  # default title of the JD
    description = ParagraphTextField(blank=True, max_length=limits.LINE_LIMIT)
    family = models.ForeignKey(
        "roles.JobFamily", null=True, blank=True, on_delete=models.PROTECT, related_name="templates"
    )
    level = models.ForeignKey(
        "roles.JobLevel", null=True, blank=True, on_delete=models.PROTECT, related_name="templates"
    )
    language = models.CharField(max_length=10, default="en")
    status = models.CharField(max_length=10, choices=list(STATUSES.items()), default="active")
    position = models.PositiveIntegerField(default=0)
    edited = models.BooleanField(default=False, editable=False)
    upstream = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[models.Manager[Template]] = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[*STATUSES]), name="template_status_known"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("template", args=[self.code])

    @property
    def is_offered(self) -> bool:
        return self.status == "active"

    def retired_snippets(self) -> set[int]:
        """Returns the ids of its snippets that aren't offered anymore. New job descriptions have no
        line for them."""
        gone = Snippet.objects.exclude(status__in=OFFERED)
        used = gone.filter(template_lines__section__template=self)
        return set(used.values_list("pk", flat=True))

    @property
    def proposed_title(self) -> str:
        """The default title of a job description created from it."""
        return self.role or self.title


class TemplateSection(SectionContent):
    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="sections")
    uid = models.CharField(max_length=32, default=new_uid, editable=False, validators=[UID])

    class Meta:
        ordering = ["template", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["template", "uid"], name="template_section_uid_unique")
        ]


class TemplateLine(LineContent):
    section = models.ForeignKey(TemplateSection, on_delete=models.CASCADE, related_name="lines")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="lines"
    )
    snippet = models.ForeignKey(
        "roles.Snippet",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="template_lines",
    )
    uid = models.CharField(max_length=32, default=new_uid, editable=False, validators=[UID])

    class Meta:
        ordering = ["section", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["section", "uid"], name="template_line_uid_unique")
        ]


class TemplateRevision(models.Model):
    """The sections of a template as of one change. Never changed. `content` is JSON
    (`library.template_content`). `change` says what was done, to the section with the heading
    `about`, or with the revision of that number. Without an author, it is what the template was
    before someone edited it here."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.TextField()
    change = models.CharField(max_length=10)
    about = OneLineTextField(max_length=limits.HEADING_LIMIT, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="template_revision_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.change}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("Revisions of templates can't be changed.")
        super().save(*args, **kwargs)
