"""Which articles a text names: the longest title at each place, and among titles that look alike the fitting sense."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lessongen.lesson.encyclopedia import Entry, Mention
from lessongen.text.nouns import singular
from lessongen.text.words import fold, split_title

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")  # noqa: RUF001
_LONGEST = 6
# Words that are titles too ("form", "time") stand in too many texts to say what one is about.
_NAMED_EVERYWHERE = 200


@dataclass(frozen=True, kw_only=True)
class Sense:
    """An article that a form (folded title without its disambiguation) may mean."""

    form: str
    entry_id: int
    title: str
    category: str
    is_common_noun: bool
    popularity: int


@dataclass(frozen=True, kw_only=True)
class _Phrase:
    start: int
    end: int
    forms: tuple[str, ...]
    is_lower_case: bool
    opens_sentence: bool


Senses = Callable[[str], Iterable[Sense]]
"""The senses of the forms in a JSON array."""


def find_mentions(text: str, about: Entry, near: Mapping[int, float], senses: Senses) -> list[Mention]:
    """The mentions in order, none overlapping. `near` are the neighbours of `about`, the article of the text."""
    phrases = list(_phrases(text))
    by_form: dict[str, list[Sense]] = defaultdict(list)
    for sense in senses(json.dumps(sorted({form for phrase in phrases for form in phrase.forms}))):
        by_form[sense.form].append(sense)
    mentions: list[Mention] = []
    end = 0
    for phrase in phrases:  # from left to right, and at one place the longest first
        if phrase.start < end:
            continue
        chosen = _choose(phrase, by_form, about, near)
        if chosen is not None:
            mentions.append(Mention(entry_id=chosen.entry_id, start=phrase.start, end=phrase.end))
            end = phrase.end
    return mentions


def _phrases(text: str) -> Iterable[_Phrase]:
    words = list(_WORD.finditer(text))
    for first, word in enumerate(words):
        before = text[: word.start()].rstrip(" \"“‘'([")  # noqa: RUF001
        opens_sentence = not before or before[-1] in ".!?:\n" or before.endswith("\n")
        for last in reversed(words[first : first + _LONGEST]):
            surface = text[word.start() : last.end()]
            folded = fold(surface).replace("’", "'")  # noqa: RUF001
            head = folded[: len(folded) - len(fold(last.group()))]
            yield _Phrase(
                start=word.start(),
                end=last.end(),
                forms=tuple(dict.fromkeys((folded, head + singular(fold(last.group()))))),
                is_lower_case=surface[0].islower(),
                opens_sentence=opens_sentence,
            )


def _choose(
    phrase: _Phrase, by_form: Mapping[str, list[Sense]], about: Entry, near: Mapping[int, float]
) -> Sense | None:
    for form in phrase.forms:
        fitting = [sense for sense in by_form.get(form, ()) if _fits(sense, phrase, about, near)]
        if fitting:
            return max(
                fitting,
                key=lambda sense: (
                    near.get(sense.entry_id, 0.0),
                    sense.category == about.category,
                    not split_title(sense.title)[1],
                    -sense.entry_id,
                ),
            )
    return None


def _fits(sense: Sense, phrase: _Phrase, about: Entry, near: Mapping[int, float]) -> bool:
    if sense.entry_id == about.id:
        return False
    if phrase.is_lower_case:
        if not sense.is_common_noun:
            return False
    elif not phrase.opens_sentence and sense.is_common_noun and " " not in phrase.forms[0]:
        # "Power" amid a sentence is a name, not the article on power.
        return False
    if sense.entry_id in near:
        return True
    if split_title(sense.title)[1] and sense.category != about.category:
        return False
    return sense.popularity < _NAMED_EVERYWHERE or " " in phrase.forms[0]
