"""The organization: name and branding, job families, levels, departments, locations, and custom
facts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from roles import document, limits, vocabulary
from roles.editions import Brand
from roles.models.text_fields import (
    ApplyAddressField,
    OneLineTextField,
    ParagraphTextField,
    choices,
)

PAPERS = {"A4": "A4", "Letter": "Letter"}


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def the(self) -> Organization:
        """Returns the only row, created on first use."""
        return self.get_or_create(pk=1)[0]

    def lock(self) -> None:
        """Locks the only row until the transaction ends, for actions on what must be unique in the
        organization."""
        self.select_for_update().get(pk=self.the().pk)


class Organization(models.Model):
    """The employer and the branding of its documents; a table with one row."""

    name = OneLineTextField(blank=True, help_text=_("Fills in [Company Name] everywhere."))
    profile = ParagraphTextField(blank=True, max_length=limits.PARAGRAPH_LIMIT)
    brand_color = models.CharField(
        max_length=7,
        default="#1f4e79",
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Enter a color such as #1f4e79."))],
    )
    logo = models.ForeignKey("Logo", null=True, blank=True, on_delete=models.PROTECT)
    fact_audiences = models.JSONField(
        default=dict,
        blank=True,
        help_text=_('Audiences that differ from the default, such as {"pay_grade": "internal"}.'),
    )
    apply_to = ApplyAddressField(
        help_text=_("Link or email address to apply, unless a job description has its own.")
    )
    paper = models.CharField(max_length=6, choices=choices(PAPERS), default="A4")

    objects: ClassVar[models.Manager[Organization]] = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organization")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="organization_is_one_row")
        ]

    def __str__(self) -> str:
        return self.name or str(_("Our organization"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    def brand(self) -> Brand:
        """Returns the branding for documents."""
        return Brand(
            name=self.name,
            color=self.brand_color,
            logo_digest=self.logo_id or "",
            paper=self.paper,
        )


class Logo(models.Model):
    """All logos by digest, so that old versions keep their logo."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.digest


class JobFamily(models.Model):
    """A group of jobs by type of work; references start with its prefix (ACC-0001)."""

    code = models.SlugField(unique=True)
    name = OneLineTextField(max_length=limits.NAME_LIMIT)
    prefix = models.CharField(
        max_length=6,
        validators=[RegexValidator(r"\A[A-Z]{2,6}\Z", _("Use two to six capital letters."))],
    )

    class Meta:
        verbose_name_plural = _("job families")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class JobLevel(models.Model):
    """Scope or seniority, with its range of years of experience."""

    code = models.SlugField(unique=True)
    name = OneLineTextField(max_length=limits.NAME_LIMIT)
    years_from = models.PositiveSmallIntegerField(null=True, blank=True)
    years_to = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    name = OneLineTextField(max_length=limits.NAME_LIMIT, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Location(models.Model):
    city = OneLineTextField(max_length=limits.NAME_LIMIT)
    region = OneLineTextField(max_length=limits.NAME_LIMIT, blank=True)
    country = models.CharField(
        max_length=2,
        blank=True,
        help_text=_("Two-letter code (ISO 3166-1), such as US."),
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", _("Use two capital letters."))],
    )

    class Meta:
        ordering = ["city", "region"]
        constraints = [
            models.UniqueConstraint(fields=["city", "region", "country"], name="location_unique")
        ]

    def __str__(self) -> str:
        return str(self.place())

    def place(self) -> document.DocumentPlace:
        return document.DocumentPlace(city=self.city, region=self.region, country=self.country)


class CustomFact(models.Model):
    """A fact of job descriptions, defined by the organization."""

    code = models.SlugField(unique=True)
    label = OneLineTextField(max_length=limits.NAME_LIMIT)
    audience = models.CharField(
        max_length=10, choices=choices(vocabulary.AUDIENCES), default="internal"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label
