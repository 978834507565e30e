"""A lesson read as a paper of questions: each with what it asks, what it offers, and what a student has read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lessongen.check.forms import FUNCTION_WORDS, is_supposing
from lessongen.check.reading import Reading
from lessongen.lesson.model import Lesson, Prose, Task
from lessongen.lesson.place import Place
from lessongen.lesson.questions.base import Question
from lessongen.text.passages import gaps
from lessongen.text.sentences import split_sentences
from lessongen.text.words import stem, tokens

# What any question may say, whatever it is about.
_OF_ANY_QUESTION = frozenset(
    map(
        stem,
        "thing things way ways make made use used take took get got go goes went come came give gave put more most "
        "less least first last next old new year years time times people person number part kind type example same "
        "different other many much good best better big small large work works help helps need needs happen happens "
        "show shows tell tells say says said call called word words sentence statement lesson text true false term "
        "name names fit fits follow following question answer option choose mean means meaning complete gap right "
        "wrong correct describe describes reason main why how likely does did do has have had".split(),
    )
)


@lru_cache(maxsize=1_024)
def content(text: str) -> frozenset[str]:
    """The stems of the words that say something, numbers among them."""
    return frozenset(stem(token) for token in tokens(text) if token not in FUNCTION_WORDS)


@lru_cache(maxsize=1_024)
def telling(text: str) -> frozenset[str]:
    """The stems of those that not any question or answer has."""
    return content(text) - _OF_ANY_QUESTION


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    """How much of a part the whole has; 0 for an empty one."""
    return len(part & whole) / len(part) if part else 0.0


@dataclass(frozen=True)
class Item:
    """A question at its place. `passage` is what its stem puts before a student, `request` the rest of it."""

    where: Place
    question: Question
    passage: str

    @cached_property
    def key(self) -> str:
        """The right answer in words; for a statement to judge, the statement."""
        return self.passage if self.is_statement else self.question.answer_text

    @property
    def is_statement(self) -> bool:
        """Whether a statement is to be judged true or false."""
        return isinstance(self.question.answer, bool)

    @cached_property
    def wrong(self) -> Sequence[str]:
        """The options that are wrong; none where the key is not among the options."""
        return tuple(self.question.wrong_options) if self.question.place_of_answer is not None else ()

    @cached_property
    def asked(self) -> frozenset[str]:
        """The telling words of the stem, or of the passage with a gap that it shows."""
        return telling(self.passage if gaps(self.passage) else self.question.stem)

    @cached_property
    def is_supposed(self) -> bool:
        """Whether an invented or a new case is put before the student, so that the answer is not read off the text."""
        is_new = self.question.bloom in ("apply", "analyze", "evaluate", "create")
        return self.question.supposes or is_new or is_supposing(self.question.stem)


@dataclass(frozen=True)
class Text:
    """A text that a student has read, and what it is, as a message names it."""

    what: str
    text: str

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of its content words."""
        return content(self.text)


class Paper:
    """The questions of a lesson with all that they are held against."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.reading = Reading(lesson, {})

    @cached_property
    def items(self) -> Sequence[Item]:
        """All questions but those that an author signs."""
        return [
            Item(where, question, self.reading.passage_of(question))
            for where, question in self.reading.questions
            if question.origin != "author"
        ]

    @cached_property
    def written(self) -> Sequence[Item]:
        """The questions that no computation made."""
        return [item for item in self.items if item.question.origin != "computed"]

    @cached_property
    def on_the_lesson(self) -> Sequence[Item]:
        """Those of them that ask what is taught: not what one must know to start."""
        return [item for item in self.written if item.question.role != "starter"]

    @cached_property
    def starters(self) -> Sequence[Item]:
        """Those of them that ask what one must know to start."""
        return [item for item in self.written if item.question.asks_prior_knowledge]

    # ------------------------------------------------------------ what is read before

    @cached_property
    def printed_above(self) -> Sequence[Text]:
        """What stands over the questions: key points, key terms, misconceptions."""
        lesson = self.lesson
        return [
            *(Text("a key point", each.text) for each in lesson.key_points),
            *(Text(f"the key term “{each.term}”", f"{each.term}: {each.definition.text}") for each in lesson.key_terms),
            *(Text("a misconception", f"{each.belief} {each.correction.text}") for each in lesson.misconceptions),
        ]

    @cached_property
    def worked_on(self) -> Sequence[Text]:
        """What is worked out before students, or set to them, beside the questions: examples and tasks."""
        examples = (
            " ".join([each.problem, *(step.text for step in each.steps), each.answer])
            for _, each in self.reading.examples
        )
        tasks = (each.prompt for _, each in self.reading.blocks if isinstance(each, Task))
        return [*(Text("a worked example", each) for each in examples), *(Text("a task", each) for each in tasks)]

    @cached_property
    def headings(self) -> Sequence[Text]:
        """The lesson's title, and those of its sections."""
        sections = (Text("the heading of a section", each.title) for each in self.lesson.sections)
        return [Text("the lesson's title", self.lesson.title), *sections]

    @cached_property
    def taught(self) -> frozenset[str]:
        """The content words of all that the lesson teaches: no titles, questions, tasks or notes."""
        lesson = self.lesson
        texts = [lesson.summary.text, *(each.text for each in self.printed_above)]
        texts += [claim.text for claim in self.reading.body]
        texts += [" ".join(table) for table in self._table_heads()]
        return frozenset().union(*map(content, texts))

    def _table_heads(self) -> Iterator[Sequence[str]]:
        for _, block in self.reading.blocks:
            yield getattr(block, "headings", ())

    @cached_property
    def sentences(self) -> Sequence[str]:
        """The sentences of the lesson's running text and of its quotes."""
        told = [
            sentence.text
            for _, block in self.reading.blocks
            if isinstance(block, Prose)
            for sentence in block.sentences
        ]
        quoted = [quote.text for source in self.lesson.sources for quote in source.quotes]
        return [each.text for text in dict.fromkeys([*told, *quoted]) for each in split_sentences(text)]
