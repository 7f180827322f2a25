"""Model fields for text and amounts. They reject forbidden characters, as the forms do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from roles import apply_address, folding, limits, vocabulary

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models.expressions import Combinable

    Characters = models.CharField[str | Combinable, str]
    Text = models.TextField[str | Combinable, str]
    Decimals = models.DecimalField[Decimal | int | str | Combinable, Decimal]
    OptionalDecimals = models.DecimalField[Decimal | int | str | Combinable | None, Decimal | None]
else:
    Characters, Text = models.CharField, models.TextField
    Decimals = OptionalDecimals = models.DecimalField


def validate_text(value: str) -> None:
    """Raises ValidationError for control characters, lone surrogates, and non-characters."""
    found = folding.forbidden_character(value)
    if found:
        raise ValidationError(
            _("This text has a character that can’t be stored (%(code)s). Remove it."),
            code="forbidden_character",
            params={"code": found},
        )


def choices(words: dict[str, str]) -> list[tuple[str, str]]:
    """Returns a vocabulary table as Django choices."""
    return list(words.items())


class OneLineTextField(Characters):
    """One line of text."""

    default_validators = [validate_text]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(*args, **kwargs)


class ApplyAddressField(OneLineTextField):
    """A link or an email address to apply, tidied when it is cleaned."""

    default_validators = [*OneLineTextField.default_validators, apply_address.validate]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": limits.APPLY_LIMIT, "blank": True, **kwargs})

    def clean(self, value: Any, model_instance: Any) -> Any:
        return super().clean(apply_address.tidy(str(value or "")), model_instance)


class ParagraphTextField(Text):
    """Text of any length up to `max_length`, which full_clean enforces."""

    default_validators = [validate_text]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            from django.core.validators import MaxLengthValidator

            self.validators.append(MaxLengthValidator(self.max_length))


def validate_currency(code: str) -> None:
    """Raises ValidationError if this isn't the code of a currency."""
    if code not in vocabulary.currencies():
        raise ValidationError(
            _("“%(code)s” isn’t a currency code. Enter a code such as USD or EUR."),
            code="unknown_currency",
            params={"code": code},
        )


class CurrencyField(Characters):
    """The ISO 4217 code of a currency; lower-case codes are cleaned to capital letters."""

    default_validators = [validate_currency]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 3, **kwargs})

    def to_python(self, value: Any) -> Any:
        return value.strip().upper() if isinstance(value, str) else value


class AmountField(Decimals):
    """A required amount of money. Only the first migration uses it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 12, "decimal_places": 2, **kwargs})


class OptionalAmountField(OptionalDecimals):
    """An optional amount of money; its currency and period are in the same row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"max_digits": 12, "decimal_places": 2, "null": True, "blank": True, **kwargs}
        super().__init__(*args, **kwargs)
