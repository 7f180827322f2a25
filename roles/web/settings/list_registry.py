"""What the settings show of each list of the organization. A new list is a row of PAGES and of
`organization.list_rows.LISTS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from roles import languages, places, vocabulary
from roles.exporters import fact_labels, pay_labels
from roles.organization.list_rows import LISTS, OrganizationList
from roles.web.settings import list_forms
from roles.web.shared import row_forms
from roles.web.shared.settings_form import RowForm

NAME = _("Name")


@dataclass(frozen=True)
class ListColumn:
    """A column after the name: its head, and the text of a row."""

    label: str | Promise
    text: Callable[[Any], Any]


@dataclass(frozen=True)
class ListWords:
    """The texts of a list's pages: `empty` says what the list is for."""

    title: str | Promise
    lead: str | Promise
    add: str | Promise
    edit: str | Promise
    delete: str | Promise
    added: str | Promise
    saved: str | Promise
    deleted: str | Promise
    none: str | Promise


@dataclass(frozen=True)
class ListPage:
    """A list: its texts, form, and columns. `name` is the text of the first column."""

    words: ListWords
    form: type[RowForm]
    columns: tuple[ListColumn, ...] = ()
    name: Callable[[Any], Any] = str
    name_label: str | Promise = NAME

    @property
    def slug(self) -> str:
        return self.form.list_name

    @property
    def rows(self) -> OrganizationList:
        return LISTS[self.slug]


def country_name(row: Any) -> str:
    names = places.country_names(get_language() or languages.DEFAULT)
    return str(names.get(row.country, row.country))


DEPARTMENTS = ListWords(
    _("Departments"),
    _("Authors choose a department for each job description. Accounts can be limited to some."),
    _("Add department"),
    _("Edit department"),
    _("Delete this department?"),
    _("Department added."),
    _("Department saved."),
    _("Department deleted."),
    _("No departments yet"),
)
LOCATIONS = ListWords(
    _("Locations"),
    _("Authors choose the places of work. Public pages tell search engines the country."),
    _("Add location"),
    _("Edit location"),
    _("Delete this location?"),
    _("Location added."),
    _("Location saved."),
    _("Location deleted."),
    _("No locations yet"),
)
FAMILIES = ListWords(
    _("Job families"),
    _("Groups of jobs by type of work. They give job descriptions their reference prefix."),
    _("Add job family"),
    _("Edit job family"),
    _("Delete this job family?"),
    _("Job family added."),
    _("Job family saved."),
    _("Job family deleted."),
    _("No job families yet"),
)
LEVELS = ListWords(
    _("Job levels"),
    _("From the lowest to the highest. Level comparisons and lists use this order."),
    _("Add job level"),
    _("Edit job level"),
    _("Delete this job level?"),
    _("Job level added."),
    _("Job level saved."),
    _("Job level deleted."),
    _("No job levels yet"),
)
PAY_GRADES = ListWords(
    _("Pay grades"),
    _("Authors choose from these. Without pay grades here, they enter one as text."),
    _("Add pay grade"),
    _("Edit pay grade"),
    _("Delete this pay grade?"),
    _("Pay grade added."),
    _("Pay grade saved."),
    _("Pay grade deleted."),
    _("No pay grades yet"),
)
CATEGORIES = ListWords(
    _("Categories"),
    _("Your own categories of responsibilities in the library, besides the built-in ones."),
    _("Add category"),
    _("Edit category"),
    _("Delete this category?"),
    _("Category added."),
    _("Category saved."),
    _("Category deleted."),
    _("No categories of your own yet"),
)
CUSTOM_FACTS = ListWords(
    _("Custom facts"),
    _("Your own fields in Job details, in addition to the built-in ones."),
    _("Add custom fact"),
    _("Edit custom fact"),
    _("Delete this custom fact?"),
    _("Custom fact added."),
    _("Custom fact saved."),
    _("Custom fact deleted."),
    _("No custom facts yet"),
)
PLACEHOLDERS = ListWords(
    _("Placeholders"),
    _("Values for all drafts where a placeholder is blank. Authors can change them for one job."),
    _("Add placeholder"),
    _("Edit placeholder"),
    _("Delete this placeholder?"),
    _("Placeholder added."),
    _("Placeholder saved."),
    _("Placeholder deleted."),
    _("No placeholder values yet"),
)
FIGURES = ListWords(
    _("Market figures"),
    _("Pay in the market, with its source. Authors see the figures that fit the job."),
    _("Add market figure"),
    _("Edit market figure"),
    _("Delete this market figure?"),
    _("Market figure added."),
    _("Market figure saved."),
    _("Market figure deleted."),
    _("No market figures yet"),
)


def _value(answer: Any) -> str:
    return str(_("Keeps its brackets") if answer.plain else answer.value)


def _scope(figure: Any) -> str:
    years = fact_labels.years(figure.years_from, figure.years_to)
    parts = (figure.location, figure.country, figure.level, years)
    return ", ".join(part for part in parts if part)


PAGES: dict[str, ListPage] = {
    page.slug: page
    for page in (
        ListPage(DEPARTMENTS, row_forms.DepartmentForm),
        ListPage(
            LOCATIONS,
            row_forms.LocationForm,
            (
                ListColumn(_("State or region"), lambda row: row.region),
                ListColumn(_("Country"), country_name),
            ),
            name=lambda row: row.city,
            name_label=_("City"),
        ),
        ListPage(
            FAMILIES,
            row_forms.FamilyForm,
            (ListColumn(_("Reference prefix"), lambda row: row.prefix),),
        ),
        ListPage(
            LEVELS,
            list_forms.LevelForm,
            (
                ListColumn(_("Track"), lambda row: vocabulary.TRACKS[row.track]),
                ListColumn(
                    _("Experience"), lambda row: fact_labels.years(row.years_from, row.years_to)
                ),
            ),
        ),
        ListPage(PAY_GRADES, list_forms.PayGradeForm),
        ListPage(CATEGORIES, list_forms.CategoryForm),
        ListPage(
            CUSTOM_FACTS,
            list_forms.CustomFactForm,
            (ListColumn(_("Visible to"), lambda row: vocabulary.AUDIENCES[row.audience]),),
            name_label=_("Label"),
        ),
        ListPage(
            PLACEHOLDERS,
            list_forms.PlaceholderForm,
            (ListColumn(_("Value"), _value),),
            name=lambda row: f"[{row.placeholder}]",
            name_label=_("Placeholder"),
        ),
        ListPage(
            FIGURES,
            list_forms.FigureForm,
            (
                ListColumn(_("Applies to"), _scope),
                ListColumn(_("Figure"), lambda row: pay_labels.pay_figure(row.value())),
                ListColumn(_("Source"), lambda row: pay_labels.pay_source(row.value())),
            ),
            name=lambda row: row.role,
            name_label=_("Role"),
        ),
    )
}
