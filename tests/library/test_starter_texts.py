"""The texts of the starter library follow its rules, and the rules find faults."""

from __future__ import annotations

import re

import pytest

from roles import vocabulary
from roles.library import starter, starter_files
from tests import starter_rules

AT_LEAST = {"responsibility": 150, "skill": 70, "qualification": 70, "boilerplate": 20}
SHARE = 30  # minimum number of texts of a kind for each family and level


# --- the library


@pytest.fixture(scope="module")
def files() -> starter_files.StarterFiles:
    return starter_files.read(starter.DIRECTORY)


def of_kind(files: starter_files.StarterFiles, kind: str) -> list[starter_files.StarterEntry]:
    return [entry for entry in files.snippets if entry.kind == kind]


@pytest.mark.parametrize("kind", list(vocabulary.SNIPPET_KINDS))
def test_texts_follow_the_rules(files: starter_files.StarterFiles, kind: str) -> None:
    broken_rules = {}
    for entry in of_kind(files, kind):
        values = entry.values
        if problems := starter_rules.faults(kind, values["text"], values.get("detail", "")):
            broken_rules[entry.name] = problems
    assert not broken_rules


@pytest.mark.parametrize("kind", list(vocabulary.SNIPPET_KINDS))
def test_texts_are_not_nearly_equal(files: starter_files.StarterFiles, kind: str) -> None:
    assert not starter_rules.twins([entry.values["text"] for entry in of_kind(files, kind)])


@pytest.mark.parametrize("kind", list(AT_LEAST))
def test_number_of_texts(files: starter_files.StarterFiles, kind: str) -> None:
    assert len(of_kind(files, kind)) >= AT_LEAST[kind]


@pytest.mark.parametrize("kind", ["responsibility", "skill", "qualification"])
@pytest.mark.parametrize("tag", ["families", "levels"])
def test_each_family_and_level_has_enough_texts(
    files: starter_files.StarterFiles, kind: str, tag: str
) -> None:
    for one in getattr(files, tag):
        code = one.values["code"]
        tagged = [e for e in of_kind(files, kind) if code in (e.values[tag] or [code])]
        assert len(tagged) >= SHARE, f"{kind} {code}: {len(tagged)}"


def test_tags_exist(files: starter_files.StarterFiles) -> None:
    known = {
        tag: {one.values["code"] for one in getattr(files, tag)} for tag in ("families", "levels")
    }
    for entry in files.snippets:
        assert entry.values["category"] in vocabulary.CATEGORIES[entry.kind], entry.name
        for tag, codes in known.items():
            assert set(entry.values[tag]) <= codes, entry.name


def test_every_category_has_texts(files: starter_files.StarterFiles) -> None:
    for kind, categories in vocabulary.CATEGORIES.items():
        used = {entry.values["category"] for entry in of_kind(files, kind)}
        assert used == set(categories), kind


def test_codes_are_in_kebab_case(files: starter_files.StarterFiles) -> None:
    for entry in files.snippets:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.name), entry.name


def test_template_texts_follow_the_general_rules(files: starter_files.StarterFiles) -> None:
    for template in files.templates:
        for text in _texts(template.values):
            assert not list(starter_rules.words(text)), f"{template.name}: {text}"


def _texts(values: object, name: str = "") -> list[str]:
    """Returns the texts and details of a template's lines and sub-lines."""
    if isinstance(values, str):
        return [values] if name in ("text", "detail") and values else []
    if isinstance(values, dict):
        return [text for key, value in values.items() for text in _texts(value, key)]
    if isinstance(values, list):
        return [text for value in values for text in _texts(value, name)]
    return []


# --- the rules

