"""One section of a template: its settings and its lines in one form, beside a preview.

The buttons of lines, the search in the library and a pasted list change the page only. Saving
stores the whole section as one revision.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from roles import search, vocabulary
from roles.importers import pasted_list
from roles.library import template_content, template_sections
from roles.library.template_content import SectionValue
from roles.library.template_sections import StaleTemplate
from roles.models import Snippet, Template
from roles.web.library import section_rows, template_redline
from roles.web.library.section_context import editor_context
from roles.web.library.section_forms import SectionSettingsForm, initial_of
from roles.web.library.section_list import find_section
from roles.web.library.section_state import SectionEditor
from roles.web.library.template_access import get_template
from roles.web.shared import idempotency, pasted_entries
from roles.web.shared.access import person, requires
from roles.web.shared.post_data import number, single


@require_http_methods(["GET", "HEAD", "POST"])
@requires("template.change")
def edit_section(request: HttpRequest, code: str, section_uid: str) -> HttpResponseBase:
    """Changes a section; 409 if someone else changed or removed it since."""
    template = get_template(code)
    stored = find_section(template, section_uid)
    known = stored or _removed_section(template, section_uid)
    if known is None or (stored is None and request.method != "POST"):
        raise Http404
    editor = _editor(request, template, known)
    if request.method != "POST":
        return _page(editor)
    action, _colon, argument = single(request.POST, "action").partition(":")
    if action == "save":
        return _save(editor)
    if action in section_rows.LINE_ACTIONS:
        _change_line(editor, action, argument)
    elif action in PAGE_ACTIONS:
        PAGE_ACTIONS[action](editor, argument)
    return _page(editor)


def _page(editor: SectionEditor) -> HttpResponse:
    context = editor_context(editor)
    return render(editor.request, "library/template_section.html", context, status=editor.status)


def _editor(request: HttpRequest, template: Template, stored: SectionValue) -> SectionEditor:
    initial = initial_of(stored, template_content.state_of(stored))
    posted = request.POST if request.method == "POST" and "line-count" in request.POST else None
    kind = single(request.POST, "kind")
    if kind not in vocabulary.SECTION_KINDS:
        kind = stored.kind
    form = SectionSettingsForm(posted, initial=initial, kind=kind)
    if posted is None:
        rows = section_rows.of_values(stored.lines)
    else:
        rows = section_rows.read(posted, stored.lines)
    return SectionEditor(request, template, stored.uid, stored, form, rows)


def _removed_section(template: Template, uid: str) -> SectionValue | None:
    """Returns a section that was removed while someone edited it, as it was before."""
    for revision in template.revisions.filter(content__contains=f'"{uid}"'):
        for section in template_content.from_json(revision.content):
            if section.uid == uid:
                return section
    return None


# --- buttons that change the page


def _change_line(editor: SectionEditor, action: str, uid: str) -> None:
    try:
        message = section_rows.LINE_ACTIONS[action](editor.rows, uid)
    except LookupError:
        return  # not on the page: an old button
    if message:
        messages.info(editor.request, message, extra_tags="quiet")
    if action == "line-detach":
        editor.focus = f"line-{uid}-text"
    if action == "sub-add":
        added = [row for top in editor.rows if top.uid == uid for row in top.subs]
        editor.focus = f"line-{added[-1].uid}-text" if added else ""


def _add_line(editor: SectionEditor, _argument: str) -> None:
    section_rows.add_line(editor.rows, editor.kind)
    editor.focus = f"line-{editor.rows[-1].uid}-text"


def _add_snippets(editor: SectionEditor, argument: str) -> None:
    """Adds one snippet, or those that were selected, in their order on the page."""
    posted = [argument] if argument else editor.request.POST.getlist("picked")
    ids = [number(pk) for pk in posted]
    found = Snippet.objects.filter(status="active").in_bulk(ids)
    section_rows.add_snippets(editor.rows, [found[pk] for pk in dict.fromkeys(ids) if pk in found])
    if found:
        messages.info(editor.request, _added(len(found)), extra_tags="quiet")
    else:
        messages.error(editor.request, _("Select a snippet first."))


def _paste(editor: SectionEditor, _argument: str) -> None:
    """Adds the lines of a pasted list. Those that the library has are linked to it."""
    text = str(editor.request.POST.get("pasted", ""))
    try:
        entries = pasted_entries.read(text, editor.kind)
    except pasted_list.TooLong as error:
        editor.pasted, editor.paste_error = text, pasted_entries.too_long(error)
        return
    if not entries:
        editor.pasted, editor.paste_error = text, _("Paste a list first.")
        return
    texts = [one.text for entry in entries for one in (entry, *entry.entries)]
    offers = vocabulary.SECTION_KINDS[editor.kind].offers
    revisions = search.in_library(texts, offers) if editor.kind != "table" else []
    ids = {text: hit.snippet_id for text, hit in zip(texts, revisions, strict=False) if hit}
    active = Snippet.objects.filter(status="active").in_bulk(ids.values())
    known = {text: active[pk] for text, pk in ids.items() if pk in active}
    count = section_rows.add_entries(editor.rows, entries, known)
    messages.info(editor.request, _added(count), extra_tags="quiet")


def _added(count: int) -> str:
    return _("1 line added.") if count == 1 else _("%d lines added.") % count


def _nothing(_editor: SectionEditor, _argument: str) -> None:
    """Makes the page again: a search, a preview, or other fields after another kind was chosen."""


PAGE_ACTIONS = {
    "line-add": _add_line,
    "snippet-add": _add_snippets,
    "snippets-add": _add_snippets,
    "lines-paste": _paste,
    "snippets-search": _nothing,
    "preview": _nothing,
    "update": _nothing,
}


# --- saving


def _save(editor: SectionEditor) -> HttpResponseBase:
    request, template = editor.request, editor.template
    address = f"{reverse('template_sections', args=[template.code])}#section-{editor.uid}"
    value = editor.value
    is_valid = editor.form.is_bound and editor.form.is_valid() and not editor.has_row_errors
    changed: list[bool] = []

    def action() -> str:
        base = editor.form.cleaned_data["base"]
        done = template_sections.change_section(
            template=template, section=value, base=base, by=person(request)
        )
        changed.append(done)
        return address

    editor.status = 422
    if not is_valid:
        return _page(editor)
    try:
        address = idempotency.run_once(request, action)
    except StaleTemplate as stale:
        _mark_stale(editor, value, stale)
        return _page(editor)
    except ValidationError as error:
        _refuse(editor, error)
        return _page(editor)
    if changed == [False]:
        messages.info(request, _("No changes to save."))
    else:
        messages.success(request, _("Section saved."))
    return redirect(address)


def _mark_stale(editor: SectionEditor, value: SectionValue, stale: StaleTemplate) -> None:
    """Keeps what was typed on the base of what is stored now, and shows the differences."""
    editor.status, editor.stale = 409, stale
    data = editor.request.POST.copy()
    data["base"] = template_content.state_of(stale.section) if stale.section else ""
    editor.form = SectionSettingsForm(data, initial=editor.form.initial, kind=editor.kind)
    if stale.section is not None:
        pair = (stale.section,), (value,)
        editor.redline = template_redline.compare(editor.template, *pair)


def _refuse(editor: SectionEditor, error: ValidationError) -> None:
    """Puts the errors of the action beside the fields and lines that they are about."""
    rows = {row.uid: row for row in section_rows.every_row(editor.rows)}
    if not hasattr(error, "error_dict"):
        editor.form.refuse(error)
        return
    others: dict[str, Any] = {}
    for name, errors in error.message_dict.items():
        field_name, _dash, uid = name.partition("-")
        if uid in rows:
            rows[uid].errors.setdefault(field_name, []).extend(errors)
        else:
            others[name] = errors
    if others:
        editor.form.refuse(ValidationError(others))
