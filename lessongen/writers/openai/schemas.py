"""The shapes of a model's answers, as JSON Schemas of the strict kind.

Arrays are bounded everywhere. Strings are only where the server is not OpenAI's own, which refuses `maxLength`; a small
model that never ends a sentence is then cut, and what is cut is refused as no whole sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.lesson.model import Bloom
from lessongen.writers.openai.blanks import Blank

Schema = Mapping[str, Any]

BLOOMS: tuple[Bloom, ...] = ("remember", "understand", "apply", "analyze")
VERDICTS = ("supported", "contradicted", "unclear")
_MOST_NUMBERS = 10
_MOST_STEPS = 3
_WRONG = 3


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

    def questions(self, blanks: Sequence[Blank]) -> Schema:
        """For each blank, by its number, what its kind of question needs; phrases are chosen among those offered."""
        return _object(**{str(number): self._filled(blank) for number, blank in enumerate(blanks, 1)})

    def answers(self, offered: Sequence[Sequence[str]]) -> Schema:
        """For each question, by its number, one of the answers offered; any text where there are none."""
        return _object(
            **{
                str(number): {"type": "string", "enum": list(answers)} if answers else self._text(500)
                for number, answers in enumerate(offered, 1)
            }
        )

    def verdicts(self, count: int) -> Schema:
        """For each sentence, by its number, whether its quotes bear it."""
        return _object(**{str(number): {"type": "string", "enum": list(VERDICTS)} for number in range(1, count + 1)})

    def cuts(self, letters: Sequence[str]) -> Schema:
        """For each sentence, by its number, the letter of one of its cuts."""
        return _object(
            **{str(number): {"type": "string", "enum": list(each)} for number, each in enumerate(letters, 1)}
        )

    def rewritten(self, numbers: Iterable[int]) -> Schema:
        """For each refused sentence, by its number, another one with cites."""
        return _object(**{str(number): self._sentence for number in numbers})

    def repair(self, sentences: int, blanks: Sequence[Blank]) -> Schema:
        """More sentences and questions."""
        return _object(sentences=_array(self._sentence, sentences), questions=self.questions(blanks))

    @property
    def _sentence(self) -> dict[str, Any]:
        return _object(text=self._text(500), cites=_array({"type": "integer"}, 2))

    def _filled(self, blank: Blank) -> dict[str, Any]:
        answer, other = ({"type": "string", "enum": list(phrases)} for phrases in (blank.answers, blank.others))
        match blank.kind:
            case "cloze":
                return _object(answer=answer)
            case "true":
                return _object(statement=self._text(300))
            case "false":
                return _object(exchange=answer, by=other)
            case "short":
                return _object(answer=answer, question=self._text(300))
            case "choice":
                wrong = {"type": "array", "items": other, "minItems": _WRONG, "maxItems": _WRONG}
                return _object(answer=answer, question=self._text(300), wrong=wrong)

    def _text(self, longest: int) -> dict[str, Any]:
        return {"type": "string", "maxLength": longest} if self.has_lengths else {"type": "string"}


def loosened(schema: Schema) -> Schema:
    """The schema without its choices and least numbers: what an answer must meet that the program judges anyway.

    Servers that are not held to a schema miss one choice of many easily, and all else they said would be lost.
    """
    return {
        name: {key: loosened(each) for key, each in value.items()}
        if name == "properties"
        else loosened(value)
        if name == "items"
        else value
        for name, value in schema.items()
        if name not in ("enum", "minItems", "maxLength")
    }


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _array(items: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": max(1, most)}
