"""The organization: name and branding, and its lists: job families, levels, departments, locations,
pay grades, categories of responsibilities, and custom facts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from roles import document, languages, limits, vocabulary
from roles.editions import Brand
from roles.models.text_fields import ApplyAddressField, OneLineTextField, choices

PAPERS = {"A4": "A4", "Letter": "Letter"}
CATEGORY_LIMIT = 20  # characters in the code of a category, which snippets store
PREFIX = RegexValidator(r"\A[A-Z]{2,6}\Z", _("Use two to six capital letters."))


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

    name = OneLineTextField(blank=True)
    brand_color = models.CharField(
        max_length=7,
        default="#1f4e79",
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Enter a color such as #1f4e79."))],
    )
    logo = models.ForeignKey("Logo", null=True, blank=True, on_delete=models.PROTECT)
    # By fact: the audiences that differ from the default.
    fact_audiences = models.JSONField(default=dict, blank=True)
    apply_to = ApplyAddressField()
    paper = models.CharField(max_length=6, choices=choices(PAPERS), default="A4")
    # Of job descriptions with too little text to detect theirs.
    language = models.CharField(max_length=10, default=languages.DEFAULT)
    # Of the references of job descriptions without a family.
    prefix = models.CharField(max_length=6, default="JD", validators=[PREFIX])
    hr_adds_to_lists = models.BooleanField(default=True)

    # Codes of the families of the starter library that are loaded; None: all.
    starter_families = models.JSONField(null=True, blank=True, default=None, editable=False)

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
    prefix = models.CharField(max_length=6, validators=[PREFIX])

    class Meta:
        verbose_name_plural = _("job families")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class JobLevel(models.Model):
    """Scope or seniority in one track, with its range of years of experience."""

    code = models.SlugField(unique=True)
    name = OneLineTextField(max_length=limits.NAME_LIMIT)
    track = models.CharField(
        max_length=10, choices=choices(vocabulary.TRACKS), default="individual"
    )
    years_from = models.PositiveSmallIntegerField(null=True, blank=True)
    years_to = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if None not in (self.years_from, self.years_to) and self.years_to < self.years_from:  # type: ignore[operator]
            raise ValidationError({"years_to": _("The maximum years can’t be below the minimum.")})


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


class PayGrade(models.Model):
    """A pay grade that job descriptions can choose. They store its name."""

    name = OneLineTextField(max_length=limits.CODE_LIMIT, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class ResponsibilityCategory(models.Model):
    """A category of responsibilities in the library, besides those of `vocabulary.CATEGORIES`."""

    code = models.SlugField(max_length=CATEGORY_LIMIT, unique=True)
    name = OneLineTextField(max_length=limits.NAME_LIMIT)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = _("responsibility categories")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


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
