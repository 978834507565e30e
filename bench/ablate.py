"""What each rule of the extractive writer buys: lessons are written without it and set against those with all rules.

python -m bench.ablate [--articles N] [--leads N] [--rule NAME …] [--json FILE]

A rule is a module's regular expression or set of words, switched off as one that matches nothing or is empty. For each
it is told in how many of the lessons it matched at all, how many are otherwise without it, and what that does: lessons
made, problems that the gate finds in them, questions, and two figures of `bench.quality`, what numbers and names of
cited sentences their quotes have, and what asks for more than recall. One that changes nothing, at a sample large
enough, can go. `--articles` takes full articles of the Wikipedia sample, half of them never tuned on, `--leads` those
of the offline encyclopedia.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import lessongen.writers.extractive as extractive
from bench.measures import Measured
from bench.quality import Topic, article_topics, lead_topics
from bench.table import print_table
from lessongen.check.gate import examine
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Material
from lessongen.lesson.model import Lesson
from lessongen.lesson.task import LessonRequest
from lessongen.sources.offline import open_encyclopedia
from lessongen.system.errors import TooThin
from lessongen.writers.extractive import ExtractiveWriter
from tests.attempts import PlainAttempt

SEED = 1
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A regular expression or a set of words of one module."""

    module: ModuleType
    attribute: str

    @property
    def name(self) -> str:
        """ "lifting.formula" for `_FORMULA` of the module `lifting`."""
        return f"{self.module.__name__.rpartition('.')[2]}.{self.attribute.strip('_').lower()}"

    @property
    def value(self) -> Any:
        return getattr(self.module, self.attribute)

    @contextmanager
    def replaced(self, value: object) -> Iterator[None]:
        """With another value in its place, in each module that holds it."""
        kept = self.value
        holders = [
            (module, name) for module in _modules() for name, held in vars(module).items() if held is kept and kept
        ]
        for module, name in holders:
            setattr(module, name, value)
        try:
            yield
        finally:
            for module, name in holders:
                setattr(module, name, kept)


class Counting:
    """A regular expression that notes whether it ever matched."""

    def __init__(self, pattern: re.Pattern[str], matched: set[str], name: str) -> None:
        self._pattern, self._matched, self._name = pattern, matched, name

    def __getattr__(self, method: str) -> Any:
        asked = getattr(self._pattern, method)
        if not callable(asked):
            return asked

        def ask(*arguments: Any) -> Any:
            found = asked(*arguments)
            if method == "finditer":
                found = list(found)
            text = next((each for each in reversed(arguments) if isinstance(each, str)), "")
            if found and found not in (text, [text]):
                self._matched.add(self._name)
            return iter(found) if method == "finditer" else found

        return ask


@dataclass(kw_only=True)
class Outcome:
    """What came of a sample of topics: each lesson as text, empty where none was made, and the sums."""

    lessons: list[str] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
    measured: Measured = field(default_factory=Measured)

    @property
    def made(self) -> int:
        return sum(map(bool, self.lessons))

    @property
    def questions(self) -> int:
        return self.measured.kinds.total()

    def add(self, written: tuple[Lesson, dict[str, str], list[str]] | None) -> None:
        """Count one topic in."""
        if written is None:
            self.lessons.append("")
            return
        lesson, texts, problems = written
        content = lesson.model_dump(mode="json", exclude={"provenance"})
        self.lessons.append(json.dumps(content, sort_keys=True))
        self.problems.update(problems)
        self.measured.add(lesson.model_dump(mode="json"), texts)


def _modules() -> list[ModuleType]:
    names = [each.name for each in pkgutil.iter_modules(extractive.__path__, f"{extractive.__name__}.")]
    return [importlib.import_module(name) for name in names]


def all_rules() -> list[Rule]:
    """Each rule once, under the module that first holds it."""
    found: dict[int, Rule] = {}
    for module in _modules():
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, re.Pattern | frozenset) and value:
                found.setdefault(id(value), Rule(module=module, attribute=name))
    return sorted(found.values(), key=lambda rule: rule.name)


def written(topic: Topic, encyclopedia: Encyclopedia) -> tuple[Lesson, dict[str, str], list[str]] | None:
    """The lesson, the texts of its sources and what the gate has against it; None where the topic is too thin."""
    request = LessonRequest(subject=topic.subject, topic=topic.topic, seed=SEED)
    try:
        draft = ExtractiveWriter(encyclopedia).write(request, Material(article=topic.document), PlainAttempt(seed=SEED))
    except TooThin:
        return None
    problems = [problem.rule for problem in examine(draft.lesson, draft.texts).problems]
    return draft.lesson, dict(draft.texts), problems


