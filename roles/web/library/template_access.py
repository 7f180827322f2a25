"""Loading a template for a view."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from roles.models import Template


def get_template(code: str) -> Template:
    """Returns the template with its family and level, or raises Http404."""
    return get_object_or_404(Template.objects.select_related("family", "level"), code=code)
