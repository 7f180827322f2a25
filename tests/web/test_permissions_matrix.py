"""Every URL, method and kind of person, checked against a table written by hand.

The URLs come from the URL configuration: a URL without a row fails, and so does a row without a
URL. The content of allowed pages is tested with those pages.

A new URL needs a row in `TABLE` for each method that it allows: its name, the method, and the
response for each kind of person, from left to right. A method without a row is refused. A URL of
one job description also goes into `OF_ONE`, one of a review into `OF_A_REVIEW`. A kind of person
with few permissions has no column: `LIKE` names the column that applies to it, `DOORS` has a row
for each difference, and `_world` creates its account. Everything is tested again with a
confidential job description.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from roles import exporters
from roles.bulk_exports import export_worker, orders
from roles.library import template_sections
from roles.models import JobDescription, Notification, Review, Reviewer, Rollout, User
from roles.models.organization import Logo
from roles.people import invitation_links, invitations
from roles.reviews import guest_links, suggestions
from roles.web.feedback import thread_pages
from roles.web.library import section_editor, section_list, section_rows
from roles.web.reviews import manage_review
from roles.web.rollouts import rollout_actions
from roles.web.shared import feedback_forms, guest_session
from roles.web.wizard import post_parser, row_parsers, step_actions
from tests import builders, rows

pytestmark = pytest.mark.django_db

# anonymous: not signed in. hr: HR without limits. other_hr: HR of another department than the
# job description's. owner: HR, owns it. hiring_manager: of it. manager: hiring manager of
# others. curator, admin, no_group: no relation to it.
COLUMNS = (
    "anonymous",
    "hr",
    "other_hr",
    "owner",
    "hiring_manager",
    "manager",
    "curator",
    "admin",
    "no_group",
)
METHODS = ("GET", "POST", "PUT")

# ok: allowed (the page, a redirect within the product, or a message about bad input).
# in: redirected to sign-in (401 for a form). 403: visible, but not allowed. 404: hidden.
# 405: the method is refused, which is the response to a method without a row. People who aren't
# signed in are redirected to sign-in first, except for `OPEN`.
TABLE = """
                method anonymous hr   other_hr owner hiring_manager manager curator admin no_group
