"""How many lessons the extractive writer makes of full articles, what the gate says of them, how fresh they are.

python -m bench.articles FOLDER [--half 0|1] [--alone] [--titles]   the figures; exit code 1 where they fall short
python -m bench.articles FOLDER show TITLE [SEED]                   one lesson as Markdown, to be read

FOLDER holds documents as JSON, one a file, as `Document.as_json` gives them. `--half` takes those whose title's SHA-256
is even or odd: one half to look at while rules are found, one to try them on. `--alone` does without the encyclopedia.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.lessons import as_markdown, body_words
from lessongen.check.gate import examine
from lessongen.lesson.draft import Problem
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Document, Material
from lessongen.lesson.model import Lesson, sha256
from lessongen.lesson.task import LessonRequest
from lessongen.sources.offline import open_encyclopedia
from lessongen.system.errors import TooThin
from lessongen.text.headings import only_lists
from lessongen.text.sentences import is_teachable, split_sentences
from lessongen.text.words import fold, word_count
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.extractive.article import Article
from tests.attempts import PlainAttempt

SEEDS = (1, 2, 3)
MADE_AT_LEAST = 0.97
REPEATED_AT_MOST = 0.35
_FULL_ARTICLE_WORDS = 400
_FULL_ARTICLE_HEADINGS = 2


@dataclass(kw_only=True)
class Tally:
    """What came of a folder of articles."""

    made: int = 0
    thin: list[str] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    kinds_a_lesson: list[int] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    repeated: list[float] = field(default_factory=list)
    same_by_chance: list[float] = field(default_factory=list)

    @property
    def share_made(self) -> float:
        """Of all requests."""
        return self.made / max(1, self.made + len(self.thin) + len(self.failures))

    def report(self, title: str) -> None:
        """Print the figures."""
        print(
            f"{title}: {self.made} made ({self.share_made:.1%}), {len(self.thin)} too thin, {len(self.failures)} failed"
        )
        if self.made:
            print(
                f"  medians: {statistics.median(self.words):.0f} words, "
                f"{statistics.median(self.questions):g} questions "
                f"(fewest {min(self.questions)}) of {statistics.median(self.kinds_a_lesson):g} kinds, "
                f"{statistics.median(self.milliseconds):.0f} ms (slowest {max(self.milliseconds):.0f} ms)"
            )
            print("  questions: " + ", ".join(f"{count} {kind}" for kind, count in self.kinds.most_common()))
        if self.repeated:
            print(
                f"  repeated (quote, asked term) pairs in a second version: "
                f"{statistics.mean(self.repeated):.2f} in the mean, "
                f"{max(self.repeated):.2f} at most; without knowing the first: "
                f"{statistics.mean(self.same_by_chance):.2f}"
            )
        for rule, count in self.failed.most_common():
            print(f"  failed by {rule}: {count}")
        for line in [*sorted(set(self.thin)), *self.failures]:
            print(f"  - {line}")


def read(folder: Path, half: int | None) -> list[Document]:
    """The documents of a folder, or one half of them."""
    found = [Document.from_json(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]
    return [each for each in found if half is None or int(sha256(each.title), 16) % 2 == half]


def is_full(document: Document) -> bool:
    """Whether it is a full article: at least two sections and 400 words of sentences, and neither a list nor names."""
    if Article(document=document).is_list:
        return False
    headed = [part for part in document.parts if part.heading and not only_lists(part.heading)]
    sentences = (
        sentence.text
        for part in document.parts
        if not only_lists(part.heading)
        for sentence in split_sentences(document.text[part.start : part.end])
    )
    words = sum(word_count(text) for text in sentences if is_teachable(text))
    return len(headed) >= _FULL_ARTICLE_HEADINGS and words >= _FULL_ARTICLE_WORDS


def write(
    document: Document, encyclopedia: Encyclopedia | None, seed: int, earlier: Sequence[Lesson] = ()
) -> tuple[Lesson, Sequence[Problem]]:
    """A lesson on the document, and what the quality gate says against it."""
    request = LessonRequest(subject="general", topic=document.title, seed=seed)
    attempt = PlainAttempt(seed=seed, earlier=earlier)
    draft = ExtractiveWriter(encyclopedia).write(request, Material(article=document), attempt)
    return draft.lesson, examine(draft.lesson, draft.texts).problems


def measure(documents: Sequence[Document], encyclopedia: Encyclopedia | None) -> Tally:
    """Write each document with each seed, and with the second seed a second version."""
    tally = Tally()
    for document in documents:
        lessons: list[Lesson] = []
        for seed in SEEDS:
            started = time.perf_counter()
            try:
                lesson, problems = write(document, encyclopedia, seed)
            except TooThin as refusal:
                tally.thin.append(refusal.message)
                continue
            if problems:
                tally.failed.update(problem.rule for problem in problems)
                said = "; ".join(f"{each.rule} {each.where}: {each.message}" for each in problems)
                tally.failures.append(f"{document.title}, seed {seed}: {said}")
                continue
            lessons.append(lesson)
            tally.made += 1
            tally.milliseconds.append((time.perf_counter() - started) * 1000)
            tally.words.append(body_words(lesson))
            tally.questions.append(len(lesson.questions))
            tally.kinds.update(question.kind for question in lesson.questions)
            tally.kinds_a_lesson.append(len({question.kind for question in lesson.questions}))
        if len(lessons) > 1:
            try:
                second, problems = write(document, encyclopedia, SEEDS[1], lessons[:1])
            except TooThin as refusal:
                tally.failures.append(f"{document.title}, second version: {refusal.message}")
                continue
            tally.repeated.append(_shared(second, lessons[0]))
            tally.same_by_chance.append(_shared(lessons[1], lessons[0]))
            if problems:
                tally.failures.append(f"{document.title}, second version: {problems[0].message}")
                tally.failed.update(problem.rule for problem in problems)
    return tally


def _shared(second: Lesson, first: Lesson) -> float:
    ours, theirs = _uses(second), _uses(first)
    return len(ours & theirs) / max(1, len(ours))


def _uses(lesson: Lesson) -> set[tuple[str, str]]:
    digests = {quote.id: quote.sha256 for source in lesson.sources for quote in source.quotes}
    return {(digests[cite], fold(question.term)) for question in lesson.questions for cite in question.cites}


def main(arguments: Sequence[str]) -> int:
    """Run the bench, or show one lesson."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("show", nargs="*")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--alone", action="store_true")
    asked = parser.parse_args(arguments)
    documents = read(asked.folder, asked.half)
    with tempfile.TemporaryDirectory() as folder:
        encyclopedia = None if asked.alone else open_encyclopedia(Path(folder))
        if asked.show:
            return show(documents, encyclopedia, asked.show[1:])
        full = [each for each in documents if is_full(each)]
        tally = measure(full, encyclopedia)
        tally.report(f"{len(full)} full articles x {len(SEEDS)} seeds")
        others = measure([each for each in documents if each not in full], encyclopedia)
        others.report(f"{len(documents) - len(full)} shorter articles and lists x {len(SEEDS)} seeds")
    repeats = statistics.mean(tally.repeated) if tally.repeated else 0.0
    falls_short = tally.share_made < MADE_AT_LEAST or repeats > REPEATED_AT_MOST
    return int(falls_short or bool(tally.failures or others.failures))


def show(documents: Sequence[Document], encyclopedia: Encyclopedia | None, asked: Sequence[str]) -> int:
    """Print one lesson."""
    document = next(each for each in documents if each.title == asked[0])
    lesson, problems = write(document, encyclopedia, int(asked[1]) if len(asked) > 1 else 1)
    print(as_markdown(lesson))
    for problem in problems:
        print("PROBLEM", problem.rule, problem.where, problem.message)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