def matched_in(topic: Topic, rules: Sequence[Rule], encyclopedia: Encyclopedia) -> set[str]:
    """The names of the regular expressions that match anything while the topic's lesson is written."""
    matched: set[str] = set()

    def with_the_first(left: Sequence[Rule]) -> None:
        if not left:
            written(topic, encyclopedia)
            return
        with left[0].replaced(Counting(left[0].value, matched, left[0].name)):
            with_the_first(left[1:])

    with_the_first([rule for rule in rules if isinstance(rule.value, re.Pattern)])
    return matched


def without(
    rule: Rule, topics: Sequence[Topic], touched: Sequence[bool], whole: Outcome, world: Encyclopedia
) -> Outcome:
    """The outcome without a rule; a topic on which it never matched is as it was, and not written again."""
    outcome = Outcome()
    off: object = _NOTHING if isinstance(rule.value, re.Pattern) else frozenset()
    with rule.replaced(off):
        for topic, is_touched, before in zip(topics, touched, whole.lessons, strict=True):
            if is_touched:
                outcome.add(written(topic, world))
            else:
                outcome.lessons.append(before)
    return outcome


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20)
    parser.add_argument("--leads", type=int, default=10)
    parser.add_argument("--rule", action="append", metavar="NAME", help="only this one, may be given again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there too")
    asked = parser.parse_args()
    rules = [rule for rule in all_rules() if not asked.rule or rule.name in asked.rule]
    with tempfile.TemporaryDirectory() as folder:
        encyclopedia = open_encyclopedia(Path(folder))
        assert encyclopedia is not None
        topics = [
            topic
            for halves, count in ((article_topics(), asked.articles), (lead_topics(encyclopedia), asked.leads))
            for half in halves
            for topic in half[: (count + 1) // 2]
        ]
        rows = _table(rules, topics, encyclopedia)
    head = ["without", "matched", "changed", "made", "problems", "questions", "borne", "above recall"]
    print_table(head, rows)
    if asked.json:
        asked.json.write_text(json.dumps([dict(zip(head, row, strict=True)) for row in rows], indent=1))
    return 0


def _table(rules: Sequence[Rule], topics: Sequence[Topic], encyclopedia: Encyclopedia) -> list[list[str]]:
    whole = Outcome()
    for each in (lessons := [written(topic, encyclopedia) for topic in topics]):
        whole.add(each)
    matches = [matched_in(topic, rules, encyclopedia) for topic in topics]
    rows = [_row("(nothing)", whole, whole, len(topics), "")]
    for rule in rules:
        is_words = not isinstance(rule.value, re.Pattern)
        touched = [is_words or rule.name in matched for matched in matches]
        before = Outcome()
        for lesson, is_touched in zip(lessons, touched, strict=True):
            if is_touched:
                before.add(lesson)
        outcome = without(rule, topics, touched, whole, encyclopedia)
        changed = sum(one != other for one, other in zip(outcome.lessons, whole.lessons, strict=True))
        rows.append(_row(rule.name, outcome, before, sum(touched), str(changed)))
        print(" | ".join(rows[-1]), file=sys.stderr, flush=True)
    return rows


def _row(name: str, outcome: Outcome, before: Outcome, touched: int, changed: str) -> list[str]:
    """A line of the table: what is otherwise than with all rules on those topics, with its sign."""
    if outcome is before:
        problems, questions, borne, above = (
            str(outcome.problems.total()),
            str(outcome.questions),
            f"{100 * outcome.measured.borne.value:.1f}",
            f"{100 * outcome.measured.above_recall.value:.1f}",
        )
    else:
        problems = f"{outcome.problems.total() - before.problems.total():+}"
        questions = f"{outcome.questions - before.questions:+}"
        borne = f"{100 * (outcome.measured.borne.value - before.measured.borne.value):+.1f}"
        above = f"{100 * (outcome.measured.above_recall.value - before.measured.above_recall.value):+.1f}"
    return [name, str(touched), changed, str(outcome.made), problems, questions, borne, above]


if __name__ == "__main__":
    sys.exit(main())