healthz             GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
metrics             GET     404       404  404      404   404   404     404     404   404
favicon             GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
account_login             GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
account_login             POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
account_login             PUT     ok        ok   ok       ok    ok    ok      ok      ok    ok
brand_css           GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
version_css         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
home                GET     in        ok   ok       ok    ok    ok      ok      ok    ok
logo                GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
public_page         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
public_file         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
robots              GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
verify              GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
verify              POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
verify_copy         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
descriptions        GET     in        ok   ok       ok    ok    ok      403     ok    403
saved_filters       POST    in        ok   ok       ok    ok    ok      403     ok    403
description_new     GET     in        ok   ok       ok    403   403     403     ok    403
description_new     POST    in        ok   ok       ok    403   403     403     ok    403
from_file           GET     in        ok   ok       ok    403   403     403     ok    403
from_file           POST    in        ok   ok       ok    403   403     403     ok    403
description         GET     in        ok   404      ok    ok    404     404     ok    404
description_archive GET     in        ok   404      ok    403   404     404     ok    404
description_archive POST    in        ok   404      ok    403   404     404     ok    404
description_delete  GET     in        ok   404      ok    403   404     404     ok    404
description_delete  POST    in        ok   404      ok    403   404     404     ok    404
description_people  GET     in        ok   404      ok    403   404     404     ok    404
description_people  POST    in        ok   404      ok    403   404     404     ok    404
description_publish GET     in        403  404      ok    403   404     404     ok    404
description_publish POST    in        403  404      ok    403   404     404     ok    404
description_history GET     in        ok   404      ok    ok    404     404     ok    404
audit_record            GET     in        ok   404      ok    ok    404     404     ok    404
audit_record            POST    in        ok   404      ok    ok    404     404     ok    404
wizard_step         GET     in        ok   404      ok    403   404     404     ok    404
wizard_step         POST    in        ok   404      ok    403   404     404     ok    404
wizard_presence     GET     in        ok   404      ok    403   404     404     ok    404
wizard_pick         GET     in        ok   404      ok    403   404     404     ok    404
wizard_paste        GET     in        ok   404      ok    403   404     404     ok    404
wizard_paste        POST    in        ok   404      ok    403   404     404     ok    404
wizard_line         GET     in        ok   404      ok    403   404     404     ok    404
wizard_placeholders GET     in        ok   404      ok    403   404     404     ok    404
description_template GET    in        ok   404      ok    403   404     404     ok    404
description_template POST   in        ok   404      ok    403   404     404     ok    404
wizard_pay_chart    GET     in        ok   404      ok    403   404     404     ok    404
preview             GET     in        ok   404      ok    ok    404     404     ok    404
draft_export        GET     in        ok   404      ok    ok    404     404     ok    404
version             GET     in        ok   404      ok    ok    404     404     ok    404
version_restore     GET     in        ok   404      ok    403   404     404     ok    404
version_restore     POST    in        ok   404      ok    403   404     404     ok    404
version_make_current   GET     in        403  404      ok    403   404     404     ok    404
version_make_current   POST    in        403  404      ok    403   404     404     ok    404
compare             GET     in        ok   404      ok    ok    404     404     ok    404
compare_export      GET     in        ok   404      ok    ok    404     404     ok    404
version_export      GET     in        ok   404      ok    ok    404     404     ok    404
catalog                GET     in        ok   ok       ok    ok    ok      ok      ok    403
search                 GET     in        ok   ok       ok    ok    ok      ok      ok    403
catalog_job                 GET     in        ok   404      ok    ok    ok      ok      ok    403
catalog_file            GET     in        ok   404      ok    ok    ok      ok      ok    403
levels              GET     in        ok   ok       ok    ok    ok      403     ok    403
library             GET     in        ok   ok       ok    403   403     ok      ok    403
snippet_new         GET     in        403  403      403   403   403     ok      ok    403
snippet_new         POST    in        403  403      403   403   403     ok      ok    403
snippet             GET     in        ok   ok       ok    403   403     ok      ok    403
snippet_revise      GET     in        403  403      403   403   403     ok      ok    403
snippet_revise      POST    in        403  403      403   403   403     ok      ok    403
snippet_tags        GET     in        403  403      403   403   403     ok      ok    403
snippet_tags        POST    in        403  403      403   403   403     ok      ok    403
snippet_status      POST    in        403  403      403   403   403     ok      ok    403
templates           GET     in        ok   ok       ok    403   403     ok      ok    403
template_new        GET     in        ok   ok       ok    403   403     ok      ok    403
template_new        POST    in        ok   ok       ok    403   403     ok      ok    403
template            GET     in        ok   ok       ok    403   403     ok      ok    403
template_picture    GET     in        ok   ok       ok    403   403     ok      ok    403
template_edit       GET     in        ok   ok       ok    403   403     ok      ok    403
template_edit       POST    in        ok   ok       ok    403   403     ok      ok    403
template_status     POST    in        ok   ok       ok    403   403     ok      ok    403
template_sections       GET  in       ok   ok       ok    403   403     ok      ok    403
template_sections       POST in       ok   ok       ok    403   403     ok      ok    403
template_section        GET  in       ok   ok       ok    403   403     ok      ok    403
template_section        POST in       ok   ok       ok    403   403     ok      ok    403
template_section_remove GET  in       ok   ok       ok    403   403     ok      ok    403
template_section_remove POST in       ok   ok       ok    403   403     ok      ok    403
template_revisions      GET  in       ok   ok       ok    403   403     ok      ok    403
template_revision       GET  in       ok   ok       ok    403   403     ok      ok    403
template_revision       POST in       ok   ok       ok    403   403     ok      ok    403
exports             GET     in        ok   ok       ok    ok    ok      403     ok    403
export_new          GET     in        ok   ok       ok    ok    ok      403     ok    403
export_new          POST    in        ok   ok       ok    ok    ok      403     ok    403
export              GET     in        404  404      ok    404   404     404     ok    404
export              POST    in        404  404      ok    404   404     404     ok    404
export_file         GET     in        404  404      ok    404   404     404     ok    404
rollouts            GET     in        ok   ok       ok    403   403     403     ok    403
rollout_new         GET     in        ok   ok       ok    403   403     403     ok    403
rollout_new         POST    in        ok   ok       ok    403   403     403     ok    403
rollout_preview     GET     in        ok   404      ok    403   404     404     ok    404
rollout             GET     in        ok   ok       ok    404   404     404     ok    404
rollout             POST    in        ok   ok       ok    404   404     404     ok    404
rollout_entry       GET     in        ok   404      ok    404   404     404     ok    404
change_selected     GET     in        ok   ok       ok    403   403     403     ok    403
change_selected     POST    in        ok   ok       ok    403   403     403     ok    403
transfer            GET     in        ok   ok       ok    403   403     403     ok    403
transfer            POST    in        ok   ok       ok    403   403     403     ok    403
people              GET     in        403  403      403   403   403     403     ok    403
person              GET     in        403  403      403   403   403     403     ok    403
people_invite       GET     in        403  403      403   403   403     403     ok    403
people_invite       POST    in        403  403      403   403   403     403     ok    403
people_resend       POST    in        403  403      403   403   403     403     ok    403
person_edit         GET     in        403  403      403   403   403     403     ok    403
person_edit         POST    in        403  403      403   403   403     403     ok    403
person_resend       POST    in        403  403      403   403   403     403     ok    403
person_cancel       GET     in        403  403      403   403   403     403     ok    403
person_cancel       POST    in        403  403      403   403   403     403     ok    403
person_sessions_end POST    in        403  403      403   403   403     403     ok    403
person_factors_remove GET   in        403  403      403   403   403     403     ok    403
person_factors_remove POST  in        403  403      403   403   403     403     ok    403
person_password_reset POST  in        403  403      403   403   403     403     ok    403
invitation          GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
invitation          POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
person_deactivate   GET     in        403  403      403   403   403     403     ok    403
person_deactivate   POST    in        403  403      403   403   403     403     ok    403
person_reactivate   POST    in        403  403      403   403   403     403     ok    403
person_erase        GET     in        403  403      403   403   403     403     ok    403
person_erase        POST    in        403  403      403   403   403     403     ok    403
settings            GET     in        403  403      403   403   403     403     ok    403
settings_organization   GET  in       403  403      403   403   403     403     ok    403
settings_organization   POST in       403  403      403   403   403     403     ok    403
settings_brand          GET  in       403  403      403   403   403     403     ok    403
settings_brand          POST in       403  403      403   403   403     403     ok    403
settings_brand_sample   GET  in       403  403      403   403   403     403     ok    403
settings_statements     GET  in       403  403      403   403   403     403     ok    403
settings_statement_add  GET  in       403  403      403   403   403     403     ok    403
settings_statement_add  POST in       403  403      403   403   403     403     ok    403
settings_statement      POST in       403  403      403   403   403     403     ok    403
settings_list           GET  in       403  403      403   403   403     403     ok    403
settings_row_add        GET  in       403  403      403   403   403     403     ok    403
settings_row_add        POST in       403  403      403   403   403     403     ok    403
settings_row            GET  in       403  403      403   403   403     403     ok    403
settings_row            POST in       403  403      403   403   403     403     ok    403
settings_row_move       POST in       403  403      403   403   403     403     ok    403
settings_row_delete     GET  in       403  403      403   403   403     403     ok    403
settings_row_delete     POST in       403  403      403   403   403     403     ok    403
settings_audiences      GET  in       403  403      403   403   403     403     ok    403
settings_audiences      POST in       403  403      403   403   403     403     ok    403
settings_prefixes       GET  in       403  403      403   403   403     403     ok    403
settings_prefixes       POST in       403  403      403   403   403     403     ok    403
settings_figures_import GET  in       403  403      403   403   403     403     ok    403
settings_figures_import POST in       403  403      403   403   403     403     ok    403
settings_figures_csv    GET  in       403  403      403   403   403     403     ok    403
settings_email          GET  in       403  403      403   403   403     403     ok    403
settings_email          POST in       403  403      403   403   403     403     ok    403
settings_history        GET  in       403  403      403   403   403     403     ok    403
settings_about          GET  in       403  403      403   403   403     403     ok    403
regions             GET     in        ok   ok       ok    403   403     403     ok    403
start_add           GET     in        ok   ok       ok    403   403     403     ok    403
start_add           POST    in        ok   ok       ok    403   403     403     ok    403
wizard_add          GET     in        ok   404      ok    403   404     404     ok    404
wizard_add          POST    in        ok   404      ok    403   404     404     ok    404
reviews             GET     in        ok   ok       ok    ok    ok      ok      ok    ok
notifications       GET     in        ok   ok       ok    ok    ok      ok      ok    ok
notifications       POST    in        ok   ok       ok    ok    ok      ok      ok    ok
notification        GET     in        404  404      ok    404   404     404     404   404
email_preferences         GET     in        ok   ok       ok    ok    ok      ok      ok    ok
email_preferences         POST    in        ok   ok       ok    ok    ok      ok      ok    ok
activity            GET     in        ok   ok       ok    ok    ok      403     ok    403
guest               GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
guest               POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
guest_code          GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
guest_code          POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
guest_leave         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
guest_leave         POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
review              GET     in        ok   404      ok    ok    404     404     ok    404
review_comment          GET     in        ok   404      ok    403   404     404     ok    404
review_comment          POST    in        ok   404      ok    403   404     404     ok    404
review_thread       GET     in        ok   404      ok    ok    404     404     ok    404
review_thread       POST    in        ok   404      ok    403   404     404     ok    404
review_decide       GET     in        403  404      403   403   404     404     403   404
review_decide       POST    in        403  404      403   403   404     404     403   404
review_delegate     GET     in        403  404      403   403   404     404     403   404
review_delegate     POST    in        403  404      403   403   404     404     403   404
review_request          GET     in        ok   404      ok    403   404     404     ok    404
review_request          POST    in        ok   404      ok    403   404     404     ok    404
review_manage       GET     in        ok   404      ok    403   404     404     ok    404
review_manage       POST    in        ok   404      ok    403   404     404     ok    404
review_reviewer         GET     in        ok   404      ok    403   404     404     ok    404
review_reviewer         POST    in        ok   404      ok    403   404     404     ok    404
suggestions         GET     in        ok   404      ok    403   404     404     ok    404
suggestions         POST    in        ok   404      ok    403   404     404     ok    404
suggestion          GET     in        ok   404      ok    403   404     404     ok    404
suggestion          POST    in        ok   404      ok    403   404     404     ok    404
provider_add        GET     in    403   403   403   403   403   403   ok    403
provider_add        POST    in    403   403   403   403   403   403   ok    403
provider_edit       GET     in    403   403   403   403   403   403   404   403
provider_edit       POST    in    403   403   403   403   403   403   404   403
provider_remove     GET     in    403   403   403   403   403   403   404   403
provider_remove     POST    in    403   403   403   403   403   403   404   403
settings_security   GET     in    403   403   403   403   403   403   ok    403
settings_security   POST    in    403   403   403   403   403   403   ok    403
"""

# Sign-in and one's own account: everyone who is signed in gets the same answer. Parts that the
# person doesn't have (a factor, a session) and providers that aren't set up are 404.
ALIKE = """
name                                   anonymous others methods
account_change_password                in    ok   GET POST PUT
account_confirm_email                  404   404  POST
account_confirm_email                  ok    ok   GET
account_email                          in    ok   GET POST PUT
account_email_verification_sent        ok    ok   GET
account_inactive                       ok    ok   GET
account_reauthenticate                 in    ok   GET POST PUT
account_reset_password                 ok    ok   GET POST PUT
account_reset_password_done            ok    ok   GET
account_reset_password_from_key        ok    ok   GET POST PUT
account_reset_password_from_key_done   ok    ok   GET
account_logout                         ok    ok   GET POST
set_up                                 404   404  GET POST
account_security                       in    ok   GET
account_set_password                   in    ok   GET POST PUT
carry_to_provider                      404   404  POST
confirm_with_provider                  in    404  GET
identity_confirmed                     in    ok   GET
mfa_activate_totp                      in    ok   GET POST PUT
mfa_add_webauthn                       in    ok   GET POST PUT
mfa_authenticate                       ok    ok   GET POST PUT
mfa_deactivate_totp                    in    404  GET POST PUT
mfa_download_recovery_codes            in    404  GET POST PUT
mfa_edit_webauthn                      in    404  GET POST PUT
mfa_generate_recovery_codes            in    ok   GET POST PUT
mfa_index                              in    ok   GET
mfa_list_webauthn                      in    ok   GET
mfa_login_webauthn                     ok    ok   GET POST PUT
mfa_reauthenticate                     in    ok   GET POST PUT
mfa_reauthenticate_webauthn            in    ok   GET POST PUT
mfa_remove_webauthn                    in    404  GET POST
mfa_view_recovery_codes                in    404  GET
openid_connect_callback                404   404  GET POST PUT
openid_connect_login                   404   404  GET POST PUT
resubmit                               in    ok   GET
saml_acs                               ok    ok   POST
saml_finish_acs                        404   404  GET POST PUT
saml_login                             404   404  GET POST PUT
saml_metadata                          404   404  GET POST PUT
saml_sls                               404   404  GET POST PUT
session_end                            in    404  POST
sessions_end                           in    ok   POST
socialaccount_login_cancelled          ok    ok   GET
"""

OPEN = (  # needs no sign-in
    *(
        "healthz",
        "metrics",
        "favicon",
        "account_login",
        "brand_css",
        "version_css",
        "logo",
        "robots",
        "verify",
        "verify_copy",
    ),
    *("public_page", "public_file", "guest", "guest_code", "guest_leave", "invitation"),
    *(row.split()[0] for row in ALIKE.strip().splitlines()[1:] if row.split()[1] != "in"),
)

# employee: reads current versions. reviewer: no group, reviewer of the review. guest: invited to it
# by email, with link and code.
LIKE = {"employee": "no_group", "reviewer": "no_group", "guest": "anonymous"}
DOORS = """
kind      name                method  answer
employee  catalog                GET     ok
employee  search                 GET     ok
employee  catalog_job                 GET     ok
employee  catalog_file            GET     ok
reviewer  review              GET     ok
guest     review              GET     ok
reviewer  review_comment          GET     ok
reviewer  review_comment          POST    ok
guest     review_comment          GET     ok
guest     review_comment          POST    ok
reviewer  review_thread       GET     ok
reviewer  review_thread       POST    ok
guest     review_thread       GET     ok
guest     review_thread       POST    ok
reviewer  review_decide       GET     ok
reviewer  review_decide       POST    ok
guest     review_decide       GET     ok
guest     review_decide       POST    ok
reviewer  review_delegate     GET     ok
reviewer  review_delegate     POST    ok
reviewer  review_manage       GET     403
reviewer  review_manage       POST    403
reviewer  review_reviewer         GET     403
reviewer  review_reviewer         POST    403
reviewer  suggestions         GET     403
reviewer  suggestions         POST    403
reviewer  suggestion          GET     403
reviewer  suggestion          POST    403
"""

# POST with the value of a button (`action`), for each kind of person. Rows of one URL and
# different answers are apart, so that a button that asks for more than its page shows.
ACTIONS = """
                    anonymous hr   other_hr owner hiring_manager manager curator admin no_group
