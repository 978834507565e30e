"""How many lessons the extractive writer makes of the offline encyclopedia, how fast, and how fresh the next ones are.

python -m bench.lessons                       the figures; exit code 1 where they fall short
python -m bench.lessons show SUBJECT TOPIC [SEED]   one lesson as Markdown, to be read
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lessongen.check.gate import examine
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Material
from lessongen.lesson.model import Activity, Check, Lesson, Prose, Question
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.questions.match import Match
from lessongen.lesson.questions.order import Order
from lessongen.lesson.task import LessonRequest
from lessongen.sources.offline import open_encyclopedia
from lessongen.system.errors import LessongenError, TooThin
from lessongen.text.words import fold, word_count
from lessongen.writers.extractive import ExtractiveWriter
from tests.attempts import PlainAttempt

SEEDS = (1, 2, 3)
MADE_AT_LEAST = 0.85
REPEATED_AT_MOST = 0.5
VERSIONS = 4

Topic = tuple[str, str, str]  # subject, topic, title of the right article

_PAIRS = Path(__file__).parent / "data" / "topics.tsv"


@dataclass(kw_only=True)
class Tally:
    """What came of a series of requests."""

    words: list[int] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    thin: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def made(self) -> int:
        """How many lessons there are."""
        return len(self.words)

    @property
    def share_made(self) -> float:
        """Of all requests."""
        return self.made / max(1, self.made + len(self.thin) + len(self.failures))

    def report(self, title: str) -> None:
        """Print the figures."""
        print(
            f"{title}: {self.made} made ({self.share_made:.0%}), {len(self.thin)} too thin, {len(self.failures)} failed"
        )
        if self.made:
            print(
                f"  medians: {statistics.median(self.words):.0f} words, {statistics.median(self.questions):g} questions"
                f", {statistics.median(self.milliseconds):.0f} ms (slowest {max(self.milliseconds):.0f} ms)"
            )
            print("  questions: " + ", ".join(f"{count} {kind}" for kind, count in self.kinds.most_common()))
        for line in [*sorted(set(self.thin)), *self.failures]:
            print(f"  - {line}")


def write(
    encyclopedia: Encyclopedia, subject: str, topic: str, title: str, seed: int, earlier: Sequence[Lesson] = ()
) -> tuple[Lesson, list[str]]:
    """A lesson on the article of that title, and what the quality gate says against it."""
    entry = encyclopedia.entry_titled(title)
    assert entry is not None, title
    request = LessonRequest(subject=subject, topic=topic, seed=seed)
    material = Material(article=entry.document, resolution="title")
    draft = ExtractiveWriter(encyclopedia).write(request, material, PlainAttempt(seed=seed, earlier=earlier))
    problems = examine(draft.lesson, draft.texts).problems
    return draft.lesson, [f"{problem.rule} {problem.where}: {problem.message}" for problem in problems]


def body_words(lesson: Lesson) -> int:
    """The words of the lesson's running text."""
    return sum(
        word_count(sentence.text)
        for section in lesson.sections
        for block in section.blocks
        if isinstance(block, Prose)
        for sentence in block.sentences
    )


def make_all(encyclopedia: Encyclopedia, topics: Iterable[Topic], seeds: Sequence[int]) -> Tally:
    """Write each topic with each seed and examine what comes of it."""
    tally = Tally()
    for subject, topic, title in topics:
        for seed in seeds:
            started = time.perf_counter()
            try:
                lesson, problems = write(encyclopedia, subject, topic, title, seed)
            except TooThin as refusal:
                tally.thin.append(refusal.message)
                continue
            except LessongenError as refusal:
                tally.failures.append(f"{title}, seed {seed}: {refusal.message}")
                continue
            if problems:
                tally.failures += [f"{title}, seed {seed}: {problem}" for problem in problems]
                continue
            tally.milliseconds.append((time.perf_counter() - started) * 1000)
            tally.words.append(body_words(lesson))
            tally.questions.append(len(lesson.questions))
            tally.kinds.update(question.kind for question in lesson.questions)
    return tally


def repeated_share(encyclopedia: Encyclopedia, topics: Iterable[Topic]) -> float:
    """The mean share of (quote, asked term) pairs of a version that an earlier version had already."""
    shares: list[float] = []
    for subject, topic, title in topics:
        earlier: list[Lesson] = []
        seen: set[tuple[str, str]] = set()
        for seed in range(1, VERSIONS + 1):
            try:
                lesson, _ = write(encyclopedia, subject, topic, title, seed, earlier)
            except TooThin:
                break
            digests = {quote.id: quote.sha256 for source in lesson.sources for quote in source.quotes}
            pairs = {(digests[cite], fold(each.term)) for each in lesson.questions for cite in each.cites}
            if earlier:
                shares.append(len(pairs & seen) / len(pairs))
            seen |= pairs
            earlier.append(lesson)
    print(f"  by topic and version: {' '.join(f'{share:.2f}' for share in shares)}")
    return statistics.mean(shares)


