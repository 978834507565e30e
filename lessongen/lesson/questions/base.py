"""What a kind of question decides: its fields, its answer, what a student sees of it, and what the gate asks of it.

A kind is a subclass of `Question` in a file of this package. It says for itself what differs from the defaults here;
nothing else in the program asks of which kind a question is.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from pydantic import Field

from lessongen.lesson.drawings import AnyDrawing
from lessongen.lesson.interactions import Fill, Interaction, Pick, Write
from lessongen.lesson.statement import SIGNED, Bloom, Model, Origin, Statement
from lessongen.lesson.statement import Verdict as JudgesVerdict
from lessongen.lesson.versions import comparable
from lessongen.text.passages import loosely
from lessongen.text.sentences import ends_like_a_sentence

_HEAD = re.compile(r"(?:(?!-[0-9])[\W_])+")  # a minus belongs to its number
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_GROUPING = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_RULE = "_gate_rule"

Mark = Literal["option", "numbered", "lettered"]
QuestionRole = Literal["starter", "check", "exit", "homework"]
Verdict = bool | None
"""Whether an answer is right; None where that can't be told."""
Rule = TypeVar("Rule", bound=Callable[..., Iterator[str]])


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What stands under a stem on paper and on screen; `boxes` are ticked, `lines_to_write` are ruled."""

    lettered: Sequence[str] = ()
    numbered: Sequence[str] = ()
    boxes: Sequence[str] = ()
    lines_to_write: int = 0


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a question is answered on the web.

    `choices` are values with what they say: one is picked for the whole question, or one for each of `rows`, which are
    names of fields with what they say. Where there are none, words are typed, `in_gap` into the stem's gap.
    """

    choices: Sequence[tuple[str, str]] = ()
    rows: Sequence[tuple[str, str]] = ()
    in_gap: bool = False


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a question is judged by: the texts of the quotes that it cites, and the passage that its stem shows.

    Where it `is_judged`, a judge that passed its exam has decided on the stem with its answer.
    """

    quotes: Sequence[str]
    passage: str
    is_judged: bool = False


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What works out a printed exercise: whether an answer, a statement or a pair is right, what an expression is."""

    answered: Callable[[str, str], Verdict]
    stated: Callable[[str], Verdict]
    paired: Callable[[str, str, str], Verdict]
    worth: Callable[[str], Fraction | None]


@dataclass(frozen=True, kw_only=True)
class Solution:
    """What a writer knows of an answer; each kind takes what it needs.

    `pairs` belong together, `items` stand in their right order, `options` are all of a choice where their order counts.
    """

    answer: str = ""
    is_true: bool = True
    wrong: Sequence[str] = ()
    options: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    items: Sequence[str] = ()


@dataclass(kw_only=True)
class Written:
    """A question's lines in the editable Markdown: options with whether they are marked, lists, what follows "= "."""

    options: list[tuple[bool, str]] = field(default_factory=list)
    numbered: list[str] = field(default_factory=list)
    lettered: list[str] = field(default_factory=list)
    answer: str | None = None


class Places:
    """Where right options go: always to a place used least so far."""

    def __init__(self, rng: random.Random, taken: Iterable[int] = ()) -> None:
        self.rng = rng
        self._taken = Counter(taken)

    def next(self, possible: range) -> int:
        """One of the possible places, counted from 0."""
        place = min(possible, key=lambda each: (self._taken[each], self.rng.random()))
        self._taken[place] += 1
        return place


class Why(Model):
    """Why a wrong option tempts, and what is wrong with it."""

    option: str = Field(description="the wrong option's text")
    reason: Statement