description_archive in        ok   404      ok    403            404     404     ok    404
    archive unarchive
wizard_step         in        ok   404      ok    403            404     404     ok    404
    autosave save next back go open undo redo version version:review version:same
wizard_step         in        ok   404      ok    403            404     404     ok    404
    line-up line-down line-in line-out line-place line-to line-reset line-remove line-add sub-add
    lines-add snippet-add snippets-add section-up section-down section-remove section-add
    pay-add pay-remove section-place section-start section-audience lines-set lines-remove
    line-newer fix list-add
wizard_step         in        ok   404      ok    403            404     404     ok    404
    suggestion-accept suggestion-change suggestion-new suggestion-decline suggestions-fit
    thread-reply thread-resolve
suggestions         in        ok   404      ok    403            404     404     ok    404
    suggestion-accept suggestion-change suggestion-new suggestion-decline suggestions-fit
    thread-reply thread-resolve
suggestion          in        ok   404      ok    403            404     404     ok    404
    suggestion-accept suggestion-change suggestion-new suggestion-decline suggestions-fit
    thread-reply thread-resolve
review_thread       in        ok   404      ok    403            404     404     ok    404
    reply resolve reopen withdraw
review_request      in        ok   404      ok    403            404     404     ok    404
    send check add up down remove
review_manage       in        ok   404      ok    403            404     404     ok    404
    round date withdraw add
