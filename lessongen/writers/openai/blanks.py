"""The quiz as a form with blanks: which kind of question on which sentence, and what a model may fill in.

A small model that is left to choose writes one kind alone, on sentences that don't bear it; one that fills in a form
chooses among what the sentences do bear. What it fills in is judged by `quiz` like all that a model says.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lessongen.text.words import fold, word_count
from lessongen.writers.openai.gaps import can_be_quoted, masked
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.phrases import alternatives, phrases
from lessongen.writers.openai.plain import as_data, fenced

Kind = Literal["choice", "cloze", "true", "false", "short"]

_PLAN: tuple[Kind, ...] = ("choice", "true", "cloze", "short", "choice", "false", "cloze", "short")
_FEWEST_OTHERS = 3
_MOST_ANSWERS, _MOST_OTHERS = 8, 10
_TELLS = {
    "choice": "choice on sentence {number}; answer: {answers}; wrong: {others}",
    "cloze": "gap in sentence {number}; answer: {answers}",
    "true": "true statement on sentence {number}",
    "false": "false statement on sentence {number}; exchange: {answers}; by: {others}",
    "short": "short answer on sentence {number}; answer: {answers}",
}


@dataclass(frozen=True, kw_only=True)
class Blank:
    """A question to be: its kind, the sentence that it is on, the phrases of that sentence that it may ask for or
    exchange, and phrases of other sentences that look like them and are wrong there."""

    kind: Kind
    number: int
    answers: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def told(self) -> str:
        """A line for a prompt."""
        return _TELLS[self.kind].format(
            number=self.number, answers=" | ".join(self.answers), others=" | ".join(self.others)
        )


def blanks_on(
    numbers: Sequence[int], count: int, numbered: Numbered, used: Collection[tuple[str, str]], rng: random.Random
) -> list[Blank]:
    """So many blanks, one a sentence as far as they go and the kinds in turn; fewer where sentences bear no more.

    `used` are the (quote, asked term) pairs that are asked already: their phrases are offered only where a sentence has
    no others, and sentences that have others come first.
    """
    pool = list(dict.fromkeys(phrase for passage in numbered.passages for phrase in phrases(passage.text)))
    rng.shuffle(pool)
    numbers = [number for number in numbers if can_be_quoted(numbered[number].text)]
    fresh = {number: _answers(number, numbered, used) for number in numbers}
    numbers.sort(key=lambda number: not fresh[number])
    made: dict[tuple[int, Kind], Blank] = {}
    for at in range(3 * count):
        if len(made) == count or not numbers:
            break
        wanted = _PLAN[(at + at // len(numbers)) % len(_PLAN)]
        number = numbers[at % len(numbers)]
        blank = _blank(wanted, number, fresh[number] or _answers(number, numbered, ()), numbered, pool)
        made.setdefault((blank.number, blank.kind), blank)
    return list(made.values())


def told(blanks: Iterable[Blank]) -> str:
    """The form for a prompt, a numbered line for each blank, fenced."""
    return fenced("FORM", (f"{at}. {as_data(blank.told())}" for at, blank in enumerate(blanks, 1)))


def _answers(number: int, numbered: Numbered, used: Collection[tuple[str, str]]) -> list[str]:
    """The phrases of a sentence that can be its gap and were not asked about it before."""
    passage = numbered[number]
    found = (phrase for phrase in phrases(passage.text) if masked(passage.text, phrase))
    return [phrase for phrase in found if (passage.sha256, fold(phrase)) not in used][:_MOST_ANSWERS]


def _blank(wanted: Kind, number: int, answers: Sequence[str], numbered: Numbered, pool: Sequence[str]) -> Blank:
    """The kind that is wanted where the sentence bears it, else one that it does bear."""
    text = numbered[number].text
    if not answers or wanted == "true":
        return Blank(kind="true", number=number)
    others: list[str] = []
    if wanted in ("choice", "false"):
        others = alternatives(answers, text, pool)
        others.sort(key=lambda each: min(abs(word_count(each) - word_count(answer)) for answer in answers))
    if wanted in ("choice", "false") and len(others) < _FEWEST_OTHERS:
        return Blank(kind="cloze", number=number, answers=tuple(answers))
    return Blank(kind=wanted, number=number, answers=tuple(answers), others=tuple(others[:_MOST_OTHERS]))
