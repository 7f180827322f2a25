"""What people read on screen keeps to the style of CONTRIBUTING.md: plain words, short sentences,
short buttons. A second test looks for the worst of the words in the whole repository."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable

import pytest

from tests import ui_copy
from tests.ui_copy import ROOT, Message

# Words that read as translated, or that have a standard term: pattern, what to write instead.
BANNED = {
    r"deeds?": "action, activity",
    r"anew": "again",
    r"mend(s|ed)?": "fix",
    r"whom": "reword",
    r"somebody": "someone, or the person's role",
    r"nobody": "no one",
    r"everybody": "everyone",
    r"anybody": "anyone",
    r"meanwhile": "since you opened this page",
    r"organis\w*": "organiz…",
    r"licences?": "license",
    r"acknowledgement\w*": "acknowledgment",
    r"(e-)?mails?": "email",
    r"wanted by|answers? by|due by": "due",
    r"look(ed|s)? at (it )?again": "review date, due for review",
    r"stands?|stood": "is, appears",
    r"holds?|held": "is, has, can have",
    r"shall|ought": "must, will",
    r"those that|of which|reads? so": "reword",
    r"in effect|effective(?! date)": "current; effective date",
    r"library texts?": "snippet",
    r"roll-outs?": "rollout",
    r"brought|bring(s|ing)?": "import, restore",
    r"read by": "visible to",
    r"ladders?|rungs?|upside down": "level comparison, level, inconsistency",
    r"evidence": "audit record",
    r"waits? for|waited for": "pending, awaiting",
    r"told": "notified, reminded",
    r"put away": "archived",
    r"taken? off|takes off": "remove",
    r"settled?": "set, changed",
    r"seats?": "reviewer",
    r"released?": "remove",
    r"hand(s|ed)? (it )?over": "delegate",
    r"consulted": "commenter",
    r"look(s|ed)? after": "own, manage",
    r"remarks?|findings?": "issues",
    r"fetch(ed)?": "download",
    r"like roles": "similar roles",
    r"select none|which they are|where you are": "Clear selection, Selected …, Breadcrumb",
    r"may(?! \d)": "can, might",  # but the month
}
CASE_SENSITIVE = {r"may(?! \d)"}
PATTERNS = {
    word: re.compile(rf"(?<![\w-])(?:{word})(?![\w-])", 0 if word in CASE_SENSITIVE else re.I)
    for word in BANNED
}

# Messages with a word that is right there: the message, and the reason.
EXCEPTIONS: dict[str, str] = {}

SENTENCE_LIMIT = 25  # words
BUTTON_LIMIT = 4  # words

# These are gone from the whole repository, code and documentation included.
GONE = re.compile(
    r"\b(deeds?|anew|mend(s|ed|ing)?|whom|somebody|nobody|everybody|anybody|meanwhile"
    r"|organis\w*|licences?)\b",
    re.I,
)
# Files with such words: the reason.
NOT_OURS = {
    "LICENSE": "the text of the license",
    "tests/test_ui_copy.py": "these lists",
    "tests/test_search_words.py": "British spellings are searched",
    "tests/search/test_snippet_search.py": "British spellings are searched",
    "tests/web/descriptions/test_text_search.py": "British spellings are searched",
}


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return ui_copy.messages()


def words(text: str) -> list[str]:
    """Returns the words of a message; a variable counts as one."""
    text = re.sub(r"{{.*?}}|%\(\w+\)[sd]|%[sd]|{\w*}", "x", text)
    return re.findall(r"[\w’'&$%@.-]*\w[\w’'%.-]*", re.sub(r"<[^>]*>", "", text))


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?:])\s+|\n+", text)


def faults(message: Message) -> Iterable[str]:
    for word, pattern in PATTERNS.items():
        if match := pattern.search(message.text):
            yield f"“{match[0]}” (write: {BANNED[word]})"
    for sentence in sentences(message.text):
        if len(words(sentence)) > SENTENCE_LIMIT:
            yield f"a sentence of {len(words(sentence))} words"


def report(problems: Iterable[tuple[Message, str]]) -> str:
    return "\n".join(f"{message}\n    {fault}" for message, fault in problems)


def test_messages_keep_to_the_style(messages: list[Message]) -> None:
    problems = [
        (message, fault)
        for message in messages
        if message.text not in EXCEPTIONS
        for fault in faults(message)
    ]
    assert not problems, report(problems)


def test_buttons_are_short() -> None:
    problems = [
        (message, f"a button of {len(words(message.text))} words")
        for message in ui_copy.button_messages()
        if len(words(message.text)) > BUTTON_LIMIT and message.text not in EXCEPTIONS
    ]
    assert not problems, report(problems)


def test_exceptions_are_needed(messages: list[Message]) -> None:
    texts = {message.text for message in [*messages, *ui_copy.button_messages()]}
    assert set(EXCEPTIONS) <= texts
    assert all(EXCEPTIONS.values())


@pytest.mark.slow
def test_banned_words_are_gone_from_the_repository() -> None:
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    occurrences = []
    for name in files:
        path = ROOT / name
        if path.suffix in ui_copy.TEXT_SUFFIXES and path.is_file() and name not in NOT_OURS:
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if match := GONE.search(line):
                    occurrences.append(f"{name}:{number}: {match[0]}")
    assert not occurrences, "\n".join(occurrences)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Mend what is marked.", "Mend"),
        ("It holds until May.", "holds"),
        ("You may edit it.", "may"),
        ("Send a mail.", "mail"),
        (" ".join(["word"] * (SENTENCE_LIMIT + 1)), "26 words"),
    ],
)
def test_faults_are_found(text: str, fault: str) -> None:
    assert fault in " ".join(faults(Message("here", 1, text)))


@pytest.mark.parametrize(
    "text", ["Due May 3, 2026.", "Email address", "The effective date", "Household"]
)
def test_correct_messages_have_no_faults(text: str) -> None:
    assert not list(faults(Message("here", 1, text)))
