"""Actions on the sections of a template, and its revisions.

Each action is one transaction: it locks the template, checks the new sections, stores what differs,
and records a revision and an event. If nothing differs, it does nothing. Job descriptions that were
created from the template don't change. Errors of a line are `<field>-<uid>` in the ValidationError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from roles import limits, vocabulary
from roles.drafts import fact_lists
from roles.library import template_content
from roles.library.template_checks import check_section, check_whole
from roles.library.template_content import Sections, SectionValue
from roles.models import Event, Template, TemplateRevision, User, snippet_usage
from roles.models.section_content import new_uid

Edit = Callable[[Sections], Sections]


class StaleTemplate(Exception):  # noqa: N818  # not a program error
    """Someone changed the section, or the template, after the page was shown. `section` is what is
    stored now, or None if it was removed. `latest` is the last revision, if there is one."""

    def __init__(self, section: SectionValue | None, latest: TemplateRevision | None) -> None:
        super().__init__("the template was changed")
        self.section, self.latest = section, latest


def new_section(kind: str, heading: str = "") -> SectionValue:
    """Returns an empty section with the defaults of its kind, a key of SECTION_KINDS."""
    defaults = vocabulary.SECTION_KINDS[kind]
    return SectionValue(
        uid=new_uid(),
        kind=kind,
        heading=heading or _(defaults.label),
        audience=defaults.audience,
        style=defaults.style,
    )


def add_section(*, template: Template, kind: str, heading: str, after: str = "", by: User) -> str:
    """Adds an empty section after the one with the uid `after`, or at the end, and returns its
    uid. Without a heading, it has that of its kind. Raises ValidationError."""
    if kind not in vocabulary.SECTION_KINDS:
        raise ValidationError({"kind": _("Choose a section type.")})
    added = new_section(kind, heading)

    def edit(before: Sections) -> Sections:
        taken = [row for row, _lines in template_content.rows(before)]
        section = replace(added, facts=tuple(fact_lists.usual(kind, taken)))
        check_section(section, None)
        places = [number for number, one in enumerate(before, 1) if one.uid == after]
        place = places[0] if places else len(before)
        return (*before[:place], section, *before[place:])

    _revise(template, edit, by, "added", added.heading)
    return added.uid


def change_section(*, template: Template, section: SectionValue, base: str, by: User) -> bool:
    """Replaces a section and its lines; returns whether anything changed. `base` is the state that
    the page showed (template_content.state_of), or empty for a section that someone else removed:
    it is added again, at the end. Raises StaleTemplate and ValidationError."""

    def edit(before: Sections) -> Sections:
        old = next((one for one in before if one.uid == section.uid), None)
        if section == old:
            return before
        _refuse_stale(template, old, base)
        new = check_section(section, old)
        if old is None:
            return (*before, new)
        return tuple(new if one.uid == new.uid else one for one in before)

    return _revise(template, edit, by, "changed", section.heading) is not None


def remove_section(*, template: Template, uid: str, base: str, by: User) -> None:
    """Removes a section with its lines; one that is gone stays so. Raises StaleTemplate, and
    ValidationError for the last one."""

    def edit(before: Sections) -> Sections:
        old = next((one for one in before if one.uid == uid), None)
        if old is None:
            return before
        _refuse_stale(template, old, base)
        return tuple(one for one in before if one.uid != uid)

    heading = template.sections.filter(uid=uid).values_list("heading", flat=True).first()
    _revise(template, edit, by, "removed", heading or "")


def move_section(*, template: Template, uid: str, steps: int, by: User) -> None:
    """Moves a section by so many places, at most to the start or the end. Does nothing if someone
    else removed it."""

    def edit(before: Sections) -> Sections:
        here = next((number for number, one in enumerate(before) if one.uid == uid), None)
        if here is None:
            return before
        others = [one for one in before if one.uid != uid]
        others.insert(min(max(here + steps, 0), len(others)), before[here])
        return tuple(others)

    heading = template.sections.filter(uid=uid).values_list("heading", flat=True).first()
    _revise(template, edit, by, "moved", heading or "")


def restore_revision(*, template: Template, number: int, latest: int, by: User) -> bool:
    """Replaces all sections with those of a revision; returns whether anything changed. `latest`
    is the number of the last revision that the page showed. Raises StaleTemplate."""
    revision = template.revisions.get(number=number)

    def edit(_before: Sections) -> Sections:
        newest = _latest(template)
        if newest is None or newest.number != latest:
            raise StaleTemplate(None, newest)
        return template_content.from_json(revision.content)

    return _revise(template, edit, by, "restored", str(number)) is not None


def record_saved(template: Template, by: User) -> None:
    """Records the first revision of a new template. Called in the transaction that adds it."""
    _append(template, template_content.stored(template), "saved", template.title, by)


# --- helpers


def _revise(
    template: Template, edit: Edit, by: User, change: str, about: str
) -> TemplateRevision | None:
    """Stores the edited sections with their revision and event; returns the revision, or None if
    nothing changed."""
    with transaction.atomic():
        row = Template.objects.select_for_update().get(pk=template.pk)
        before = template_content.stored(row)
        after = edit(before)
        if after == before:
            return None
        check_whole(after)
        _keep_earlier(row, before)
        snippets = snippet_usage.snippets_of_template(row.pk)
        template_content.write(row, before, after)
        snippet_usage.count_templates(snippets | snippet_usage.snippets_of_template(row.pk))
        row.edited = True
        row.save(update_fields=["edited"])
        revision = _append(row, after, change, about, by)
        Event.objects.record(
            by=by,
            verb="template.revised",
            about=row,
            code=row.code,
            revision=revision.number,
            change=change,
        )
    return revision


def _refuse_stale(template: Template, old: SectionValue | None, base: str) -> None:
    if base != (template_content.state_of(old) if old is not None else ""):
        raise StaleTemplate(old, _latest(template))


def _latest(template: Template) -> TemplateRevision | None:
    return template.revisions.select_related("author").order_by("-number").first()


def _keep_earlier(template: Template, before: Sections) -> None:
    """Records what the template was before this change if no revision has it: it was loaded, or
    is older than revisions."""
    latest = _latest(template)
    if latest is None or latest.content != template_content.to_json(before):
        _append(template, before, "earlier", "", None)


def _append(
    template: Template, sections: Sections, change: str, about: str, by: User | None
) -> TemplateRevision:
    latest = _latest(template)
    revision = TemplateRevision(
        template=template,
        number=latest.number + 1 if latest else 1,
        content=template_content.to_json(sections),
        change=change,
        about=about[: limits.HEADING_LIMIT],
        author=by,
    )
    revision.save()
    return revision
