"""What the text tells in an order: dated events, and the steps of a process."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from lessongen.text.words import fold, word_count
from lessongen.writers.extractive.article import Passage, Run
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.lifting import can_be_lifted
from lessongen.writers.extractive.outline import Plan

# A sentence with two years dates two things.
_ANY_NUMBER = re.compile(r"\b\d{3,4}\b")
# "In March 1842, the bridge …".
_DATE_FIRST = re.compile(r"^(?:In|On|By) (?:[A-Z][a-z]+ )?(?:\d{1,2},? )?(?:[A-Z][a-z]+,? )?(?P<year>\d{4}),? (?=\S)")
# "The bridge was opened in 1842."
_DATE_LAST = re.compile(r",? (?:in|on) (?:(?:early|late|mid) )?(?:[A-Z][a-z]+ )?(?:\d{1,2}, )?(?P<year>\d{4})\.$")
# "Then, …", "In the next step, …": the place in a process.
_STEP = re.compile(
    r"^(?:First|Firstly|To begin with|Then|Next|Second|Secondly|Third|Thirdly|After that|Afterwards?|Subsequently"
    r"|Eventually|Finally|Lastly|In the (?:first|second|third|next|final|last) (?:step|stage|phase)),? (?=\S)"
)
_BACK = re.compile(r"(?:he|she|it|they|this|these|his|her|its|their|the same)\b", re.IGNORECASE)
_MOST_WORDS = 26
_FEWEST, _MOST = 3, 4


def in_order(plan: Plan, rng: random.Random) -> Iterator[Candidate]:
    """Events with their years taken off, and steps with what tells their place taken off, to be put in order."""
    dated: dict[str, tuple[Passage, str]] = {}
    for passage in plan.passages:
        event = _event_of(passage) if passage.can_be_asked else None
        if event is not None:
            dated.setdefault(event[0], (passage, event[1]))
    if len(dated) >= _FEWEST:
        years = sorted(rng.sample(sorted(dated), min(_MOST, len(dated))))
        yield from _to_order([dated[year] for year in years], "Put these in order, the earliest first.", years[0])
    for run in plan.runs:
        steps = list(_steps_of(run))
        if len(steps) >= _FEWEST:
            asked = " ".join(steps[0][1].split()[:2])
            yield from _to_order(steps[:_MOST], "Put these steps in order, the first one first.", asked)


def _to_order(told: Sequence[tuple[Passage, str]], stem: str, asked: str) -> Iterator[Candidate]:
    items = tuple(item for _, item in told)
    if len({fold(item) for item in items}) == len(items) == len({passage for passage, _ in told}):
        yield Candidate(
            kind="order",
            aim="order",
            bloom="understand",
            stem=stem,
            asked=asked,
            passages=tuple(passage for passage, _ in told),
            items=items,
        )


def _event_of(passage: Passage) -> tuple[str, str] | None:
    """The year of a sentence that dates one event, and the event as the sentence has it without the year."""
    text = passage.text
    if len(_ANY_NUMBER.findall(text)) != 1 or "BC" in text or not can_be_lifted(text):
        return None
    first, last = _DATE_FIRST.match(text), _DATE_LAST.search(text)
    if first is not None:
        year, event = first["year"], text[first.end() :].removesuffix(".")
    elif last is not None:
        year, event = last["year"], text[: last.start()]
    else:
        return None
    return (year, event) if _is_clear(event) else None


def _steps_of(run: Run) -> Iterator[tuple[Passage, str]]:
    """The sentences of a run that say at which place of a process they stand, without saying so."""
    for passage in run:
        found = _STEP.match(passage.text)
        step = passage.text[found.end() :].removesuffix(".") if found else ""
        if found and _is_clear(step):
            yield passage, step


def _is_clear(said: str) -> bool:
    return 5 <= word_count(said) <= _MOST_WORDS and not _BACK.match(said)
