"""The rows of a draft: sections, lines, and placeholder values."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from roles import limits, placeholders, vocabulary
from roles.models.job_description import JobDescription, JobDescriptionQuerySet
from roles.models.section_content import UID, LineContent, SectionContent, new_uid
from roles.models.text_fields import ParagraphTextField, choices

AUDIENCES_OR_NONE = [("", _("Not chosen yet")), *choices(vocabulary.AUDIENCES)]


class Section(SectionContent):
    """A section of the draft. `changed_at` is the edit token of its last change,
    `order_changed_at` that of the last change to the order of its lines. `audience` is empty until
    someone has chosen who sees the section."""

    description = models.ForeignKey(
        JobDescription, on_delete=models.CASCADE, related_name="sections"
    )
    audience = models.CharField(
        max_length=10, choices=AUDIENCES_OR_NONE, default="public", blank=True
    )
    uid = models.CharField(max_length=32, default=new_uid, editable=False, validators=[UID])
    pay_references = models.ManyToManyField("roles.PayReference", blank=True, related_name="+")
    changed_at = models.PositiveBigIntegerField(default=0, editable=False)
    order_changed_at = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["description", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["description", "uid"], name="section_uid_unique")
        ]

    @property
    def shown_to(self) -> str:
        """The audience that sees it: the narrowest one until someone has chosen."""
        return self.audience or vocabulary.AUDIENCE_ORDER[-1]


class Line(LineContent):
    """A line of the draft: from a snippet revision (reworded or not), or free text."""

    description = models.ForeignKey(JobDescription, on_delete=models.CASCADE, related_name="lines")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="lines")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="lines"
    )
    uid = models.CharField(max_length=32, default=new_uid, editable=False, validators=[UID])
    revision = models.ForeignKey(
        "roles.SnippetRevision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lines",
    )
    changed_at = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["section", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["description", "uid"], name="line_uid_unique")
        ]

    @property
    def is_reworded(self) -> bool:
        """Whether its wording differs from its snippet revision."""
        origin = self.revision
        if origin is None:
            return False
        return self.text != origin.text or bool(origin.detail and self.detail != origin.detail)


class PlaceholderAnswer(models.Model):
    """A placeholder's value for the organization (neither `description` nor `line` is set), a job
    description, or one line (both are set)."""

    description = models.ForeignKey(
        JobDescription, null=True, blank=True, on_delete=models.CASCADE, related_name="answers"
    )
    line = models.ForeignKey(
        Line, null=True, blank=True, on_delete=models.CASCADE, related_name="answers"
    )
    placeholder = models.CharField(max_length=limits.PLACEHOLDER_LIMIT)
    value = ParagraphTextField(max_length=limits.ANSWER_LIMIT, blank=True)
    plain = models.BooleanField(default=False)
    changed_at = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["placeholder"]
        constraints = [
            models.UniqueConstraint(
                fields=["placeholder"],
                condition=Q(description=None),
                name="organization_answer_unique",
            ),
            models.UniqueConstraint(
                fields=["description", "placeholder"],
                condition=Q(line=None),
                name="description_answer_unique",
            ),
            models.UniqueConstraint(
                fields=["line", "placeholder"],
                condition=Q(line__isnull=False),
                name="line_answer_unique",
            ),
            models.CheckConstraint(
                condition=Q(line=None) | Q(description__isnull=False),
                name="line_answer_has_description",
            ),
        ]

    def __str__(self) -> str:
        return f"[{self.placeholder}] {self.value}"

    def clean(self) -> None:
        self.placeholder = placeholders.placeholder_key(self.placeholder.strip("[] "))
        super().clean()


def with_worked_on(descriptions: JobDescriptionQuerySet) -> JobDescriptionQuerySet:
    """Annotates `worked_on`, the kind of the section with the last changed line; None if the facts
    were changed later."""
    lines = Line.objects.filter(
        description=OuterRef("pk"), changed_at__gt=OuterRef("facts_changed_at")
    )
    newest = lines.order_by("-changed_at", "-pk").values("section__kind")
    return descriptions.annotate(worked_on=Subquery(newest[:1]))
