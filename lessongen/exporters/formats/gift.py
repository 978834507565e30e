"""GIFT: questions as text for Moodle and others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from lessongen.exporters.asking import Asked, quiz_format
from lessongen.exporters.fitting import shares
from lessongen.lesson.interactions import Fill, Interaction, Pair, Pick, Write

if TYPE_CHECKING:
    from lessongen.exporters.quiz import Item

_KNOWN = (Pick, Fill, Pair, Write)
_NO_ESCAPES = str.maketrans({"\\": None, "/": "//"})  # of the name of a category; a slash parts its levels
_SPECIAL = str.maketrans({each: f"\\{each}" for each in "\\~=#{}:"})


def _file(title: str, lessons: Iterable[Asked]) -> bytes:
    """The questions as GIFT in UTF-8, a category a lesson, after a description that names the sources."""
    blocks: list[str] = []
    for quiz, items in lessons:
        blocks.append(f"$CATEGORY: {quiz.sheet.title.translate(_NO_ESCAPES)}")
        blocks.append(f"::Sources::[plain]{_escaped(' / '.join(quiz.credits))}")
        blocks += map(_question, items)
    return ("\n\n".join(blocks) + "\n").encode()


def _question(item: Item) -> str:
    answers = "".join(f"\n\t{each}" for each in _answers(item.asked, item.why))
    feedback = f"\n\t####[plain]{_escaped(' / '.join(item.feedback))}" if item.feedback else ""
    return f"::{_escaped(item.name)}::[plain]{_escaped(item.told_stem)} {{{answers}{feedback}\n}}"


def _answers(asked: Interaction, why: Mapping[str, str]) -> Iterator[str]:
    if isinstance(asked, Pick) and asked.is_judgement:
        yield "TRUE" if dict(asked.options)["True"] else "FALSE"
    elif isinstance(asked, Pick):
        share, less = shares(asked)
        for text, is_right in asked.options:
            mark = f"~%{share if is_right else less}%"
            if len(asked.right) == 1:
                mark = "=" if is_right else "~"
            said = f"#[plain]{_escaped(why[text])}" if text in why and not is_right else ""
            # The format stands before it lest a text that begins with %50% be taken for a weight.
            yield f"{mark}[plain]{_escaped(text)}{said}"
    elif isinstance(asked, Fill) and asked.is_number:
        yield from (f"#{answer}:{asked.tolerance}" for answer in asked.answers)
    elif isinstance(asked, Fill):
        # A star stands for any text there.
        yield from (f"=[plain]{_unpointed(_escaped(answer.replace('*', chr(92) + '*')))}" for answer in asked.answers)
    elif isinstance(asked, Pair):
        right = [right for _, right in asked.pairs]
        pairs = [*asked.pairs, *(("", each) for each in asked.choices if each not in right)]
        for left, partner in pairs:
            asked_for = f"[plain]{_unpointed(_escaped(left))}" if left else ""
            yield f"={asked_for} -> {_unpointed(_escaped(partner))}"


def _escaped(text: str) -> str:
    return text.translate(_SPECIAL)


def _unpointed(text: str) -> str:
    """The text with another arrow in place of the one that parts pairs, which can't be escaped."""
    return text.replace("->", "\N{RIGHTWARDS ARROW}")


FORMAT = quiz_format(
    "gift",
    _file,
    told_as="GIFT",
    known=_KNOWN,
    media_type="text/plain; charset=utf-8",
    about="gift is a quiz for Moodle",
    place=20,
)