class Question(Model):
    """What questions of all kinds have, and what a kind may decide for itself."""

    id: str
    objective: str = Field(description="an objective's id")
    bloom: Bloom
    stem: str
    term: str = Field(description="the term, name or number that is asked for or about")
    feedback: Statement = Field(description="what a student reads after answering: the source's own words")
    origin: Origin = "quoted"
    by: str | None = None
    cites: list[str] = Field(default_factory=list, description="the quotes that the answer is derived from")
    role: QuestionRole = Field(
        default="exit", description="asked before the lesson, on the way, at its end, or to take home"
    )
    supposes: bool = Field(default=False, description="whether it puts an invented case before students")
    why: list[Why] = Field(default_factory=list, description="for the teacher: of wrong options, why each is one")
    verdict: JudgesVerdict | None = Field(default=None, description="of a judge on the question with its answer")
    drawing: AnyDrawing | None = Field(default=None, description="what is drawn under the stem")
    if TYPE_CHECKING:  # each kind declares them, after what all have
        kind: str
        answer: Any

    rank: ClassVar[int] = 100
    """Where the kind stands wherever kinds are listed, the lowest first."""
    ease: ClassVar[int] = 2
    """From 0, picked among what is offered, to 3, written freely."""
    has_one_answer: ClassVar[bool] = True
    shows_statement: ClassVar[bool] = False
    """Whether its stem puts a sentence before the student, to judge or to fill."""
    asks_tasks: ClassVar[bool] = False
    """Whether the computed writer may ask any of its tasks so, the task as the stem and its result as the answer."""
    marks: ClassVar[frozenset[Mark]] = frozenset()
    """The lines that it has in the editable Markdown: "- [x] ", "1. ", "A. "."""
    is_marked_once: ClassVar[bool] = True
    """Whether one option alone may be marked there."""
    remedy: ClassVar[str] = "Write it after “= ”."
    """What an author is told to do whose question has no right answer."""

    # ------------------------------------------------------------ the answer

    @property
    def is_signed(self) -> bool:
        """Whether a computation or an author vouches for it."""
        return self.origin in SIGNED

    @property
    def asks_prior_knowledge(self) -> bool:
        """Whether it asks what one must know already, in a writer's words: its answer is from no source."""
        return self.role == "starter" and self.origin == "written" and not self.cites

    @property
    def answer_text(self) -> str:
        """The answer in words."""
        return str(self.answer)

    @property
    def told_answer(self) -> str:
        """The answer in words, as it is told with its explanation: without what that says again."""
        return self.answer_text

    @property
    def key_text(self) -> str:
        """The answer as a teacher's key has it, with the letters of the student's edition."""
        return self.told_answer

    @property
    def listed(self) -> Sequence[str]:
        """What it lists beside its stem that the answer in words does not say by itself."""
        return ()

    @property
    def wrong_options(self) -> Sequence[str]:
        """The options that are wrong, of which `why` may tell; none where nothing is picked."""
        return ()

    @property
    def told_apart_by(self) -> Sequence[str]:
        """What tells it from another question with the same stem."""
        return (self.drawing.alternative,) if self.drawing else ()

    @property
    def place_of_answer(self) -> int | None:
        """Where the right option stands among the listed ones; None where none is picked from a list."""
        return None

    @property
    def is_answer_longest(self) -> bool:
        """Whether the right option is longer than each other one that is listed."""
        place = self.place_of_answer
        right = self.listed[place] if place is not None else ""
        return place is not None and all(len(right) > len(option) for option in self.listed if option != right)

    # ------------------------------------------------------------ what a student sees

    def shown(self) -> dict[str, Any]:
        """The fields that a student may see besides the stem; nothing in them, nor their order, tells the answer."""
        return {}

    @classmethod
    def layout(cls, shown: Mapping[str, Any]) -> Layout:
        """How what a student sees stands on paper and on screen."""
        return Layout()

    def form(self) -> Form:
        """How it is answered on the web."""
        return Form()

    def judge(self, given: Mapping[str, str]) -> Verdict:
        """Whether an answer given in the form is right; None where a person compares it with the model answer."""
        return True if said(given.get("answer", "")) == said(str(self.answer)) else None

    def interaction(self) -> Interaction:
        """How a program asks and marks it: one is picked where the form says so, else a person marks it."""
        form = self.form()
        if form.choices and not form.rows:
            return Pick(options=tuple((said, bool(self.judge({"answer": value}))) for value, said in form.choices))
        return Write(points=(self.answer_text,))

    def typed(self) -> Interaction:
        """The same for an answer that is typed, as a keyboard has it: a number by its worth, where it is worked out."""
        answer = str(self.answer)
        plain = as_typed(answer)
        is_number = self.origin == "computed" and _NUMBER.fullmatch(plain) is not None
        return Fill(answers=(plain,) if is_number else tuple(dict.fromkeys((answer, plain))), is_number=is_number)

    # ------------------------------------------------------------ what the gate asks

    def is_borne(self, evidence: Evidence) -> bool:
        """Whether the quotes, of which there are some, have the answer."""
        return True

    def hidden(self, asked: str) -> Iterator[tuple[str, str, Sequence[str]]]:
        """What is shown, the answer to it, and what all options may share; `asked` are the telling words of the stem.

        No word of the answer may stand in what is shown.
        """
        yield from ()

    def statements(self, passage: str) -> Iterator[tuple[str, bool]]:
        """The statements that it takes for true or for false."""
        yield from ()

    @property
    def model_answer(self) -> str | None:
        """An answer that is a sentence, or part of one, by itself."""
        return None

    def sentences(self, passage: str) -> Iterator[str]:
        """The sentences that a student reads by themselves."""
        yield from (statement for statement, _ in self.statements(passage))
        if self.model_answer is not None and ends_like_a_sentence(self.model_answer):
            yield self.model_answer

    def worked_out(self, sums: Sums, passage: str) -> Iterator[Verdict]:
        """For each thing that a computed key says, whether that is so."""
        for statement, is_true in self.statements(passage):
            verdict = sums.stated(statement)
            yield verdict if verdict is None else verdict is is_true
        if self.model_answer is not None:
            yield sums.answered(self.stem, self.model_answer)

    # ------------------------------------------------------------ how it is written

    @classmethod
    def fields_of(cls, solution: Solution, places: Places) -> dict[str, Any]:
        """The kind's own fields for what a writer knows of the answer."""
        return {"answer": solution.answer}

    def lines(self) -> Iterator[tuple[str, str]]:
        """Its lines between stem and term in the editable Markdown: what each opens with, and its text."""
        yield "= ", str(self.answer)

    @classmethod
    def read(cls, written: Written) -> dict[str, Any]:
        """The kind's own fields, of an author's lines; the answer is None where they give none."""
        return {"answer": written.answer}


