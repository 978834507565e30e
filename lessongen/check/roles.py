"""Rules on what each sentence is in the lesson, and on the parts that teach: tables, tasks, comparisons, questions.

What a role demands stands in `docs/reference/lesson.md`. A sentence without a cite that claims something is refused by
`sentence-cited`, whatever its role.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lessongen.check.drawing import faults_of_svg
from lessongen.check.forms import form_of
from lessongen.check.reading import ANALOGY, Claim, Reading
from lessongen.check.report import Findings
from lessongen.lesson.model import Analogy, Entry, Figure, Row, Table, Task
from lessongen.lesson.place import Place
from lessongen.lesson.statement import SIGNED, Role
from lessongen.text.passages import stands_in
from lessongen.text.sentences import split_sentences

_STATES: frozenset[Role] = frozenset({"fact", "inference"})
_STANDS_ALONE: frozenset[Role] = frozenset({"supposition", "framing", "background"})


def role_borne(reading: Reading) -> Findings:
    """A fact or an inference cites what it stands on, is computed or signed; what asks or instructs is framing."""
    for claim in reading.statements:
        if claim.role in _STATES and not claim.is_borne and _needs_no_cite(claim):
            yield claim.where, f"“{claim.text[:60]}” is a {claim.role} by its role and cites nothing"


def _needs_no_cite(claim: Claim) -> bool:
    """Whether no sentence of it claims anything; one that does is the affair of `sentence-cited`."""
    sentences = split_sentences(claim.text)
    return bool(sentences) and all(form_of(each.text) for each in sentences)


def role_unborne(reading: Reading) -> Findings:
    """Framing, suppositions and background cite nothing: what a quote bears is a fact or follows from one."""
    for claim in reading.statements:
        if claim.role in _STANDS_ALONE and claim.cites:
            yield claim.where, f"“{claim.text[:60]}” is {claim.role} by its role, but cites quotes"


def analogy_marked(reading: Reading) -> Findings:
    """A comparison is marked as one and stands in a block that says where it ends, beside a fact of the topic."""
    wanted: dict[Place, tuple[Role, ...]] = {}
    for where, block in reading.blocks:
        if isinstance(block, Analogy):
            roles: Sequence[tuple[Role, ...]] = (("analogy",), ("fact", "inference", "gloss"), ("analogy",))
            wanted |= {where.at(name): each for name, each in zip(ANALOGY, roles, strict=True)}
    for claim in reading.statements:
        allowed = wanted.get(claim.where)
        if allowed is not None and claim.role not in allowed:
            yield claim.where, f"“{claim.text[:60]}” is a {claim.role} where an analogy has a {allowed[0]}"
        elif allowed is None and claim.role == "analogy":
            yield claim.where, f"“{claim.text[:60]}” compares, and nothing says where that ends"


def background_wished(reading: Reading) -> Findings:
    """Background, which no source says, stands where it was asked for, or tells what one must know already."""
    for claim in reading.statements:
        if claim.role == "background" and not reading.is_wished(claim):
            yield claim.where, f"“{claim.text[:60]}” is not from a source"


# ---------------------------------------------------------------- tables, timelines, figures, tasks


def piece_cited(reading: Reading) -> Findings:
    """Each row, entry, figure and model answer cites what it stands on, unless it is computed or an author's."""
    for where, piece in reading.pieces:
        is_free = isinstance(piece, Task) and piece.answer is None
        if not is_free and piece.origin not in SIGNED and not piece.cites:
            yield where, "cites nothing"


def piece_in_quotes(reading: Reading) -> Findings:
    """What a quoted row or entry says in each place, and a quoted model answer, stands in the quotes that it cites."""
    for where, piece in reading.pieces:
        quotes = reading.quote_texts(piece.cites)
        if piece.origin != "quoted" or not quotes:
            continue
        for text in _parts(piece):
            if text.strip() and not stands_in(text, quotes):
                yield where, f"“{text[:60]}” does not stand in the quotes that it cites"


def _parts(piece: Row | Entry | Figure | Task) -> Sequence[str]:
    if isinstance(piece, Row):
        return piece.cells
    if isinstance(piece, Entry):
        return (piece.when, piece.what)
    return (piece.answer,) if isinstance(piece, Task) and piece.answer else ()


def table_even(reading: Reading) -> Findings:
    """Each row of a table has a cell for each heading."""
    for where, block in reading.blocks:
        if isinstance(block, Table):
            for at, row in enumerate(block.rows):
                if len(row.cells) != len(block.headings):
                    yield where.at("rows", at), f"has {len(row.cells)} cells for {len(block.headings)} headings"


def figure_safe(reading: Reading) -> Findings:
    """A figure is a drawing of shapes and words that loads nothing and runs nothing; words tell what it shows."""
    for where, block in reading.blocks:
        if isinstance(block, Figure) and not block.drawing:
            yield from ((where.at("svg"), fault) for fault in faults_of_svg(block.svg))
            if not block.alternative.strip():
                yield where.at("alternative"), "tells nothing to those who can't see the drawing"


def task_answered(reading: Reading) -> Findings:
    """A task has a model answer, or says what a good answer has."""
    for where, block in reading.blocks:
        if isinstance(block, Task) and block.answer is None and not block.criteria:
            yield where, "has neither a model answer nor criteria"


# ---------------------------------------------------------------- the whole lesson


def outcome_said_by_students(reading: Reading) -> Findings:
    """The outcome is one sentence in which students say what they can do: “I can …”."""
    outcome = reading.lesson.outcome.strip()
    if outcome and not (outcome.startswith("I can ") and len(split_sentences(outcome)) == 1):
        yield Place.of("outcome"), f"“{outcome[:60]}” is no sentence that opens with “I can”"


def cycle_in_order(reading: Reading) -> Findings:
    """The sections of a cycle stand together, and cycles are numbered from 1 without a gap."""
    before = 0
    for at, section in enumerate(reading.lesson.sections):
        if section.cycle is None:
            continue
        if section.cycle not in (max(before, 1), before + 1):
            yield Place.of("sections", at), f"is of cycle {section.cycle} where {before + 1} would come next"
        before = max(before, section.cycle)


def question_role_placed(reading: Reading) -> Findings:
    """A starter section asks starters alone, an exit section none on the way, and none asks homework."""
    roles = {question.id: question.role for _, question in reading.questions}
    for where, kind, name in _asked(reading):
        role = roles.get(name)
        is_misplaced = role == "homework" or (kind == "starter" and role != "starter")
        if role is not None and (is_misplaced or (kind == "exit" and role != "exit")):
            yield where, f"a section of the kind “{kind}” asks “{name}”, whose role is “{role}”"


def _asked(reading: Reading) -> Iterator[tuple[Place, str, str]]:
    for at, section in enumerate(reading.lesson.sections):
        for number, block in enumerate(section.blocks):
            if block.kind == "check":
                yield Place.of("sections", at, "blocks", number), section.kind, block.question


def why_of_wrong_options(reading: Reading) -> Findings:
    """What is said of why an option is wrong is said of one of the wrong ones, and of each once."""
    for where, question in reading.questions:
        told: set[str] = set()
        for at, why in enumerate(question.why):
            if why.option not in question.wrong_options or why.option in told:
                yield where.at("why", at), f"“{why.option[:60]}” is no wrong option, or was told of before"
            told.add(why.option)