review_manage       in        404  404      404   403            404     404     404   404
    resend link
review_reviewer     in        ok   404      ok    403            404     404     ok    404
    replace remove record
export              in        404  404      ok    404            404     404     ok    404
    again cancel
people_invite       in        403  403      403   403            403     403     ok    403
    preview send
template_sections   in        ok   ok       ok    403            403     ok      ok    403
    section-new section-up section-down
template_section    in        ok   ok       ok    403            403     ok      ok    403
    save update preview line-add line-up line-down line-in line-out line-remove line-detach
    sub-add snippet-add snippets-add snippets-search lines-paste
rollout             in        ok   ok       ok    404            404     404     ok    404
    go_on current withdraw
rollout             in        403  403      403   404            404     404     403   404
    approve approve_all ask_for_changes
"""
# Reviewers and guests, who have no column.
ACTION_DOORS = """
reviewer review_thread   ok  reply resolve reopen withdraw
guest    review_thread   ok  reply resolve reopen withdraw
reviewer review_manage   403 round date withdraw add resend link
reviewer review_reviewer 403 replace remove record
reviewer suggestions     403 suggestion-accept suggestion-change suggestion-new suggestion-decline
reviewer suggestions     403 suggestions-fit thread-reply thread-resolve
reviewer suggestion      403 suggestion-accept suggestion-change suggestion-new suggestion-decline
reviewer suggestion      403 suggestions-fit thread-reply thread-resolve
"""
WITHOUT_ACCOUNT = ("anonymous", "guest")
PEOPLE = (*COLUMNS, *LIKE)


def _expected() -> dict[tuple[str, str], dict[str, str]]:
    """The tables by URL name and method: person to answer."""
    head, *rows = [row.split() for row in TABLE.strip().splitlines()]
    assert head == ["method", *COLUMNS]
    given = {
        (name, method): dict(zip(COLUMNS, cells, strict=True)) for name, method, *cells in rows
    }
    assert len(given) == len(rows), "a row is there twice"
    for name, anonymous, others, *methods in map(str.split, ALIKE.strip().splitlines()[1:]):
        for method in methods:
            alike = dict.fromkeys(COLUMNS, others) | {"anonymous": anonymous}
            assert given.setdefault((name, method), alike) is alike, "a row is there twice"
    expected_cells = {}
    for name in {name for name, _method in given}:
        refused = dict.fromkeys(COLUMNS, "405") | ({} if name in OPEN else {"anonymous": "in"})
        for method in METHODS:
            answers = given.get((name, method), refused)
            expected_cells[name, method] = answers | {
                kind: answers[like] for kind, like in LIKE.items()
            }
    doors = [row.split() for row in DOORS.strip().splitlines()[1:]]
    for name in {name for kind, name, _method, _cell in doors if kind == "guest"}:
        for method in METHODS:  # signed in, so the method is refused
            if (name, method) not in given:
                expected_cells[name, method]["guest"] = "405"
    for kind, name, method, cell in doors:
        assert expected_cells[name, method][kind] != cell, "the row is redundant"
        expected_cells[name, method][kind] = cell
    return expected_cells


def _expected_actions() -> dict[tuple[str, str], dict[str, str]]:
    """The table of actions by URL name and action: person to answer."""
    head, *lines = ACTIONS.strip("\n").splitlines()
    assert head.split() == list(COLUMNS)
    expected_cells: dict[tuple[str, str], dict[str, str]] = {}
    name, cells = "", {}
    for line in lines:
        if not line.startswith(" "):
            name, *answers = line.split()
            cells = dict(zip(COLUMNS, answers, strict=True))
            cells |= {kind: cells[like] for kind, like in LIKE.items()}
            continue
        for action in line.split():
            assert (name, action) not in expected_cells, "an action is there twice"
            expected_cells[name, action] = dict(cells)
    for door in ACTION_DOORS.strip().splitlines():
        kind, name, answer_given, *actions = door.split()
        for action in actions:
            expected_cells[name, action][kind] = answer_given
    return expected_cells


EXPECTED = _expected()
EXPECTED_ACTIONS = _expected_actions()
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
NAMES = sorted({name for name, _method in EXPECTED})
OF_ONE = [  # the URLs of one job description
    *("description", "description_archive", "description_delete", "description_people"),
    *("wizard_step", "wizard_pick", "preview", "draft_export", "description_template"),
    *("wizard_pay_chart", "wizard_paste", "wizard_line", "wizard_placeholders", "wizard_presence"),
    "wizard_add",
    *(
        "version",
        "version_restore",
        "version_export",
        "version_make_current",
        "description_publish",
    ),
    *("description_history", "compare", "compare_export", "review_request"),
    *("rollout_preview", "rollout_entry"),
]
OF_A_REVIEW = [
    *("review", "review_comment", "review_thread", "review_decide", "review_delegate"),
    *("review_manage", "review_reviewer", "suggestions", "suggestion"),
]
FOR_OTHERS = [
    "public_page",
    "public_file",
    "catalog_job",
    "catalog_file",
]  # those who need not know its owner


def _named_urls(patterns: list[URLPattern | URLResolver]) -> Iterator[str | None]:
    """The names of all URLs but the admin's, which is one prefix."""
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.app_name != "admin":
                yield from _named_urls(one.url_patterns)
        else:
            yield one.name


