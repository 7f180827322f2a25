"""The steps of the wizard: order, title, and the section kinds that each edits."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Step:
    """One page of the wizard at edit/<slug>/."""

    slug: str
    title: str | Promise
    lead: str | Promise
    kinds: tuple[str, ...] = ()
    template: str = "wizard/step.html"


STEPS: tuple[Step, ...] = (
    Step(
        "details",
        _("Job details"),
        _("Enter the facts about the job. They are printed, except those you clear below."),
        ("facts",),
        "wizard/details.html",
    ),
    Step(
        "responsibilities",
        _("Responsibilities"),
        _("Describe what the person does. Add snippets from the library and adapt them."),
        ("objectives", "responsibilities", "outcomes"),
    ),
    Step(
        "qualifications",
        _("Skills and qualifications"),
        _("Describe what the person needs. Mark each line as required or preferred."),
        ("skills", "qualifications"),
    ),
    Step(
        "summary",
        _("Summary"),
        _(
            "Introduce your organization and the job."
            " It’s easier once the responsibilities are written."
        ),
        ("company", "summary", "about_role"),
    ),
    Step(
        "conditions",
        _("Conditions and people"),
        _("Describe where and how the work is done, and who the person works with."),
        ("conditions", "reporting", "collaborators", "career"),
    ),
    Step(
        "pay",
        _("Pay and benefits"),
        _("Set pay ranges, compare them with market data, and describe benefits."),
        ("pay", "benefits"),
    ),
    Step(
        "closing",
        _("How to apply and legal"),
        _("Add questions and answers, how to apply, and legal statements."),
        ("faq", "apply", "legal", "acknowledgment", "table", "other"),
    ),
    Step(
        "finish",
        _("Finish"),
        _("Fill in the remaining blanks, check the text, and save a version."),
        (),
        "wizard/finish.html",
    ),
)
BY_SLUG = {step.slug: step for step in STEPS}


def step_of(kind: str) -> Step:
    """Returns the step that edits sections of this kind."""
    return next(step for step in STEPS if kind in step.kinds)


def neighbor(step: Step, by: int) -> Step:
    """Returns the next (by 1) or previous (by -1) step; `step` at the ends."""
    return STEPS[min(max(STEPS.index(step) + by, 0), len(STEPS) - 1)]
