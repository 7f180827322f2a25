"""The form of one pay range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from roles import limits, vocabulary
from roles.models import PayRange
from roles.models.text_fields import validate_currency
from roles.web.shared import money
from roles.web.shared.fields import OneLineField
from roles.web.shared.line_forms import choice_field
from roles.web.shared.post_data import Post
from roles.web.shared.required_messages import RequiredMessages
from roles.web.wizard.step_forms import is_below

DEFAULT_CURRENCY = "USD"


class PayForm(RequiredMessages, forms.Form):
    """One pay range. An amount can state its currency, which must be the chosen one, or fills it in
    if none is chosen. A range or bound typed into one field fills both. `offered` is what the page
    filled in: an amount that states another currency or period replaces it."""

    location = OneLineField(max_length=limits.NAME_LIMIT, required=False)
    level = OneLineField(max_length=limits.NAME_LIMIT, required=False)
    years_from = forms.IntegerField(min_value=0, max_value=limits.EXPERIENCE_LIMIT, required=False)
    years_to = forms.IntegerField(min_value=0, max_value=limits.EXPERIENCE_LIMIT, required=False)
    minimum = money.MoneyField(required=False)
    maximum = money.MoneyField(required=False)
    currency = forms.CharField(max_length=3, required=False)
    period = choice_field(vocabulary.PERIODS, empty=None)

    def __init__(self, data: Post, offered: Mapping[str, str] | None = None) -> None:
        super().__init__(_with_stated(_in_both_fields(data), offered or {}))
        self.amounts = {name: str(self.data.get(name) or "") for name in ("minimum", "maximum")}
        self.stated, self.sign = money.currency_of(*self.amounts.values())
        chosen = money.currency_code(self.data.get("currency") or "")
        for name in self.amounts:
            self.fields[name].currency = chosen or self.stated  # type: ignore[attr-defined]

    def clean_currency(self) -> str:
        code = money.currency_code(self.cleaned_data["currency"]) or self.stated
        if not code and self.sign:
            message = _("Several currencies use “%s”. Enter the code of this one.")
            raise ValidationError(message % self.sign)
        validate_currency(code or DEFAULT_CURRENCY)
        return code or DEFAULT_CURRENCY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("minimum", 0) is None and cleaned.get("maximum", 0) is None:
            self.add_error("minimum", _("Enter a minimum, a maximum, or both."))
        for low, high, message in (
            ("minimum", "maximum", _("The maximum can’t be below the minimum.")),
            ("years_from", "years_to", _("The maximum years can’t be below the minimum.")),
        ):
            if is_below(cleaned, low, high):
                self.add_error(high, message)
        for name in cleaned.keys() & self.amounts.keys():
            if amount := money.read_amount(self.amounts[name]):
                self._compare(name, amount, cleaned)
        return cleaned

    def _compare(self, name: str, amount: money.TypedAmount, cleaned: dict[str, Any]) -> None:
        """Add an error if the currency or the period typed beside an amount isn't the chosen one,
        or if it is a bound for the other field."""
        if {"minimum": "to", "maximum": "from"}[name] in amount.values("bound"):
            self.add_error(name, money.MoneyField.default_error_messages["range"])
        for message in money.mismatches(amount, cleaned.get("currency"), cleaned.get("period")):
            self.add_error(name, message)


def offered_values(ranges: Sequence[PayRange]) -> dict[str, str]:
    """Returns what a new range starts with after these: the currency and period of the last one."""
    if not ranges:
        return {"currency": "", "period": "year"}
    return {"currency": ranges[-1].currency, "period": ranges[-1].period}


def _with_stated(data: Post, offered: Mapping[str, str]) -> Post:
    """Returns the data with the currency and period that the amounts state, in place of offered
    ones that stayed as they were."""
    replaced = {}
    for name in ("minimum", "maximum"):
        amount = money.read_amount(data.get(name) or "")
        if amount is None:
            continue
        currency, codes = data.get("currency"), amount.currencies
        if currency == offered.get("currency") and codes is not None and currency not in codes:
            replaced["currency"] = [""]
        if data.get("period") == offered.get("period") and amount.values("period"):
            replaced["period"] = amount.values("period")
    return MultiValueDict({**dict(data.lists()), **replaced})


def _in_both_fields(data: Post) -> Post:
    """Returns the data with a range or bound that is typed into one field in both."""
    for name, other in (("minimum", "maximum"), ("maximum", "minimum")):
        found = money.bounds(data.get(name) or "")
        if found and not (data.get(other) or "").strip():
            low, high = found
            return MultiValueDict({**dict(data.lists()), "minimum": [low], "maximum": [high]})
    return data