def covered_topics(encyclopedia: Encyclopedia) -> list[Topic]:
    """The rows of bench/data/topics.tsv whose article the pack has, each with that article's title."""
    found: list[Topic] = []
    for line in _PAIRS.read_text(encoding="utf-8").splitlines():
        subject, topic, titles = line.split("\t")
        title = next((each for each in titles.split("|") if encyclopedia.entry_titled(each)), None)
        if title is not None:
            found.append((subject, topic, title))
    return found


def random_topics(encyclopedia: Encyclopedia, count: int) -> list[Topic]:
    """Titles drawn from the whole pack by chance alone."""
    rng = random.Random(20)
    found: list[Topic] = []
    while len(found) < count:
        entry = encyclopedia.entry(rng.randrange(1, 10_000))
        found.append((entry.category, entry.title, entry.title))
    return found


def as_markdown(lesson: Lesson) -> str:
    """The whole lesson with its answers, plainly, for reading."""
    asked = {question.id: question for question in lesson.questions}
    lines = [f"# {lesson.title}", "", f"{lesson.minutes} minutes. {lesson.summary.text}", "", "Objectives"]
    lines += [f"- {goal.id} ({goal.bloom}) {goal.text}" for goal in lesson.objectives]
    lines += ["", "Prior knowledge: " + ", ".join(lesson.prior_knowledge), "", "Key terms"]
    lines += [f"- **{each.term}**: {each.definition.text}" for each in lesson.key_terms]
    lines += [f"- Misconception: {each.belief} {each.correction.text}" for each in lesson.misconceptions]
    for section in lesson.sections:
        lines += ["", f"## {section.title} ({section.kind}, {section.minutes} min, {', '.join(section.objectives)})"]
        for block in section.blocks:
            if isinstance(block, Prose):
                lines += ["", " ".join(sentence.text for sentence in block.sentences)]
            elif isinstance(block, Activity):
                lines += ["", *(f"- {step}" for step in block.steps), f"- → {block.product} ({block.grouping})"]
            elif isinstance(block, Check):
                lines += ["", *_question_lines(asked[block.question])]
    lines += ["", "Sources: " + ", ".join(source.title for source in lesson.sources)]
    return "\n".join([*lines, *(f"! {notice}" for notice in lesson.provenance.notices)])


def _question_lines(question: Question) -> list[str]:
    lines = [f"**{question.id}** [{question.kind}, {question.objective}, asks “{question.term}”] {question.stem}"]
    if isinstance(question, Choice):
        lines += [f"  {'*' if option == question.answer else '-'} {option}" for option in question.options]
        return lines
    if isinstance(question, Match):
        pairs = zip(question.left, question.answer, strict=True)
        return lines + [f"  {left} = {question.right[index]}" for left, index in pairs]
    if isinstance(question, Order):
        return lines + [f"  {number}. {question.items[place]}" for number, place in enumerate(question.answer, 1)]
    return [*lines, f"  = {question.answer}"]


def main(arguments: Sequence[str]) -> int:
    """Run the bench, or show one lesson."""
    with tempfile.TemporaryDirectory() as folder:
        encyclopedia = open_encyclopedia(Path(folder))
        if arguments[:1] == ["show"]:
            return show(encyclopedia, arguments[1:])
        topics = covered_topics(encyclopedia)[::2][:40]
        listed = make_all(encyclopedia, topics, SEEDS)
        listed.report(f"{len(topics)} topics x {len(SEEDS)} seeds")
        others = make_all(encyclopedia, random_topics(encyclopedia, 40), SEEDS)
        others.report(f"40 random titles x {len(SEEDS)} seeds")
        repeated = repeated_share(encyclopedia, topics[::2])
        print(f"Repeated (quote, asked term) pairs over 20 topics x {VERSIONS} versions: {repeated:.2f} in the mean")
    failed = listed.failures or others.failures
    return int(bool(failed) or listed.share_made < MADE_AT_LEAST or repeated > REPEATED_AT_MOST)


def show(encyclopedia: Encyclopedia, arguments: Sequence[str]) -> int:
    """Print one lesson; the topic is an article's title, or a topic of the list above."""
    subject, topic, seed = arguments[0], arguments[1], int(arguments[2]) if len(arguments) > 2 else 1
    title = next((each[2] for each in covered_topics(encyclopedia) if each[:2] == (subject, topic)), topic)
    lesson, problems = write(encyclopedia, subject, topic, title, seed)
    print(as_markdown(lesson))
    for problem in problems:
        print("PROBLEM", problem)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
