"""The URLs of the product, one list for each area."""

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter, StringConverter

from roles import limits


class ReferenceConverter(StringConverter):
    """A job description's reference, such as ACC-0001."""

    regex = limits.REFERENCE_PATTERN


class NumberConverter(IntConverter):
    """A number that fits into the integers of every database. Longer ones are not found."""

    regex = "[0-9]{1,9}"


register_converter(ReferenceConverter, "reference")
register_converter(NumberConverter, "number")

AREAS = (
    "accounts",
    "catalog",
    "descriptions",
    "exports",
    "feedback",
    "home",
    "imports",
    "levels",
    "library",
    "public",
    "reviews",
    "rollouts",
    "search",
    "settings",
    "versions",
    "wizard",
)

urlpatterns = [path("", include(f"roles.web.{area}.urls")) for area in AREAS]