# ---------------------------------------------------------------- rules of the gate


def gate_rule(rule: Rule) -> Rule:
    """Make a method a rule of the gate: its name is the code, its docstring the published text.

    It takes the evidence, and yields in plain words what is wrong with its question.
    """
    setattr(rule, _RULE, "question")
    return rule


def gate_rule_of_all(rule: Rule) -> Rule:
    """The same for a static method: it takes a lesson's questions of the kind, and yields what is wrong with them."""
    setattr(rule, _RULE, "questions")
    return rule


def gate_rules(kind: type[Question]) -> Iterator[tuple[Callable[..., Iterator[str]], bool]]:
    """The kind's own rules in their order, each with whether it takes all questions of the kind together."""
    for member in vars(kind).values():
        rule = getattr(member, "__func__", member)
        scope = getattr(rule, _RULE, None)
        if scope is not None:
            yield rule, scope == "questions"


# ---------------------------------------------------------------- what several kinds need


def said(text: str) -> str:
    """An answer as answers are compared: case, spaces, groups of digits, and marks at its ends don't count.

    A minus does, and so do the marks of an answer that has nothing else.
    """
    plain = comparable(as_typed(text))
    # Signs of vowels end a word in many scripts.
    ends = (at for at in range(len(plain), 0, -1) if unicodedata.category(plain[at - 1])[0] in "LMN")
    kept = plain[: next(ends, 0)]
    head = _HEAD.match(kept)
    return kept[head.end() if head else 0 :] or plain


def as_typed(text: str) -> str:
    """The text with its numbers as one types them: "-1200" for what is set as "−1,200"."""  # noqa: RUF002
    return _GROUPING.sub("", text.replace("\N{MINUS SIGN}", "-"))


def neutral_order(items: Sequence[str]) -> list[int]:
    """The indexes of the items in alphabetical order: an order that says nothing about the answer."""
    return sorted(range(len(items)), key=lambda index: (items[index].casefold(), items[index]))


def neutral_letters(items: Sequence[str]) -> dict[int, str]:
    """The letter that each item, by its index, has in the student's edition."""
    return {index: letter for letter, index in zip(ascii_uppercase, neutral_order(items), strict=False)}


def shuffled(count: int, rng: random.Random) -> list[int]:
    """The numbers from 0 in an order that is not their own."""
    order = list(range(count))
    while order == sorted(order):
        rng.shuffle(order)
    return order


def lettered_lines(items: Sequence[str], answer: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Items as lines "A. …", and the answer as their letters in a row; `places_of` reads it back."""
    yield from ((f"{letter}. ", item) for letter, item in zip(ascii_uppercase, items, strict=False))
    yield "= ", " ".join(ascii_uppercase[at] if 0 <= at < len(items) else f"{at}" for at in answer)


def places_of(letters: str) -> list[int] | None:
    """The places that letters name: "B C A" is [1, 2, 0]."""
    places: list[int] = []
    for word in letters.split():
        if len(word) == 1 and word.upper() in ascii_uppercase:
            places.append(ascii_uppercase.index(word.upper()))
        elif re.fullmatch(r"-?\d{1,6}", word, re.ASCII):
            places.append(int(word))
        else:
            return None
    return places


def differ(question: Question, items: Sequence[str]) -> bool:
    """Whether no item comes twice, however written; computed ones are told apart by their exact text."""
    told_apart = str.strip if question.origin == "computed" else loosely
    return len(set(map(told_apart, items))) == len(items)
