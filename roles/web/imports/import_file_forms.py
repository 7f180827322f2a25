"""The form for a file with a job description."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from roles import importers
from roles.web.shared.embedded_form import EmbeddedForm

ACCEPTED = ",".join(f".{importer.extension}" for importer in importers.IMPORTERS.values())


class ImportForm(EmbeddedForm):
    """A file of one of importers.IMPORTERS; `imported` is its document once the form is valid."""

    error_summary = ""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the importer reports it
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=format_lazy(
            _("A JSON file or an archive PDF, up to {size} MB."),
            size=importers.BYTES_LIMIT // 1_000_000,
        ),
        error_messages={"required": _("Choose a file.")},
    )

    imported: importers.ImportedDocument

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            importers.check_size(file.size)
            self.imported = importers.read(file.name, file.read())
        except importers.Unreadable as problem:
            raise ValidationError(problem.message) from problem
        return file
