"""Redlines of a rollout: of the snippet, and of the sections of a job description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from roles import comparison
from roles.document import Document
from roles.exporters import change_marks, redline
from roles.models import SnippetRevision
from roles.web.shared.fragments import is_fragment


def wording(before: SnippetRevision, revision: SnippetRevision) -> dict[str, Any]:
    """Returns the changes between two revisions as a redline, for the template."""
    return {
        "text": change_marks.marked(comparison.pieces(before.text, revision.text)),
        "detail": change_marks.marked(comparison.pieces(before.detail, revision.detail)),
        "before": before.number,
        "number": revision.number,
    }


def changed(old: Document, new: Document, uids: Sequence[str]) -> list[dict[str, Any]]:
    """Returns the changed sections (uids) as redlines, for the template."""
    sides = [
        replace(side, facts=(), sections=tuple(s for s in side.sections if s.uid in uids))
        for side in (old, new)
    ]
    return redline.sections(comparison.compare(*sides), only_changed=True)


def section(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Renders the page of the changes to one job description; only the redline for htmx."""
    template = "rollouts/_redline.html" if is_fragment(request) else "rollouts/change.html"
    response = render(request, template, context)
    patch_cache_control(response, private=True, no_store=True)
    return response
