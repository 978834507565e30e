"""What a sheet is made of: the parts of a lesson as a reader meets them, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lessongen.lesson.material import Audience
    from lessongen.lesson.statement import Role

ROLE_LABELS: Mapping[Role, str] = {
    "inference": "a conclusion",
    "gloss": "in plain words",
    "analogy": "a comparison",
    "supposition": "an imagined case",
    "background": "not from the source",
}
"""What is said at the end of a sentence that no source says."""

KNOWN, TEMPTS = "What helps to know already (not from the source)", "Why it tempts (not from the source)"
"""What heads what a teacher is told of students, which no source says."""

WORD_FOR_WORD = "in the words of the source, as they stand above"
WITHHELD = "not printed here, for their words answer what is asked"
"""What is told of quotes in place of their words."""

WHEN: Mapping[str, str] = {
    "starter": "Before we start",
    "check": "On the way",
    "exit": "Exit quiz",
    "homework": "Homework",
}
"""When the questions of each role are asked, in the order of the lesson."""


def worn(text: str, label: str | None) -> str:
    """The text with its label behind it."""
    return f"{text} [{label}]" if label else text


@dataclass(frozen=True, kw_only=True)
class Note:
    """The mark of a quote at what it bears; `is_first` where no other one leads to that quote before."""

    mark: int
    is_first: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A sentence with the marks of its quotes.

    `by` says what computed it or who signs it, `label` that it is no fact of the source; `role` is for its looks.
    """

    text: str
    notes: tuple[Note, ...] = ()
    by: str | None = None
    role: Role = "fact"
    label: str | None = None

    @property
    def is_no_fact(self) -> bool:
        """Whether it is to look different from what the sources say."""
        return self.role in ROLE_LABELS

    @property
    def worn(self) -> str:
        """The text with its label behind it."""
        return worn(self.text, self.label)

    @property
    def asides(self) -> tuple[str, ...]:
        """What stands in brackets after its marks."""
        return tuple(each for each in (self.label, self.by) if each)


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Running text."""

    kind: Literal["paragraph"] = "paragraph"
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """What is drawn: `svg` is safe to be put into a page as it is, and empty where it would not be.

    `rows` are the same in characters, where these can show it; `width` and `height` are in pixels, 0 where they are
    not known.
    """

    alternative: str
    svg: str
    width: float = 0
    height: float = 0
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Photo:
    """The lead picture of the article, with what its licence asks to be said; addresses are safe to link to, or None.

    `data` is its file as a data address that is safe to be put into a page, empty where the file is not at hand.
    """

    title: str
    alternative: str
    caption: str
    author: str
    licence: str
    licence_url: str | None
    page_url: str | None
    file_url: str | None
    width: int
    height: int
    data: str

    @property
    def stand_in(self) -> str:
        """What is told where it can't be shown."""
        return f"[image: {self.alternative}]"


@dataclass(frozen=True, kw_only=True)
class WorkedExample:
    """A problem with the steps to its answer."""

    kind: Literal["example"] = "example"
    problem: str
    steps: tuple[Line, ...]
    answer: Line
    picture: Picture | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """All sentences in it."""
        return (*self.steps, self.answer)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """An analogy: what something is like, what is so of the topic, and where the likeness ends."""

    kind: Literal["analogy"] = "analogy"
    text: Line
    statement: Line
    ends: Line

    @property
    def lines(self) -> tuple[Line, ...]:
        """All sentences in it."""
        return (self.text, self.statement, self.ends)


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table; each row's last cell has the row's marks."""

    kind: Literal["table"] = "table"
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All cells in it."""
        return tuple(cell for row in self.rows for cell in row)


@dataclass(frozen=True, kw_only=True)
class Dates:
    """A timeline; its picture is there where its times are years."""

    kind: Literal["timeline"] = "timeline"
    title: str
    entries: tuple[tuple[str, Line], ...]
    picture: Picture | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """What was, in order."""
        return tuple(what for _, what in self.entries)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure: what it shows as a sentence with its marks, and its picture."""

    kind: Literal["figure"] = "figure"
    title: str
    alternative: Line
    picture: Picture

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it shows."""
        return (self.alternative,)


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do; `grouping` as people say it: "In pairs"."""

    kind: Literal["task"] = "task"
    grouping: str
    steps: tuple[str, ...]
    product: str


@dataclass(frozen=True, kw_only=True)
class Solution:
    """What a teacher knows of a task: a good answer or what it has, help, and more for those who are done."""

    answer: Line | None
    criteria: tuple[str, ...]
    support: str | None
    stretch: str | None


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the things to do in a task; `letter` is empty where it is the only one."""

    letter: str
    prompt: str
    lines_to_write: int = 4
    solution: Solution | None = None


