"""The shapes of a model's answers, as JSON Schemas of the strict kind.

Arrays are bounded everywhere. Strings are only where the server is not OpenAI's own, which refuses `maxLength`; a small
model that never ends a sentence is then cut, and what is cut is refused as no whole sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.lesson import Bloom

Schema = Mapping[str, Any]

BLOOMS: tuple[Bloom, ...] = ("remember", "understand", "apply", "analyze")
KINDS = ("choice", "cloze", "true_false", "short")
VERDICTS = ("supported", "contradicted", "unclear")
_MOST_NUMBERS = 10
_MOST_STEPS = 3
_MOST_WRONG = 4


@dataclass(frozen=True, kw_only=True)
class Schemas:
    """Makes the schemas for one server."""

    has_lengths: bool

    def outline(self, sections: int, terms: int) -> Schema:
        """Sections with title, objective and sentence numbers; key terms with the sentence that defines each."""
        section = _object(
            title=self._text(80),
            sentences=_array({"type": "integer"}, _MOST_NUMBERS),
            objective=self._text(160),
            level={"type": "string", "enum": list(BLOOMS)},
        )
        term = _object(term=self._text(60), sentence={"type": "integer"})
        return _object(sections=_array(section, sections), terms=_array(term, terms + 2))

    def section(self, sentences: int, *, has_activity: bool) -> Schema:
        """Sentences with cites; and the steps of an activity."""
        fields = {"sentences": _array(self._sentence, sentences)}
        if has_activity:
            fields["activity"] = _array(self._text(160), _MOST_STEPS)
        return _object(**fields)

    def questions(self, count: int) -> Schema:
        """Questions of four kinds, each on one sentence."""
        return _object(questions=_array(self._question, count))

    def answers(self, options: Mapping[str, Sequence[str]]) -> Schema:
        """For each question, by its number, one of its options; any text where there are none."""
        return _object(
            **{
                number: {"type": "string", "enum": list(offered)} if offered else self._text(500)
                for number, offered in options.items()
            }
        )

    def verdicts(self, count: int) -> Schema:
        """For each sentence, by its number, whether its quotes bear it."""
        return _object(**{str(number): {"type": "string", "enum": list(VERDICTS)} for number in range(1, count + 1)})

    def rewritten(self, numbers: Iterable[int]) -> Schema:
        """For each refused sentence, by its number, another one with cites."""
        return _object(**{str(number): self._sentence for number in numbers})

    def repair(self, sentences: int, questions: int) -> Schema:
        """More sentences and questions."""
        return _object(
            sentences=_array(self._sentence, sentences),
            questions=_array(self._question, questions),
        )

    @property
    def _sentence(self) -> dict[str, Any]:
        return _object(text=self._text(500), cites=_array({"type": "integer"}, 2))

    @property
    def _question(self) -> dict[str, Any]:
        return _object(
            sentence={"type": "integer"},
            kind={"type": "string", "enum": list(KINDS)},
            question=self._text(400),
            answer=self._text(400),
            wrong=_array(self._text(120), _MOST_WRONG),
        )

    def _text(self, longest: int) -> dict[str, Any]:
        return {"type": "string", "maxLength": longest} if self.has_lengths else {"type": "string"}


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _array(items: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": max(1, most)}
