"""The rules for texts of the starter library, from fixtures/library/README.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from rapidfuzz import fuzz, utils

from roles import folding, placeholders
from roles.library import starter

# Codes of the templates, which are their file names.
TEMPLATES = sorted(path.stem for path in starter.DIRECTORY.glob("templates/*.toml"))
LIMIT = 240
LIMITS = {"boilerplate": 900}
TWINS = 85  # rapidfuzz.fuzz.token_sort_ratio from which two texts are nearly the same

# Imperative verbs that can start a responsibility.
VERBS = frozenset(
    """
    Accept Accompany Acknowledge Act Adapt Add Address Adjust Advise Agree Align Allocate
    Analyze Answer Anticipate Apply Approach Approve Arrange Ask Assemble Assess Assign Assist
    Attend Audit Automate Balance Book Brief Bring Build Calculate Call Carry Challenge Chase
    Check Choose Clarify Close Coach Collect Combine Commit Compare Compile Complete Conduct
    Confirm Connect Consider Consolidate Consult Contact Contribute Control Convene Convert
    Coordinate Correct Counter Cover Create Cut Decide Decline Define Delegate Deliver
    Demonstrate Describe Design Detect Develop Diagnose Direct Discover Discuss Distribute
    Divide Document Draft Draw Drive Earn Educate Encourage End Engage Enroll Ensure Enter
    Escalate Establish Estimate Evaluate Evolve Examine Exchange Expand Explain Explore
    Facilitate File Fill Find Fix Flag Focus Follow Forecast Forward Gather Get Give Go Grow
    Guide Hand Handle Head Hear Help Hire Hold Honor Host Identify Illustrate Implement Improve
    Increase Inform Initiate Inspect Integrate Intervene Interview Introduce Investigate Invite
    Invoice Involve Issue Join Judge Keep Launch Lead Learn Limit Link List Listen Localize Log
    Look Lower Maintain Make Manage Map Match Measure Mediate Meet Mentor Migrate Model Moderate
    Monitor Move Name Negotiate Note Notify Observe Obtain Offer Onboard Open Orchestrate Order
    Organize Outline Oversee Own Pair Participate Pass Pilot Pitch Place Plan Practice Prepare
    Present Prevent Prioritize Process Produce Project Promote Propose Protect Provide Publish
    Pursue Put Qualify Quantify Query Raise Rank Rate Reach Read Recognize Recommend Reconcile
    Record Recover Recruit Reduce Refer Refine Refresh Remind Remove Renew Replace Reply Report
    Represent Reproduce Request Research Resolve Respond Restore Retain Retire Retrieve Return
    Review Revise Rotate Route Run Sample Save Schedule Search Secure Seek Segment Select Sell
    Send Separate Serve Set Settle Shape Share Shorten Show Simplify Solve Sort Source Speak
    Sponsor Spot Standardize Start State Stay Steer Step Stop Store Strengthen Structure Study
    Submit Suggest Summarize Supervise Support Surface Survey Tailor Take Teach Tell Test Trace
    Track Train Translate Trim Turn Uncover Understand Update Use Validate Verify Visit Voice
    Wait Walk Warn Watch Weigh Welcome Widen Win Work Write
    """.split()  # noqa: SIM905  # easier to extend
)
# Verbs that can also start a noun phrase: "Support experience", "Record of …".
ALSO_NOUNS = frozenset(
    """
    Audit Call Contact Control Design Document Forecast Help Interview Lead Model Pilot Plan
    Practice Process Project Record Report Research Review Search Source Study Support Survey
    State Test Use Voice Work
    """.split()  # noqa: SIM905
)
# Words that can't start a noun phrase.
NO_NOUNS = frozenset(
    """
    Able Are Be Being Can Could Do Does Had Has Have Having He Is It May Must Need Needs Our
    Should She The Their They Us We Will Would You Your
    """.split()  # noqa: SIM905
)
GENDERED = re.compile(
    r"\b(?:s?he|her|hers|herself|him|himself|his|s/he|w?om[ae]n|m[ae]n|ladies|gentlem[ae]n|guys"
    r"|(?:sales|chair|business|crafts|fore|middle|spokes|work)(?:wo)?m[ae]n(?:ship)?"
    r"|man-?power|manned|(?:wait|host|steward)ess)\b",
    re.IGNORECASE,
)
# The README of the library lists the placeholders.
README = (starter.DIRECTORY / "README.md").read_text()
KNOWN = {
    placeholder.key
    for brackets in re.findall(r"`(\[[^`]+\])`", README)
    for placeholder in placeholders.find_placeholders(brackets)
}


def faults(kind: str, text: str, detail: str = "") -> list[str]:
    """Returns the rules that a snippet breaks, as phrases."""
    of_kind = {
        "responsibility": responsibility,
        "skill": skill,
        "qualification": qualification,
        "boilerplate": boilerplate,
    }
    broken_rules = [*anywhere(text, LIMITS.get(kind, LIMIT)), *of_kind[kind](text, detail)]
    return [*broken_rules, *anywhere(detail, LIMIT)] if detail else broken_rules


def anywhere(text: str, limit: int) -> Iterator[str]:
    if not 0 < len(text) <= limit:
        yield f"has {len(text)} characters"
    if text != folding.tidy(text, one_line=True):
        yield "is untidy"
    yield from words(text)


def words(text: str) -> Iterator[str]:
    """Yields the rules broken by any text, including the free text of templates."""
    if match := GENDERED.search(text):
        yield f"is gendered: {match[0]}"
    blanks = placeholders.find_placeholders(text)
    for placeholder in blanks:
        if placeholder.key.split("#")[0] not in KNOWN:
            yield f"has an unknown placeholder: {placeholder.raw}"
    if not text.count("[") == text.count("]") == len(blanks):
        yield "has stray brackets"


def responsibility(text: str, _detail: str) -> Iterator[str]:
    first, second, *_ = [*text.split(" "), ""]
    if first not in VERBS or second == "of":  # "Review of contracts" is a noun phrase
        yield "does not begin with a verb"
    if not text.endswith("."):
        yield "does not end with a period"


def skill(text: str, detail: str) -> Iterator[str]:
    first = text.partition(" ")[0]
    if text.count(" ") > 5 or first in VERBS - ALSO_NOUNS or not _begins_large(text):
        yield "does not name a skill"
    if text.endswith("."):
        yield "ends with a period"
    if not re.match(r"[A-Z][a-z]+s\b", detail):  # "Hears the need …"
        yield "is not explained by what a person does"
    if not detail.endswith(".") or re.search(r"[.!?] [A-Z]", detail):
        yield "is not explained in one sentence"


def qualification(text: str, _detail: str) -> Iterator[str]:
    first = text.partition(" ")[0]
    if first in NO_NOUNS | (VERBS - ALSO_NOUNS) or not _begins_large(text):
        yield "is not a noun phrase"
    if text.endswith("."):
        yield "ends with a period"
    if re.search(r"\bdegree\b", text) and not re.search(r"\bequivalent\b.*\bexperience\b", text):
        yield "accepts nothing but a degree"


def boilerplate(text: str, _detail: str) -> Iterator[str]:
    if not _begins_large(text) or not text.endswith("."):
        yield "is not made of sentences"


def _begins_large(text: str) -> bool:
    return text[:1].isupper() or text[:1].isdigit() or text.startswith("[")


def twins(texts: list[str]) -> list[tuple[str, str]]:
    """Returns pairs of nearly equal texts, ignoring word order, case, and punctuation."""
    plain = {text: utils.default_process(text) for text in texts}
    return [
        (one, two)
        for one, two in combinations(texts, 2)
        if fuzz.token_sort_ratio(plain[one], plain[two]) >= TWINS
    ]