@dataclass
class World:
    """A job description of the department Sales, and someone of each kind."""

    people: dict[str, User]
    arguments: dict[str, Any]
    review: Review
    guest: Reviewer
    sessions: dict[str, str] = field(default_factory=dict)

    def begin_sessions(self) -> None:
        """Create the sessions once: their rows are inserted in the database of each test."""
        for who in PEOPLE:
            client = Client()
            if who == "guest":
                session = client.session
                until = time.time() + 3600
                known = {"reviewer": self.guest.pk, "key": self.guest.link_key, "until": until}
                session[guest_session.SESSION_KEY] = known
                session.save()
            elif who != "anonymous":
                builders.sign_in(client, self.people[who])
            if who != "anonymous":
                self.sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def client(self, who: str) -> Client:
        client = Client()
        if who in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def url(self, name: str) -> str:
        """The URL of that name, with the arguments that it takes."""
        parameters = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
        values = self.arguments | ({"pk": self.review.pk} if name in OF_A_REVIEW else {})
        if name == "invitation":
            values["token"] = values["invitation"]
        values |= {"pk": builders.family().pk} if name.startswith("settings_row") else {}
        return reverse(name, kwargs={argument: values[argument] for argument in parameters})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, _world_with_rows: tuple[World, rows.Rows]) -> World:
    """The same world for every test, created once and inserted in the database of each."""
    _render_little(monkeypatch)
    rows.insert(connection, _world_with_rows[1])
    return _world_with_rows[0]


