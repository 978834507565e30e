"""Match: two lists whose items belong together; on the right there may be some that fit none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from lessongen.lesson.interactions import Interaction, Pair
from lessongen.lesson.questions import base
from lessongen.text.passages import names, stands_in


class Match(base.Question):
    """Items on the left belong to items on the right, of which a few may belong to none."""

    kind: Literal["match"] = "match"
    left: list[str] = Field(min_length=3, max_length=8)
    right: list[str] = Field(min_length=3, max_length=8)
    answer: list[int] = Field(description="for each item on the left the index, from 0, of its partner on the right")

    rank = 50
    ease = 1
    marks = frozenset({"numbered", "lettered"})
    remedy = "Write the letters in the right order after “= ”: = B C A"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each item on the left with its partner."""
        return [(left, self.right[place]) for left, place in zip(self.left, self.answer, strict=True)]

    @property
    def spare(self) -> list[str]:
        """What on the right belongs to none."""
        return [text for place, text in enumerate(self.right) if place not in self.answer]

    @property
    def answer_text(self) -> str:
        return "; ".join(f"{left} – {right}" for left, right in self.pairs)  # noqa: RUF001

    @property
    def key_text(self) -> str:
        """A number with its letter, for each pair."""
        letter = base.neutral_letters(self.right)
        return ", ".join(f"{number} {letter[place]}" for number, place in enumerate(self.answer, 1))

    @property
    def told_apart_by(self) -> Sequence[str]:
        return self.left

    def shown(self) -> dict[str, Any]:
        """Both sides, the right one in alphabetical order."""
        return {"left": list(self.left), "right": [self.right[place] for place in base.neutral_order(self.right)]}

    @classmethod
    def layout(cls, shown: Mapping[str, Any]) -> base.Layout:
        """The left side by number, the right one by letter."""
        return base.Layout(numbered=shown["left"], lettered=shown["right"])

    def form(self) -> base.Form:
        """An item of the right side to pick for each of the left one."""
        return base.Form(
            choices=[(str(place), self.right[place]) for place in base.neutral_order(self.right)],
            rows=[(f"item{place}", text) for place, text in enumerate(self.left)],
        )

    def judge(self, given: Mapping[str, str]) -> base.Verdict:
        return all(given.get(f"item{left}") == str(right) for left, right in enumerate(self.answer))

    def interaction(self) -> Interaction:
        """The pairs, and all of the right side in alphabetical order."""
        return Pair(pairs=tuple(self.pairs), choices=tuple(self.shown()["right"]))

    @property
    def is_bijection(self) -> bool:
        """Whether each item on the left has a partner of its own, and none comes twice."""
        has_partners = len(set(self.answer)) == len(self.answer) == len(self.left)
        is_there = set(self.answer) <= set(range(len(self.right)))
        return base.differ(self, self.left) and base.differ(self, self.right) and has_partners and is_there

    def hidden(self, asked: str) -> Iterator[tuple[str, str, Sequence[str]]]:
        """No item shows a word of its partner that not all partners have."""
        if self.is_bijection:
            yield from ((left, right, self.right) for left, right in self.pairs)

    def worked_out(self, sums: base.Sums, passage: str) -> Iterator[base.Verdict]:
        """What is paired belongs together, and nothing else does."""
        if len(self.answer) != len(self.left):
            return
        for left, place in zip(self.left, self.answer, strict=True):
            for at, right in enumerate(self.right):
                verdict = sums.paired(self.stem, left, right)
                yield verdict if verdict is None else verdict is (at == place)

    @base.gate_rule
    def match_bijection(self, evidence: base.Evidence) -> Iterator[str]:
        """In a match every item on the left has a partner of its own on the right; no item comes twice."""
        if not self.is_bijection:
            yield "the answer does not pair each item with one other"

    @base.gate_rule
    def match_pairs_quoted(self, evidence: base.Evidence) -> Iterator[str]:
        """Each pair of a match stands together in a quote that the question cites."""
        if self.origin != "quoted" or not self.is_bijection or not evidence.quotes:
            return
        for left, right in self.pairs:
            if not any(names(quote, left) and stands_in(right, [quote]) for quote in evidence.quotes):
                yield f"no quote says “{right[:40]}” of “{left}”"

    @classmethod
    def fields_of(cls, solution: base.Solution, places: base.Places) -> dict[str, Any]:
        """The pairs and what fits none, with the right side in an order of its own."""
        right = [*(right for _, right in solution.pairs), *solution.wrong]
        order = base.shuffled(len(right), places.rng)
        return {
            "left": [left for left, _ in solution.pairs],
            "right": [right[index] for index in order],
            "answer": [order.index(index) for index in range(len(solution.pairs))],
        }

    def lines(self) -> Iterator[tuple[str, str]]:
        """Both sides, then for each number its letter."""
        yield from ((f"{number}. ", item) for number, item in enumerate(self.left, 1))
        yield from base.lettered_lines(self.right, self.answer)

    @classmethod
    def read(cls, written: base.Written) -> dict[str, Any]:
        """Both sides, and the letters as places."""
        return {"left": written.numbered, "right": written.lettered, "answer": base.places_of(written.answer or "")}
