"""Finds the job descriptions that a snippet's new revision affects, and the changes in each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext_lazy

from roles import assembly, permissions
from roles.comparison import approval_hashes
from roles.document import Document, DocumentLine
from roles.drafts import line_changes
from roles.models import (
    Approval,
    JobDescription,
    Line,
    Review,
    SnippetRevision,
    User,
    Version,
    VersionUse,
)
from roles.reviews import section_names


@dataclass(frozen=True)
class Impact:
    """A job description with an older revision: its draft before and after, the uids of changed
    lines, whether an author's rewording would be lost, and why it can't be updated (or "")."""

    description: JobDescription
    old: Document
    new: Document
    lines: tuple[str, ...]
    is_reworded: bool
    reason: str

    @property
    def advice(self) -> str:
        """What to do if it can't be updated."""
        return advice(self.reason)

    @property
    def sections(self) -> tuple[str, ...]:
        return changed_sections(self.old, self.new)

    @property
    def open_words(self) -> list[str]:
        """The blank placeholders, which prevent approval."""
        return self.new.open_words()


# Why a job description can't be updated. Entries of rollouts store the sentence.
UNSAVED = gettext_lazy("Its draft has changes that aren’t in a version yet.")
UNCHANGED = gettext_lazy("It already has this wording.")
UNAPPROVED = gettext_lazy("None of its versions is approved.")
CHANGED = gettext_lazy("Changed since the last approval: %s.")
ARCHIVED = gettext_lazy("It’s archived.")
WITHOUT_VERSION = gettext_lazy("It has no versions yet.")
IN_REVIEW = gettext_lazy("It’s in review.")
# What to do about each reason.
ADVICE = (
    (UNSAVED, gettext_lazy("Save and approve a version, then roll out again.")),
    (UNCHANGED, gettext_lazy("There’s nothing to do.")),
    (UNAPPROVED, gettext_lazy("Get a version approved, then roll out again.")),
    (CHANGED, gettext_lazy("Get these changes approved, then roll out again.")),
    (ARCHIVED, gettext_lazy("Restore it first, if it’s still needed.")),
    (WITHOUT_VERSION, gettext_lazy("Use the newer wording in its draft.")),
    (IN_REVIEW, gettext_lazy("Finish or withdraw the review, then roll out again.")),
)
OTHER_ADVICE = gettext_lazy("Use the newer wording in its draft, or roll out again.")


def advice(reason: str) -> str:
    """Returns what to do about a job description that is left out for that reason, or ""."""
    if not reason:
        return ""
    known = ((str(sentence).partition("%")[0], what) for sentence, what in ADVICE)
    return str(next((what for begin, what in known if reason.startswith(begin)), OTHER_ADVICE))


def affected(revision: SnippetRevision, user: User) -> QuerySet[JobDescription]:
    """Returns the visible job descriptions with a line of an older revision of the snippet in their
    latest version, or in the draft if they have no version. Annotated with `newest`, the id of
    the latest version."""
    older = SnippetRevision.objects.filter(
        snippet=revision.snippet_id, number__lt=revision.number
    ).values("pk")
    newer = Version.objects.filter(
        description=OuterRef("version__description"), number__gt=OuterRef("version__number")
    )
    uses = VersionUse.objects.filter(revision__in=older).exclude(Exists(newer))
    lines = Line.objects.filter(revision__in=older, description__versions=None)
    newest = Version.objects.filter(description=OuterRef("pk")).order_by("-number").values("pk")
    found = JobDescription.objects.visible_to(user).annotate(newest=Subquery(newest[:1]))
    return found.filter(
        Q(pk__in=uses.values("version__description")) | Q(pk__in=lines.values("description"))
    )


def likely_first(found: QuerySet[JobDescription]) -> QuerySet[JobDescription]:
    """Returns these in the same order, with those that clearly can't be updated last."""
    reviewed = Exists(Review.objects.open().filter(description=OuterRef("pk")))
    approved = Exists(Approval.objects.filter(version__description=OuterRef("pk")))
    is_out = Case(When(reviewed | ~approved, then=1), default=0)
    return found.order_by(is_out, *found.query.order_by)


def replaced(revision: SnippetRevision, versions: QuerySet[Version]) -> SnippetRevision:
    """Returns the older revision that most of these versions use, to compare with the new one; the
    previous revision if they use none."""
    uses = VersionUse.objects.filter(
        version__in=versions.values("pk"),
        revision__snippet=revision.snippet_id,
        revision__number__lt=revision.number,
    )
    counted = uses.values("revision").annotate(uses=Count("version", distinct=True))
    most = counted.order_by("-uses", "-revision__number").values("revision")[:1]
    older = SnippetRevision.objects.filter(snippet=revision.snippet_id)
    before = older.filter(number=revision.number - 1)
    return older.filter(pk__in=list(most.values_list("revision", flat=True))).first() or (
        before.first() or revision
    )


def candidates(
    *, revision: SnippetRevision, user: User, within: QuerySet[JobDescription] | None = None
) -> list[Impact]:
    """Returns the impact on each affected job description that the person can edit (only those in
    `within`, in its order, if given). The number of queries is constant."""
    found = affected(revision, user).order_by("reference") if within is None else within
    rows = loaded(found)
    return examine(revision, [one for one in rows if may_change(user, one)])


def loaded(found: QuerySet[JobDescription]) -> QuerySet[JobDescription]:
    """Returns these with the relations that their documents need."""
    together = ("job_family", "job_level", "department", "owner")
    return found.select_related(*together).prefetch_related("hiring_managers", "locations")