@pytest.fixture(scope="module")
def _world_with_rows(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[World, rows.Rows]:
    worlds: list[World] = []
    media = str(tmp_path_factory.getbasetemp() / "media")
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(MEDIA_ROOT=media),
        django_db_blocker.unblock(),
    ):
        _render_little(patch)

        def make() -> None:
            worlds.append(_world())
            worlds[0].begin_sessions()

        written = rows.written_by(connection, make)
    return worlds[0], written


def _render_little(monkeypatch: pytest.MonkeyPatch) -> None:
    text = builders.format(lambda _document, _edition: b"text")
    monkeypatch.setitem(exporters.FORMATS, "txt", text)  # a PDF takes time and adds nothing
    redline = builders.format(lambda _found, _old, _new: b"text")
    monkeypatch.setitem(exporters.REDLINES, "txt", redline)


def _world() -> World:
    kinds = {"hiring_manager": "manager", "owner": "hr", "other_hr": "hr"}
    accounts = [who for who in PEOPLE if who not in WITHOUT_ACCOUNT]
    people = {who: builders.user(kinds.get(who, who)) for who in accounts}
    people["other_hr"].departments.add(builders.department("Legal"))
    jd = builders.description(
        people["owner"],
        hiring_managers=(people["hiring_manager"],),
        department=builders.department("Sales"),
    )
    version = builders.published(jd)
    logo = Logo.objects.create(digest="ab12", content=LOGO)
    export = orders.order(by=people["owner"], references=[jd.reference], formats=["txt"])
    export_worker.run(export.pk)
    other = builders.description(
        people["owner"],
        hiring_managers=(people["hiring_manager"],),
        department=builders.department("Sales"),
    )
    review = builders.review(other, people["reviewer"], "joan@example.org")
    guest = builders.reviewer_row(review, "joan@example.org")
    line = other.lines.get(section__kind="summary")
    suggestion = suggestions.suggest(
        reader=builders.reader(review, people["reviewer"]),
        version=other.versions.get(),
        proposal=suggestions.Proposal("remove", line.section.uid, line.uid),
    )
    notification = Notification.objects.create(user=people["owner"], verb="news", description=jd)
    snippet = builders.snippet(by=people["curator"])
    rollout = Rollout.objects.create(
        revision=snippet.latest(), by=people["owner"], approver=people["manager"]
    )
    rollout.entries.create(description=jd, reason="It is archived.")
    invitee = invitations.Invitee("kim@example.org")
    invitation = invitations.invite(invitee=invitee, by=people["admin"])
    template = builders.template("Field sales manager")
    template_sections.record_saved(template, people["curator"])
    arguments = {
        "reference": jd.reference,
        "step": "responsibilities",
        "section": jd.sections.all()[0].uid,
        "uid": jd.lines.all()[0].uid,
        "pay": builders.add_section(jd, "pay", "Pay"),
        "format": "txt",
        "color_digits": "1f4e79",
        "number": 1,
        "pk": snippet.pk,
        "snippet": snippet.pk,
        "rollout": rollout.pk,
        "digest": logo.digest,
        "export": export.pk,
        "notification_id": notification.pk,
        "token": guest_links.token(guest),
        "invitation": invitation_links.token(invitation),
        "reviewer_id": guest.pk,
        "thread": suggestion.thread_id,
        "key": people["manager"].pk,
        "digits": version.sha256,
        "code": template.code,
        "section_uid": template.sections.all()[0].uid,
        "revision": 1,
        "kind": "saml",
        "organization_slug": "none",
        "provider_id": "none",
        "uidb36": "none",
        "list_name": "families",
        "category": "company",
    }
    return World(people, arguments, review, guest)


