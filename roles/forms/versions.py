"""Forms about versions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from roles.models import Version

TOKEN_LIMIT = 2**63 - 1


class TokenForm(forms.Form):
    """Which state of the draft the page showed."""

    token = forms.IntegerField(min_value=0, max_value=TOKEN_LIMIT, widget=forms.HiddenInput)


class SaveForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a version is saved with."""

    class Meta:
        model = Version
        fields = ["note", "label"]
        labels = {"note": _("What changed"), "label": _("Name of the version")}
        help_texts = {
            "note": _("One sentence for those who read it later."),
            "label": _("If your organisation names them, such as “2026 review”."),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