def may_change(user: User, description: JobDescription) -> bool:
    """Whether the person can edit a job description that they can see."""
    return permissions.may(user, "description.edit", description.relations_of(user))


def preview(*, revision: SnippetRevision, description: JobDescription) -> Impact:
    """Returns the impact on one job description, without saving anything."""
    return examine(revision, [description])[0]


def examine(revision: SnippetRevision, descriptions: Sequence[JobDescription]) -> list[Impact]:
    """Returns the impact of the revision on each of these drafts."""
    keys = [one.pk for one in descriptions]
    newest = {version.description_id: version for version in _last(Version.objects.all(), keys)}
    bare = [key for key, version in newest.items() if not hasattr(version, "approval")]
    approved = {
        version.description_id: version
        for version in _last(Version.objects.filter(approval__isnull=False), bare, whole=True)
    }
    reviewed = set(
        Review.objects.open().filter(description__in=keys).values_list("description", flat=True)
    )
    closed = {one.pk: _closed(one, newest.get(one.pk), one.pk in reviewed) for one in descriptions}
    rows = {
        one.description.pk: one
        for one in assembly.load_all_rows([one for one in descriptions if not closed[one.pk]])
    }
    return [
        _impact(revision, rows[one.pk], newest[one.pk], approved.get(one.pk))
        if one.pk in rows
        else _left_out(one, closed[one.pk])
        for one in descriptions
    ]


def changed_sections(old: Document, new: Document) -> tuple[str, ...]:
    """Returns the uids of the sections that differ."""
    before = {section.uid: section for section in old.sections}
    return tuple(s.uid for s in new.sections if before.get(s.uid) != s)


def _last(
    versions: QuerySet[Version], keys: Iterable[int], *, whole: bool = False
) -> QuerySet[Version]:
    """Returns the latest of these versions for each job description."""
    last = versions.filter(description=OuterRef("description")).order_by("-number").values("pk")
    found = Version.objects.filter(description__in=list(keys), pk=Subquery(last[:1]))
    found = found.select_related("approval").order_by()
    return found if whole else found.defer("text", "brand")


def _impact(
    revision: SnippetRevision,
    rows: assembly.DraftRows,
    newest: Version,
    approved: Version | None,
) -> Impact:
    description, reason = rows.description, ""
    old = assembly.assemble(description, rows)
    if not newest.has(old):
        return _left_out(description, str(UNSAVED))
    lines = [line for line in _every_line(rows) if _is_older(line, revision)]
    is_reworded = any(_loses_wording(line, revision) for line in lines)
    for line in lines:
        line_changes.set_revision(line, revision)
    new = assembly.assemble(description, rows)
    uids = tuple(line.uid for line in lines)
    if changed_sections(old, new) == ():
        reason = str(UNCHANGED)
    elif not hasattr(newest, "approval"):
        reason = _unapproved_sections(new, approved, uids)
    return Impact(description, old, new, uids, is_reworded, reason)


def _left_out(description: JobDescription, reason: str) -> Impact:
    nothing = Document(description.title)
    return Impact(description, nothing, nothing, (), is_reworded=False, reason=reason)


def _every_line(rows: assembly.DraftRows) -> list[Line]:
    sections = {section.pk for section in rows.sections}
    whole = [line for key, lines in rows.lines.items() if key in sections for line in lines]
    return whole + [sub for line in whole for sub in rows.sub_lines.get(line.pk, ())]


def _is_older(line: Line, revision: SnippetRevision) -> bool:
    old = line.revision
    return (
        old is not None and old.snippet_id == revision.snippet_id and old.number < revision.number
    )


def _loses_wording(line: Line, revision: SnippetRevision) -> bool:
    """Whether an author's own wording would be lost."""
    old = line.revision
    if old is None or (line.text, line.detail) == (revision.text, revision.detail):
        return False
    own_detail = line.detail != old.detail and bool(old.detail or revision.detail)
    return line.text != old.text or (own_detail and bool(line.detail))


def _closed(description: JobDescription, newest: Version | None, is_reviewed: bool) -> str:
    """Returns why it can't be updated, whatever its content, or ""."""
    if description.status == "archived":
        return str(ARCHIVED)
    if newest is None:
        return str(WITHOUT_VERSION)
    return str(IN_REVIEW) if is_reviewed else ""


def _unapproved_sections(new: Document, approved: Version | None, lines: Collection[str]) -> str:
    """Returns a message with the sections that changed since the last approval, apart from the
    text of these lines (uids), or ""."""
    if approved is None:
        return str(UNAPPROVED)
    approved_hashes = approval_hashes.section_hashes(_without_text(approved.document, lines))
    now = approval_hashes.section_hashes(_without_text(new, lines))
    open_sections = approval_hashes.changed(approved_hashes, now.values())
    if not open_sections:
        return ""
    return str(CHANGED) % ", ".join(section_names.names(open_sections))


def _without_text(whole: Document, uids: Collection[str]) -> Document:
    """Returns the document without the text of these lines."""

    def bare(line: DocumentLine) -> DocumentLine:
        below = replace(line, lines=tuple(bare(sub) for sub in line.lines))
        return replace(below, text="", detail="", answers=()) if line.uid in uids else below

    return replace(
        whole, sections=tuple(replace(s, lines=tuple(map(bare, s.lines))) for s in whole.sections)
    )
