"""What a new name of a list's row changes elsewhere. Most tables refer to the row; these store its
name as text. Versions never change."""

from __future__ import annotations

from roles.models import (
    JobDescription,
    JobLevel,
    Location,
    PayGrade,
    PayRange,
    PayReference,
)


def rename_level(old: JobLevel, new: JobLevel) -> None:
    _rename_in_pay("level", old.name, new.name)


def rename_location(old: Location, new: Location) -> None:
    _rename_in_pay("location", old.city, new.city)


def rename_pay_grade(old: PayGrade, new: PayGrade) -> None:
    JobDescription.objects.filter(pay_grade=old.name).update(pay_grade=new.name)


def _rename_in_pay(field: str, old: str, new: str) -> None:
    """Renames a level or location in the pay ranges of drafts and in market figures. The figures
    are the organization's own from now on, so that the starter library doesn't undo the name."""
    if old == new:
        return
    PayRange.objects.filter(**{field: old}).update(**{field: new})
    PayReference.objects.filter(**{field: old}).update(**{field: new, "edited": True})
