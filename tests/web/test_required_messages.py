"""Every form of the product says what to enter where a required field is empty."""

from __future__ import annotations

import pytest
from django import forms
from django.utils.translation import gettext_lazy as _

from roles.web.accounts.sign_in_forms import SignInForm
from roles.web.shared.dates import DayField
from roles.web.shared.embedded_form import EmbeddedForm


class ExampleForm(EmbeddedForm):
    job_title = forms.CharField(label=_("Job title"))
    department = forms.ChoiceField()
    start = DayField(label=_("First day"))
    code = forms.CharField(label=_("SOC code"))
    own = forms.CharField(error_messages={"required": "Say it."})
    optional = forms.CharField(required=False)


def test_required_fields_say_what_to_do() -> None:
    errors = ExampleForm({}).errors
    assert {name: texts[0] for name, texts in errors.items()} == {
        "job_title": "Enter the job title.",
        "department": "Choose the department.",
        "start": "Choose the first day.",
        "code": "Enter the SOC code.",
        "own": "Say it.",
    }


@pytest.mark.django_db
def test_sign_in() -> None:
    assert [texts[0] for texts in SignInForm(data={}).errors.values()] == [
        "Enter your username or email address.",
        "Enter your password.",
    ]