@dataclass(frozen=True, kw_only=True)
class Practice:
    """What students work on, numbered through the lesson."""

    kind: Literal["practice"] = "practice"
    number: int
    parts: tuple[Part, ...]
    role: str = "check"

    @property
    def title(self) -> str:
        """What it is called."""
        return f"Task {self.number}" + (" (homework)" if self.role == "homework" else "")


@dataclass(frozen=True, kw_only=True)
class KeyEntry:
    """A question's answer with its quotes, what is said after it, and why each wrong option is one."""

    answer: Line
    feedback: Line | None
    reviews: tuple[str, ...] = ()
    wrong: tuple[tuple[str, Line], ...] = ()


@dataclass(frozen=True, kw_only=True)
class SheetQuestion:
    """A question as students get it. `lettered` is what is chosen from, put in order, or matched to `numbered`.

    `boxes` are words to tick, `lines_to_write` how many ruled lines the answer needs on paper; `key` is for teachers.
    """

    kind: Literal["question"] = "question"
    number: int
    stem: str
    role: str = "exit"
    picture: Picture | None = None
    lettered: tuple[tuple[str, str], ...] = ()
    numbered: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    lines_to_write: int = 0
    key: KeyEntry | None = None


Block = Paragraph | WorkedExample | Comparison | Grid | Dates | Drawing | Task | Practice | SheetQuestion


