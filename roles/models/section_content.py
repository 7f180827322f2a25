"""Abstract models of sections and lines, shared by templates and job descriptions."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext as _

from roles import limits, physical_demands, vocabulary
from roles.models.text_fields import OneLineTextField, ParagraphTextField, choices


def new_uid() -> str:
    """Returns a new permanent id for a section, line, or pay range."""
    return uuid.uuid4().hex[:16]


UID = RegexValidator(rf"\A{limits.UID_PATTERN}\Z", _("This isn’t a valid ID."))


def validate_fact_names(value: object) -> None:
    """Raises ValidationError unless the value is a list of names of facts."""
    if not (isinstance(value, list) and all(isinstance(name, str) for name in value)):
        raise ValidationError(_("Enter a list of names."))


class SectionContent(models.Model):
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(
        max_length=20,
        choices=[(code, kind.label) for code, kind in vocabulary.SECTION_KINDS.items()],
    )
    heading = OneLineTextField(max_length=limits.HEADING_LIMIT)
    guidance = ParagraphTextField(blank=True, max_length=limits.PARAGRAPH_LIMIT)
    audience = models.CharField(
        max_length=10, choices=choices(vocabulary.AUDIENCES), default="public"
    )
    style = models.CharField(max_length=10, choices=choices(vocabulary.STYLES), default="bullets")
    heading_display = models.CharField(
        max_length=10, choices=choices(vocabulary.HEADING_DISPLAYS), default="printed"
    )
    facts = models.JSONField(default=list, blank=True, validators=[validate_fact_names])
    required = models.BooleanField(default=False)
    locked = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.heading


class LineContent(models.Model):
    position = models.PositiveIntegerField(default=0)
    form = models.CharField(max_length=10, choices=choices(vocabulary.FORMS), default="entry")
    group = OneLineTextField(max_length=limits.GROUP_LIMIT, blank=True)
    text = ParagraphTextField(max_length=limits.PARAGRAPH_LIMIT)
    detail = ParagraphTextField(blank=True, max_length=limits.DETAIL_LIMIT)
    category = models.CharField(
        max_length=20, blank=True, choices=choices(vocabulary.LINE_CATEGORIES)
    )
    proficiency = models.CharField(
        max_length=12, blank=True, choices=choices(vocabulary.PROFICIENCIES)
    )
    requirement = models.CharField(
        max_length=10, blank=True, choices=choices(vocabulary.REQUIREMENTS)
    )
    essential = models.CharField(max_length=10, blank=True, choices=choices(vocabulary.ESSENTIALS))
    percent = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    frequency = models.CharField(max_length=10, blank=True, choices=choices(vocabulary.FREQUENCIES))
    amount = models.DecimalField(
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(limits.DEMAND_AMOUNT_LIMIT)],
    )
    unit = models.CharField(
        max_length=12, blank=True, default="", choices=choices(physical_demands.UNITS_OF_SEVERAL)
    )
    how_often = models.CharField(
        max_length=12, blank=True, default="", choices=choices(physical_demands.FREQUENCIES)
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text[:80]

    def clean(self) -> None:
        """Checks that a list item is short; only a paragraph can be long."""
        if self.form == "entry" and len(self.text) > limits.LINE_LIMIT:
            raise ValidationError(
                {"text": _("A list item can have at most %d characters.") % limits.LINE_LIMIT}
            )


# The fields copied from a template line to a line; `document.DocumentLine` has the same names.
# Text and detail can come from a snippet.
LINE_FIELDS = (
    "form",
    "group",
    "text",
    "detail",
    "category",
    "proficiency",
    "requirement",
    "essential",
    "percent",
    "frequency",
    *physical_demands.FIELDS,
)
