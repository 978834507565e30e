"""Order: items to put in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from lessongen.lesson.interactions import Interaction, Sort
from lessongen.lesson.questions import base
from lessongen.text.passages import loosely, stands_in

_YEAR = re.compile(r"\b\d{3,4}\b")


class Order(base.Question):
    """Items to be put in order."""

    kind: Literal["order"] = "order"
    items: list[str] = Field(min_length=3, max_length=8)
    answer: list[int] = Field(description="indexes of `items`, from 0, in the right order")

    rank = 60
    marks = frozenset({"lettered"})
    remedy = "Write the letters in the right order after “= ”: = B C A"

    @property
    def in_order(self) -> list[str]:
        """The items in their right order."""
        return [self.items[place] for place in self.answer]

    @property
    def answer_text(self) -> str:
        """The items in their right order."""
        return " → ".join(self.in_order)

    @property
    def key_text(self) -> str:
        """Their letters in the right order."""
        letter = base.neutral_letters(self.items)
        return ", ".join(letter[place] for place in self.answer)

    @property
    def listed(self) -> Sequence[str]:
        return self.items

    @property
    def told_apart_by(self) -> Sequence[str]:
        return self.items

    def shown(self) -> dict[str, Any]:
        return {"items": [self.items[place] for place in base.neutral_order(self.items)]}

    @classmethod
    def layout(cls, shown: Mapping[str, Any]) -> base.Layout:
        return base.Layout(lettered=shown["items"], lines_to_write=1)

    def form(self) -> base.Form:
        """A place to pick for each item."""
        return base.Form(
            choices=[(str(place), str(place)) for place in range(1, len(self.items) + 1)],
            rows=[(f"item{index}", self.items[index]) for index in base.neutral_order(self.items)],
        )

    def judge(self, given: Mapping[str, str]) -> base.Verdict:
        return all(given.get(f"item{item}") == str(place) for place, item in enumerate(self.answer, 1))

    def interaction(self) -> Interaction:
        return Sort(items=tuple(self.in_order))

    @property
    def is_permutation(self) -> bool:
        """Whether each item has one place, and none comes twice."""
        return base.differ(self, self.items) and sorted(self.answer) == list(range(len(self.items)))

    def worked_out(self, sums: base.Sums, passage: str) -> Iterator[base.Verdict]:
        if set(self.answer) <= set(range(len(self.items))):
            values = [sums.worth(item) for item in self.in_order]
            known = [value for value in values if value is not None]
            yield known == sorted(set(known)) if len(known) == len(values) else None

    @base.gate_rule
    def order_permutation(self, evidence: base.Evidence) -> Iterator[str]:
        """The answer of an order question puts each of its items in one place; no item comes twice."""
        if not self.is_permutation:
            yield "the answer does not put each item in one place"

    @base.gate_rule
    def order_in_quotes(self, evidence: base.Evidence) -> Iterator[str]:
        """The items of an order question stand in the quotes that it cites, in this order or by their years."""
        if self.origin == "quoted" and self.is_permutation and evidence.quotes:
            if not _is_ordered_in(self.in_order, evidence.quotes):
                yield "the quotes do not give the items in this order"

    @classmethod
    def fields_of(cls, solution: base.Solution, places: base.Places) -> dict[str, Any]:
        """The items in another order than the right one."""
        order = base.shuffled(len(solution.items), places.rng)
        return {
            "items": [solution.items[index] for index in order],
            "answer": [order.index(index) for index in range(len(order))],
        }

    def lines(self) -> Iterator[tuple[str, str]]:
        """The items, then their letters in the right order."""
        yield from base.lettered_lines(self.items, self.answer)

    @classmethod
    def read(cls, written: base.Written) -> dict[str, Any]:
        """The items, and the letters as places."""
        return {"items": written.lettered, "answer": base.places_of(written.answer or "")}


def _is_ordered_in(items: Sequence[str], quotes: Sequence[str]) -> bool:
    bearing = [[quote for quote in quotes if stands_in(item, [quote])] for item in items]
    if not all(bearing):
        return False
    together = loosely(" ".join(quotes))
    places = [together.find(loosely(item)) for item in items]
    years = [_year_of(item, found[0]) for item, found in zip(items, bearing, strict=True)]
    dated = [year for year in years if year is not None]
    return places == sorted(places) or (len(dated) == len(years) and dated == sorted(dated))


def _year_of(item: str, quote: str) -> int | None:
    found = _YEAR.search(item) or _YEAR.search(quote)
    return int(found.group()) if found else None