@dataclass(frozen=True, kw_only=True)
class QuestionGroup:
    """Questions under one heading."""

    title: str
    questions: tuple[SheetQuestion, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Blocks one after the other; `label` tells the teacher what to do with them: say, show, ask."""

    label: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A section of the lesson; `notes` are for the teacher, and `begins` is the minute at which it does."""

    number: int
    title: str
    kind: str
    begins: int
    minutes: int
    steps: tuple[Step, ...]
    cycle: int | None = None
    notes: tuple[Line, ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in order."""
        return tuple(block for step in self.steps for block in step.blocks)

    @property
    def part(self) -> str:
        """What part of the lesson it is: "cycle 1, practice"."""
        return f"cycle {self.cycle}, {self.kind}" if self.cycle else self.kind

    @property
    def time(self) -> str:
        """From which minute to which."""
        return f"{self.begins}\N{EN DASH}{self.begins + self.minutes}"

    @property
    def asked(self) -> str:
        """The questions and tasks in it: "Question 2, Task 1"."""
        named = [f"Question {each.number}" for each in self.blocks if isinstance(each, SheetQuestion)]
        if len(named) > 1:
            first, last = (each.split()[1] for each in (named[0], named[-1]))
            named = [f"Questions {first} {'to' if len(named) > 2 else 'and'} {last}"]
        return ", ".join([*named, *(each.title for each in self.blocks if isinstance(each, Practice))])


@dataclass(frozen=True, kw_only=True)
class Told:
    """A quote that a mark leads to; `source` is named where there are several.

    `text` is empty where its words would answer a question. `is_verbatim` is where the lesson has it word for word.
    """

    mark: int
    text: str
    heading: str
    source: str
    is_verbatim: bool

    @property
    def told(self) -> str:
        """The quote in quotation marks, or why it is not told."""
        return f"“{self.text}”" if self.text else "its words answer a question"

    @property
    def in_short(self) -> str:
        """What is told once of all such quotes, where it is not printed at the end; "" where it is."""
        if not self.text:
            return WITHHELD
        return f"{WORD_FOR_WORD}{f', {self.source}' if self.source else ''}" if self.is_verbatim else ""

    @property
    def place(self) -> str:
        """Where in which source it stands."""
        return ", ".join(filter(None, (self.source, self.heading)))


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A source in the list at the end; `url` and `licence_url` are safe to link to, or None."""

    title: str
    attribution: str
    licence: str
    licence_url: str | None
    url: str | None
    revision: str | None
    retrieved: str


@dataclass(frozen=True, kw_only=True)
class MixedUp:
    """What people mix up; `tempting`, why one comes to believe it, is for teachers."""

    belief: str
    correction: Line
    tempting: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A lesson, ready to be given a form.

    `head` are lists under titles that stand before all else, `plan` is what a teacher does when.
    """

    audience: Audience
    title: str
    based_on: str
    facts: tuple[str, ...]
    language: str
    outcome: str
    summary: Line | None
    image: Photo | None
    safety: tuple[str, ...]
    head: tuple[tuple[str, tuple[str, ...]], ...]
    plan: Grid | None
    key_points: tuple[Line, ...]
    key_terms: tuple[tuple[str, Line], ...]
    misconceptions: tuple[MixedUp, ...]
    starters: tuple[SheetQuestion, ...]
    phases: tuple[Phase, ...]
    closing: tuple[QuestionGroup, ...]
    quotes: tuple[Told, ...]
    references: tuple[Reference, ...]
    notices: tuple[str, ...] = ()
    colophon: tuple[str, ...] = field(default=(), metadata={"doc": "which version this is and how it was made"})

    @property
    def is_teachers(self) -> bool:
        """Whether it is the teacher's edition."""
        return self.audience == "teacher"

    @property
    def further_questions(self) -> tuple[SheetQuestion, ...]:
        """The questions that stand after the sections."""
        return tuple(question for group in self.closing for question in group.questions)

    @property
    def questions(self) -> tuple[SheetQuestion, ...]:
        """All questions, by number."""
        placed = [block for phase in self.phases for block in phase.blocks if isinstance(block, SheetQuestion)]
        asked = {each.number: each for each in (*self.starters, *placed, *self.further_questions)}
        return tuple(asked[number] for number in sorted(asked))

    @property
    def practice(self) -> tuple[Practice, ...]:
        """All tasks, by number."""
        return tuple(block for phase in self.phases for block in phase.blocks if isinstance(block, Practice))

    @property
    def told(self) -> Mapping[int, str]:
        """The quotes by their marks; empty where it is not for the reader."""
        return {each.mark: each.text for each in self.quotes}

    @property
    def listed_quotes(self) -> tuple[Told, ...]:
        """The quotes that are printed at the end: not those that the lesson has word for word, nor withheld ones."""
        return tuple(each for each in self.quotes if not each.in_short)

    @property
    def beside(self) -> Set[int]:
        """The marks whose quotes may stand at the side of the text."""
        return {each.mark for each in self.listed_quotes}

    def beside_of(self, lines: Sequence[Line]) -> Sequence[int]:
        """The marks of the quotes to stand beside these lines: those first led to there."""
        return [note.mark for said in lines for note in said.notes if note.is_first and note.mark in self.beside]

    @property
    def cited(self) -> Mapping[int, str]:
        """Where the quote of each mark is from, and the quote, where the lesson does not have it word for word."""
        article = self.references[0].title
        return {
            each.mark: f"{', '.join(filter(None, (each.source or article, each.heading)))}: "
            + ("in these words." if each.is_verbatim else each.told)
            for each in self.quotes
        }

    @property
    def cited_in_keys(self) -> Sequence[int]:
        """The marks in keys and good answers, ascending."""
        keys = [each.key for each in self.questions if each.key]
        solutions = [part.solution for each in self.practice for part in each.parts if part.solution]
        lines = [line for key in keys for line in (key.answer, key.feedback, *(why for _, why in key.wrong)) if line]
        lines += [each.answer for each in solutions if each.answer]
        return sorted({note.mark for line in lines for note in line.notes})

    @property
    def told_in_short(self) -> Mapping[str, Sequence[int]]:
        """The marks of the others, ascending, by what is told of all of these together."""
        marks: dict[str, list[int]] = {}
        for each in self.quotes:
            if each.in_short:
                marks.setdefault(each.in_short, []).append(each.mark)
        return marks


def headed(headings: Sequence[str], row: Sequence[Line]) -> tuple[str, ...]:
    """The headings of a row's cells but the first; empty for cells that no heading is over."""
    named = headings[1 : len(row)]
    return (*named, *[""] * (len(row) - 1 - len(named)))