EXPLAINED = "Hears the need behind a request."


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        ("responsibility", "Responsible for a portfolio of accounts.", "begin with a verb"),
        ("responsibility", "The account manager leads reviews.", "begin with a verb"),
        ("responsibility", "Account reviews with customers.", "begin with a verb"),
        ("responsibility", "Manages a portfolio of accounts.", "begin with a verb"),
        ("responsibility", "Managing a portfolio of accounts.", "begin with a verb"),
        ("responsibility", "You will manage a portfolio.", "begin with a verb"),
        ("responsibility", "manage a portfolio.", "begin with a verb"),
        ("responsibility", "Review of contracts.", "begin with a verb"),
        ("responsibility", "", "begin with a verb"),
        ("responsibility", "Manage a portfolio", "end with a period"),
        ("responsibility", f"Manage {'many ' * 50}accounts.", "has 266 characters"),
        ("responsibility", "Manage  a portfolio.", "is untidy"),
        ("responsibility", "Help each buyer until he or she is satisfied.", "gendered: he"),
        ("responsibility", "Answer the buyer and his/her team.", "gendered: his"),
        ("responsibility", "Agree on goals with a new salesman.", "gendered: salesman"),
        ("responsibility", "Plan the manpower of [team].", "gendered: manpower"),
        ("responsibility", "Visit customers in [somewhere].", "unknown placeholder: somewhere"),
        ("responsibility", "Visit customers in [region.", "stray brackets"),
        ("responsibility", "Visit [X] customers in [1].", "stray brackets"),
        ("skill", "", "does not name a skill"),
        ("skill", "Listen to customers", "does not name a skill"),
        ("skill", "active listening", "does not name a skill"),
        ("skill", "Listening to what customers say in meetings", "does not name a skill"),
        ("skill", "Active listening.", "ends with a period"),
        ("qualification", "", "not a noun phrase"),
        ("qualification", "Must have sold software", "not a noun phrase"),
        ("qualification", "You know how to sell", "not a noun phrase"),
        ("qualification", "Manage accounts for two years", "not a noun phrase"),
        ("qualification", "experience in sales", "not a noun phrase"),
        ("qualification", "Experience in sales.", "ends with a period"),
        ("qualification", "Bachelor's degree in [field of study]", "nothing but a degree"),
        ("boilerplate", "we offer a salary.", "not made of sentences"),
        ("boilerplate", "We offer a salary", "not made of sentences"),
        ("boilerplate", f"We offer {'a' * 900}.", "has 910 characters"),
    ],
)
def test_rules_find_faults(kind: str, text: str, fault: str) -> None:
    detail = EXPLAINED if kind == "skill" else ""
    assert fault in "; ".join(starter_rules.faults(kind, text, detail))


@pytest.mark.parametrize(
    ("detail", "fault"),
    [
        ("", "by what a person does"),
        ("The need behind a request.", "by what a person does"),
        ("Hears the need. Answers it.", "in one sentence"),
        ("Hears the need behind a request", "in one sentence"),
        ("Hears what he needs.", "gendered: he"),
        (f"Hears {'a' * 240}.", "has 247 characters"),
    ],
)
def test_rules_find_faults_in_explanations(detail: str, fault: str) -> None:
    assert fault in "; ".join(starter_rules.faults("skill", "Active listening", detail))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("responsibility", "Manage [number of accounts] accounts in [region]."),
        ("responsibility", "Discuss the human side of a shared plan with the other chair."),
        ("skill", "Knowledge of [industry]"),
        ("qualification", "[X] years of work, [X] of them in sales"),
        ("qualification", "2 years in sales"),
        ("qualification", "Record of meeting goals"),
        ("qualification", "Degree in any subject, or equivalent experience"),
        ("boilerplate", "[Company Name] is an equal opportunity employer."),
    ],
)
def test_rules_accept_good_texts(kind: str, text: str) -> None:
    assert not starter_rules.faults(kind, text, EXPLAINED if kind == "skill" else "")


def test_twins_ignore_order_and_case() -> None:
    one = "Keep account records complete and current."
    assert starter_rules.twins([one, "Keep current and complete account records"]) != []
    assert starter_rules.twins([one, "KEEP ACCOUNT RECORDS COMPLETE AND CURRENT!"]) != []
    assert starter_rules.twins([one, "File contracts where others find them."]) == []
