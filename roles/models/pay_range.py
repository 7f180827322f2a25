"""Pay ranges of a job description, and the market figures shown next to them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import document, limits, vocabulary
from roles.models.section_content import UID, new_uid
from roles.models.text_fields import CurrencyField, OneLineTextField, OptionalAmountField, choices

AS_OF = RegexValidator(
    rf"\A{limits.AS_OF_PATTERN}\Z",
    gettext_lazy("Enter a date as 2024, 2024-02, or 2024-02-28."),
)


# The fields of `document.DocumentPayRange` with the same names, except the uid.
PAY_FIELDS = (
    *("location", "level", "years_from", "years_to"),
    *("minimum", "maximum", "currency", "period"),
)


class PayBasis(models.Model):
    """The scope of a figure: location, level or years of experience, currency, and period."""

    location = OneLineTextField(max_length=limits.NAME_LIMIT, blank=True)
    level = OneLineTextField(max_length=limits.NAME_LIMIT, blank=True)
    years_from = models.PositiveSmallIntegerField(null=True, blank=True)
    years_to = models.PositiveSmallIntegerField(null=True, blank=True)
    currency = CurrencyField(default="USD")
    period = models.CharField(max_length=6, choices=choices(vocabulary.PERIODS), default="year")

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if None not in (self.years_from, self.years_to) and self.years_to < self.years_from:  # type: ignore[operator]
            raise ValidationError(
                {"years_to": _("The upper limit can’t be lower than the lower limit.")}
            )


class PayRange(PayBasis):
    """A pay range in a section; amounts are in `currency` per `period`. One bound can be missing;
    both are the same for a fixed amount."""

    section = models.ForeignKey(
        "roles.Section", on_delete=models.CASCADE, related_name="pay_ranges"
    )
    uid = models.CharField(max_length=32, default=new_uid, editable=False, validators=[UID])
    position = models.PositiveIntegerField(default=0)
    minimum = OptionalAmountField(validators=[MinValueValidator(0)])
    maximum = OptionalAmountField(validators=[MinValueValidator(0)])
    changed_at = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["section", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["section", "uid"], name="pay_range_uid_unique"),
            models.CheckConstraint(
                condition=Q(maximum__gte=F("minimum")), name="pay_range_in_order"
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=False) | Q(maximum__isnull=False),
                name="pay_range_has_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minimum}–{self.maximum} {self.currency}"

    def clean(self) -> None:
        super().clean()
        if self.minimum is None and self.maximum is None:
            raise ValidationError({"minimum": _("Enter a minimum, a maximum, or both.")})
        if self.minimum is not None and self.maximum is not None and self.maximum < self.minimum:
            raise ValidationError({"maximum": _("The maximum can’t be lower than the minimum.")})


class PayReference(PayBasis):
    """A market figure with its source; amounts are in `currency` per `period`."""

    code = models.SlugField(max_length=80, unique=True)
    role = OneLineTextField(max_length=limits.MARKET_ROLE_LIMIT)
    country = models.CharField(max_length=2, blank=True)
    amount = OptionalAmountField()
    low = OptionalAmountField()
    high = OptionalAmountField()
    statistic = models.CharField(
        max_length=10, choices=choices(vocabulary.STATISTICS), default="average"
    )
    source = OneLineTextField(blank=True)
    as_of = models.CharField(max_length=10, blank=True, validators=[AS_OF])
    position = models.PositiveIntegerField(default=0)
    upstream = models.CharField(max_length=64, blank=True, editable=False)
    edited = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=False) | Q(low__isnull=False, high__gte=F("low")),
                name="pay_reference_has_a_figure",
            )
        ]

    def __str__(self) -> str:
        figure = self.amount if self.amount is not None else f"{self.low}–{self.high}"
        return f"{self.role} {self.location} {figure} {self.currency}"

    def clean(self) -> None:
        super().clean()
        if self.amount is None and (self.low is None or self.high is None):
            raise ValidationError({"amount": _("Enter an amount, or a lowest and a highest one.")})
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValidationError({"high": _("The highest amount can’t be below the lowest.")})

    def value(self) -> document.DocumentPayReference:
        """Returns the figure as a document value."""
        names = (
            *("role", "currency", "period", "statistic", "amount", "low", "high"),
            *("location", "level", "years_from", "years_to", "source", "as_of"),
        )
        return document.DocumentPayReference(**{name: getattr(self, name) for name in names})