def answer(response: Any) -> str:
    """A response as the table calls it."""
    if response.status_code == 401 or "/sign-in/?next=" in response.headers.get("Location", ""):
        return "in"
    if response.status_code in (200, 302, 409, 422):
        return "ok"
    return str(response.status_code)


def _confidential(name: str, method: str) -> dict[str, str]:
    """Returns the expected responses for a confidential job description: 404 for everyone except
    its owner, hiring managers and reviewers, and it is not in the catalog."""
    answers = EXPECTED[name, method]
    if name in FOR_OTHERS:
        return {who: "404" if cell == "ok" else cell for who, cell in answers.items()}
    if name not in OF_ONE + OF_A_REVIEW:
        return answers
    relations = {"reviewer", "guest"} if name in OF_A_REVIEW else set()
    may = {who for who, cell in answers.items() if cell in ("ok", "403")}
    hidden = may - {"owner", "hiring_manager"} - relations
    return answers | dict.fromkeys(hidden, "404")


def test_every_url_has_rows_and_every_row_has_a_url() -> None:
    """A new URL needs a line in the table for each method that it takes."""
    names = sorted(str(name) for name in _named_urls(get_resolver().url_patterns))
    assert names == NAMES
    assert {*OPEN, *OF_ONE, *OF_A_REVIEW, *FOR_OTHERS} <= set(NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_permissions(name: str, world: World) -> None:
    """Each method of this URL for each kind of person. Each request is rolled back."""
    for method in METHODS:
        assert _got(world, name, method) == EXPECTED[name, method], method


@pytest.mark.slow
@pytest.mark.parametrize("name", [*OF_ONE, *OF_A_REVIEW, *FOR_OTHERS])
def test_permissions_for_a_confidential_job_description(name: str, world: World) -> None:
    """Only the owner and the hiring managers can find out that it exists."""
    JobDescription.objects.update(confidential=True)
    for method in METHODS:
        wanted = _confidential(name, method)
        if set(wanted.values()) - {"405", "in"}:  # refused methods are refused earlier
            assert _got(world, name, method) == wanted, method


def _got(world: World, name: str, method: str) -> dict[str, str]:
    """Returns the response for each person."""
    return _answers(world, lambda client: client.generic(method, world.url(name)))


def _answers(world: World, request: Callable[[Client], Any]) -> dict[str, str]:
    got = {}
    for who in PEOPLE:
        client = world.client(who)
        with transaction.atomic():
            got[who] = answer(request(client))
            transaction.set_rollback(True)
    return got


# The tables of form actions in the code, by URL. What is compared without a table is in templates.
TABLES_OF_ACTIONS: dict[str, list[Collection[str]]] = {
    "wizard_step": [
        post_parser.ACTIONS,
        feedback_forms.ACTIONS,
        step_actions.VERSION_ACTIONS,
        step_actions.UNDO_ACTIONS,
        [button for _field, button, _parser in row_parsers.NEW_ROW_PARSERS.values()],
    ],
    "suggestions": [feedback_forms.ACTIONS],
    "suggestion": [feedback_forms.ACTIONS],
    "review_thread": [thread_pages.ACTIONS],
    "review_manage": [manage_review.REVIEW_ACTIONS],
    "review_reviewer": [manage_review.REVIEWER_ACTIONS],
    "template_sections": [section_list.SECTION_ACTIONS],
    "template_section": [section_rows.LINE_ACTIONS, section_editor.PAGE_ACTIONS],
    "rollout": [rollout_actions.AUTHOR_ACTIONS, rollout_actions.REVIEWER_ACTIONS],
}


def test_every_action_of_the_code_has_a_row() -> None:
    """A new row in a table of form actions needs one in `ACTIONS`."""
    for name, tables in TABLES_OF_ACTIONS.items():
        in_code = {action for table in tables for action in table}
        assert in_code <= {action for url, action in EXPECTED_ACTIONS if url == name}, name
    tables_of_code = {
        path.stem
        for path in (settings.BASE_DIR / "roles" / "web").rglob("*.py")
        if re.search(r"^(?:\w+_)?ACTIONS\b", path.read_text(), re.MULTILINE)
    }
    assert tables_of_code == {
        *("post_parser", "feedback_forms", "step_actions", "thread_pages", "manage_review"),
        *("rollout_actions", "section_list", "section_rows", "section_editor"),
    }


def test_every_button_of_a_template_has_a_row() -> None:
    """A new value of a button `action` needs a row in `ACTIONS`."""
    names = {action for _url, action in EXPECTED_ACTIONS}
    buttons = set()
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        buttons |= set(re.findall(r'name="action"\s+value="([^"]*)"', path.read_text()))
    buttons = {re.sub(r"suggestion-{%.*%}", "suggestion-change", value) for value in buttons}
    assert len(buttons) > 50
    pressed = {value if value in names else value.partition(":")[0] for value in buttons}
    assert pressed - {""} <= names
    assert not re.search(r'name="do"', "".join(map(str, buttons)))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "action"), sorted(EXPECTED_ACTIONS))
