"""Choice: one right option among several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import Any, Literal

from pydantic import Field

from lessongen.lesson.questions import base
from lessongen.text.passages import filled, gaps, names, stands_in, words

_FEWEST_TO_COMPARE = 2


class Choice(base.Question):
    """One right option among three to five."""

    kind: Literal["choice"] = "choice"
    options: list[str] = Field(min_length=3, max_length=5)
    answer: str = Field(description="the right option's text")

    rank = 10
    ease = 0
    marks = frozenset({"option"})
    remedy = "Mark the right option with [x]."

    @property
    def key_text(self) -> str:
        """The letter and the text of the right option."""
        place = self.place_of_answer
        return self.answer if place is None else f"{ascii_uppercase[place]}. {self.answer}"

    @property
    def listed(self) -> Sequence[str]:
        return self.options

    @property
    def wrong_options(self) -> Sequence[str]:
        return [option for option in self.options if option != self.answer]

    @property
    def place_of_answer(self) -> int | None:
        """Where the right option stands; None where it is not among them."""
        return self.options.index(self.answer) if self.answer in self.options else None

    def shown(self) -> dict[str, Any]:
        return {"options": list(self.options)}

    @classmethod
    def layout(cls, shown: Mapping[str, Any]) -> base.Layout:
        return base.Layout(lettered=shown["options"])

    def form(self) -> base.Form:
        return base.Form(choices=[(str(place), text) for place, text in enumerate(self.options)])

    def judge(self, given: Mapping[str, str]) -> base.Verdict:
        """Whether the right option is picked."""
        return given.get("answer", "") == str(self.place_of_answer)

    def is_borne(self, evidence: base.Evidence) -> bool:
        """A quote names the answer; and where the stem shows a passage with a gap, it fits there."""
        fits_gap = not gaps(evidence.passage) or stands_in(filled(evidence.passage, self.answer), evidence.quotes)
        return fits_gap and any(names(quote, self.answer) for quote in evidence.quotes)

    def hidden(self, asked: str) -> Iterator[tuple[str, str, Sequence[str]]]:
        """The stem may say what all options say."""
        yield asked, self.answer, self.options

    def worked_out(self, sums: base.Sums, passage: str) -> Iterator[base.Verdict]:
        """The right option answers the stem, no other one does."""
        for option in self.options:
            verdict = sums.answered(self.stem, option)
            yield verdict if verdict is None else verdict is (option == self.answer)

    @base.gate_rule
    def choice_answer_offered(self, evidence: base.Evidence) -> Iterator[str]:
        """The right answer is one of the options."""
        if self.place_of_answer is None:
            yield f"the answer “{self.answer}” is not among the options"

    @base.gate_rule
    def choice_options_distinct(self, evidence: base.Evidence) -> Iterator[str]:
        """Options differ by more than case, accents, articles or number; computed ones differ at all. None is blank."""
        keys: list[tuple[str, ...]] = [(option.strip(),) for option in self.options]
        if self.origin != "computed":
            keys = [words(option) or key for option, key in zip(self.options, keys, strict=True)]
        if len(set(keys)) < len(keys) or not all(option.strip() for option in self.options):
            yield "two options are the same, or one is blank"

    @staticmethod
    @base.gate_rule_of_all
    def choice_answer_place(questions: Sequence[Choice]) -> Iterator[str]:
        """The right options do not all stand in the same place."""
        places = [each.place_of_answer for each in questions if each.place_of_answer is not None]
        if len(places) >= _FEWEST_TO_COMPARE and len(set(places)) == 1:
            yield f"the right option always stands in place {places[0] + 1}"

    @staticmethod
    @base.gate_rule_of_all
    def choice_answer_length(questions: Sequence[Choice]) -> Iterator[str]:
        """The right options are not all the longest ones."""
        longest = [each.is_answer_longest for each in questions if each.place_of_answer is not None]
        if len(longest) >= _FEWEST_TO_COMPARE and all(longest):
            yield "the right option is always the longest one"

    @base.gate_rule
    def choice_distractor_wrong(self, evidence: base.Evidence) -> Iterator[str]:
        """No wrong option stands in the quote that bears the answer, unless a judge decided on the question."""
        # A passage tells of several things, and asked freely each of them may be the wrong answer.
        if self.is_signed or self.place_of_answer is None or evidence.is_judged:
            return
        bearing = [quote for quote in evidence.quotes if names(quote, self.answer)]
        for option in self.options:
            is_same = words(option) == words(self.answer)
            if not is_same and any(names(quote, option) for quote in bearing):
                yield f"the option “{option}” stands in the quote as well"

    @classmethod
    def fields_of(cls, solution: base.Solution, places: base.Places) -> dict[str, Any]:
        """The options in the order given, or with the right one where the fewest stood so far."""
        wrong = solution.wrong
        options = list(solution.options)
        if not options:
            place = places.next(range(len(wrong) + 1))
            options = [*wrong[:place], solution.answer, *wrong[place:]]
        return {"options": options, "answer": solution.answer}

    def lines(self) -> Iterator[tuple[str, str]]:
        for place, option in enumerate(self.options):
            yield f"- [{'x' if place == self.place_of_answer else ' '}] ", option
        if self.place_of_answer is None:
            yield "= ", self.answer

    @classmethod
    def read(cls, written: base.Written) -> dict[str, Any]:
        """The first option that is marked is right."""
        right = next((text for is_right, text in written.options if is_right), written.answer)
        return {"options": [text for _, text in written.options], "answer": right}
