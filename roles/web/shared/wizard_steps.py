"""The steps of the wizard: order, title, and the section kinds that each edits."""

from __future__ import annotations

from collections.abc import Collection
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
        _("The facts of the job. Each is shown only where you choose to show it."),
        ("facts",),
        "wizard/details.html",
    ),
    Step(
        "responsibilities",
        _("Responsibilities"),
        _("What the person does. Take sentences from the library and make them yours."),
        ("objectives", "responsibilities", "outcomes"),
    ),
    Step(
        "qualifications",
        _("Skills and qualifications"),
        _("What the person brings. Mark what is required and what is only preferred."),
        ("skills", "qualifications"),
    ),
    Step(
        "summary",
        _("Summary"),
        _("Who you are and what the job is about. Easier now that the duties stand."),
        ("company", "summary", "about_role"),
    ),
    Step(
        "conditions",
        _("Conditions and people"),
        _("Where and how the work is done, and with whom."),
        ("conditions", "reporting", "collaborators", "career"),
    ),
    Step(
        "pay",
        _("Pay and benefits"),
        _("Ranges with the market beside them, and what else you offer."),
        ("pay", "benefits"),
    ),
    Step(
        "closing",
        _("Closing text"),
        _("Questions and answers, how to apply, and what the law asks for."),
        ("faq", "apply", "legal", "acknowledgment", "other"),
    ),
    Step(
        "finish",
        _("Finish"),
        _("Answer what is still open, read it once more, and save a version."),
        (),
        "wizard/finish.html",
    ),
)
BY_SLUG = {step.slug: step for step in STEPS}
ALWAYS = ("details", "finish")


def step_of(kind: str) -> Step:
    """The step that edits sections of this kind."""
    return next(step for step in STEPS if kind in step.kinds)


def used_steps(kinds: Collection[str]) -> list[Step]:
    """The steps that a job description with sections of these kinds goes through."""
    return [s for s in STEPS if s.slug in ALWAYS or not set(kinds).isdisjoint(s.kinds)]


def neighbor(step: Step, kinds: Collection[str], by: int) -> Step:
    """The next (by 1) or previous (by -1) step that has a section; the same at the ends."""
    used = used_steps(kinds)
    order = [s for s in STEPS if s in used or s == step]
    return order[min(max(order.index(step) + by, 0), len(order) - 1)]