def test_permissions_of_actions(name: str, action: str, world: World) -> None:
    """Each button for each kind of person. Each request is rolled back."""
    url, posted = world.url(name), {"action": action, "token": "0"}
    got = _answers(world, lambda client: client.post(url, posted))
    assert got == EXPECTED_ACTIONS[name, action]


@pytest.mark.both_databases
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(NAMES))
def test_pages_are_the_same_while_nothing_can_be_stored(name: str, world: World) -> None:
    """What a page stores along the way isn't needed to read it."""
    changes_data = {"guest_code", "guest_leave", "account_email"} & {name}
    read_only = {"sqlite": "PRAGMA query_only = 1", "postgresql": "SET TRANSACTION READ ONLY"}
    for who in () if changes_data else PEOPLE:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(read_only[connection.vendor])
            got = answer(world.client(who).get(world.url(name)))
            transaction.set_rollback(True)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = 0")
        wanted = "503" if name == "healthz" else EXPECTED[name, "GET"][who]
        assert got == wanted, who


@pytest.mark.parametrize("who", PEOPLE)
def test_the_admin_is_for_administrators(who: str, world: World) -> None:
    """All its pages have one prefix."""
    wanted = "ok" if who == "admin" else "in"
    for name in ("index", "roles_user_changelist", "roles_jobdescription_changelist"):
        response = world.client(who).get(reverse(f"admin:{name}"))
        got = "in" if "/admin/login/" in response.headers.get("Location", "") else answer(response)
        assert got == wanted
