"""A question that can be asked; which of several to ask, and whether a blind answer is its key."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lessongen.lesson.claims import GAP
from lessongen.lesson.model import Bloom
from lessongen.text.nouns import singular
from lessongen.text.words import fold, stems, tokens, word_count
from lessongen.writers.extractive.article import Passage
from lessongen.writers.openai.gaps import ARTICLE, masked
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.phrases import phrases

Kind = Literal["choice", "true_false", "cloze", "short"]
UNCLEAR, NONE = "unclear", "none of these"  # what else may be said to a statement and to a choice
_BLOOM: Mapping[Kind, Bloom] = {
    "choice": "remember",
    "cloze": "remember",
    "true_false": "understand",
    "short": "understand",
}
_MOST_GAP_WORDS = 4
_SHARE_OF_KEY = 0.5  # of the content words of a free answer that the key must hold


@dataclass(frozen=True, kw_only=True)
class PlannedQuestion:
    """A question that can be asked on the sentence `number`; `wrong` are the other options of a choice."""

    kind: Kind
    number: int
    stem: str
    term: str
    answer: str
    wrong: tuple[str, ...] = ()
    is_written: bool = False

    @property
    def bloom(self) -> Bloom:
        """Its level."""
        return _BLOOM[self.kind]

    @property
    def is_statement(self) -> bool:
        """Whether it is a statement to judge."""
        return self.kind == "true_false"

    @property
    def is_longest(self) -> bool:
        """Whether the right option is longer than all others."""
        return self.kind == "choice" and all(len(self.answer) > len(each) for each in self.wrong)

    def offered(self, passage: Passage, rng: random.Random) -> list[str]:
        """What may be answered when the model is asked itself: options, phrases of the quote; nothing for any words."""
        if self.is_statement:
            return ["true", "false", UNCLEAR]
        if self.kind == "choice":
            return [*rng.sample([self.answer, *self.wrong], len(self.wrong) + 1), NONE]
        if self.answer == passage.text:
            return []
        return list(dict.fromkeys([*rng.sample(found := phrases(passage.text), len(found)), self.answer]))

    def is_like(self, other: PlannedQuestion) -> bool:
        """Whether the two ask the same."""
        is_same_term = key_of(self.term) == key_of(other.term)
        is_same = self.number == other.number and self.kind == other.kind and is_same_term
        return is_same or key_of(self.stem) == key_of(other.stem)

    def agrees(self, said: str, passage: Passage) -> bool:
        """Whether an answer given from the quote alone is the key."""
        if self.is_statement or self.kind == "choice":
            return said.casefold() == self.answer.casefold()
        if self.kind == "cloze":
            return key_of(said) == key_of(self.answer) or key_of(self._in_gap(said)) == key_of(self.answer)
        if self.answer == passage.text:
            return agree(said, passage.text)
        return agree(said, self.answer) or agree(self.answer, said)

    def _in_gap(self, said: str) -> str:
        """What stands in the gap where the whole sentence was given with its gap filled."""
        before, _, after = self.stem.partition("“")[2].rpartition("”")[0].partition(GAP)
        is_whole_sentence = said.startswith(before) and said.endswith(after) and len(said) > len(before) + len(after)
        return said[len(before) : len(said) - len(after)] if is_whole_sentence else said


def gap_in(number: int, passage: Passage, answer: str) -> PlannedQuestion | None:
    """The sentence with the answer as its gap; None where that can't be asked."""
    gap = masked(passage.text, answer)
    if gap is None or word_count(gap[1]) > _MOST_GAP_WORDS:
        return None
    return PlannedQuestion(kind="cloze", number=number, stem=f"Fill in the gap: “{gap[0]}”", term=gap[1], answer=gap[1])


def choose(
    questions: Sequence[PlannedQuestion], count: int, used: Iterable[tuple[str, str]], numbered: Numbered
) -> list[PlannedQuestion]:
    """Up to so many, those that earlier versions did not ask first, and as few as can be on one sentence.

    At least a quarter of them is above recall where there are as many.
    """
    asked_before = set(used)
    ranked = sorted(questions, key=lambda each: (numbered[each.number].sha256, fold(each.term)) in asked_before)
    chosen: list[PlannedQuestion] = []
    seen: Counter[int] = Counter()
    for most in (1, 2, len(questions)):
        for each in ranked:
            if len(chosen) < count and each not in chosen and seen[each.number] < most:
                chosen.append(each)
                seen[each.number] += 1
    return _not_all_longest(_with_some_above_recall(chosen, ranked), numbered)


def agree(said: str, key: str) -> bool:
    """Whether enough content words of what is said are the key's."""
    wanted, given = set(stems(key)), set(stems(said))
    return bool(given) and len(given & wanted) >= _SHARE_OF_KEY * len(given)


def key_of(text: str) -> tuple[str, ...]:
    """What two texts agree in that differ by case, article or number alone."""
    without = ARTICLE.sub("", text.strip())
    return tuple(singular(token) for token in tokens(without)) or (text.strip(),)


def _with_some_above_recall(
    chosen: Sequence[PlannedQuestion], ranked: Sequence[PlannedQuestion]
) -> list[PlannedQuestion]:
    """The same, with the last questions of recall exchanged for others where fewer than a quarter is above it."""
    kept = list(chosen)
    spare = [each for each in ranked if each not in kept and each.bloom != "remember"]
    recalling = [each for each in kept if each.bloom == "remember"]
    missing = -(-len(kept) // 4) - (len(kept) - len(recalling))
    for old, new in zip(reversed(recalling), spare[: max(0, missing)], strict=False):
        kept[kept.index(old)] = new
    return kept


def _not_all_longest(chosen: list[PlannedQuestion], numbered: Numbered) -> list[PlannedQuestion]:
    """The same, with choices made to gaps where the longest option would always be the right one."""
    choices = [each for each in chosen if each.kind == "choice"]
    if len(choices) < 2 or not all(each.is_longest for each in choices):
        return chosen
    kept: list[PlannedQuestion] = []
    for each in chosen:
        if each.kind != "choice" or each is choices[0]:
            kept.append(each)
            continue
        gap = gap_in(each.number, numbered[each.number], each.answer)
        if gap is not None and not any(gap.is_like(other) for other in kept):
            kept.append(gap)
    return kept
