"""Noun phrases and numbers of a sentence, found by the words around them: what a question may ask for.

Not every noun phrase is found; what is found mostly is one. A model that may choose among them can't ask for what the
sentence does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lessongen.text.nouns import is_plural
from lessongen.text.words import stems

_WORD = r"[^\W\d_](?:[\w'’-]*\w)?"  # noqa: RUF001
_BEFORE = (
    "the a an its their his her this these those some many most all both each every any no other such of into from by "
    "with for in through between against on and or as at within without during after before until over under called "
    "like than across around about"
).split()
_AFTER = (
    "of in on at to for from by with as that which who and or but is are was were has have had can may must will could "
    "would into through between during after before until within without where when while because than such also"
).split()
_PHRASE = re.compile(
    rf"(?<![\w-])(?:{'|'.join(_BEFORE)}) (?P<phrase>{_WORD}(?: {_WORD}){{0,2}})(?=[.,;:)]| (?:{'|'.join(_AFTER)})\b)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?:\.\d+)?%?(?!\w)|(?<![\w.,-])\d+(?:\.\d+)?%?(?![\w,]*\d)(?!\w)")
# Words that end or begin no noun phrase of their own.
_LOOSE = frozenset(
    (
        "it they he she we you i there here what whose how why not only more less least very often usually sometimes "
        "always never then so if be been being do does did done make makes made making use uses used using take takes "
        "taken taking give gives given giving form forms become becomes became occur occurs include includes including "
        "contain contains produce produces produced allow allows call known found seen shown need needs needed cause "
        "causes caused help helps mean means refer refers consist consists lead leads led come comes came go goes went "
        "get gets got keep keeps kept turn turns turned one two three four five six seven eight nine ten first second "
        "third part parts way ways number type types kind kinds example case addition order fact result same different "
        "several various much few own whole large small main others another thing things"
    ).split()
).union(_BEFORE, _AFTER)
_NOT_LAST = re.compile(r"(?:ly|ing|ous|able|ible|ful|ical|ive|ic|ed)$")
_LONGEST = 40  # characters


def phrases(text: str) -> list[str]:
    """The phrases in order, each once, as the text writes them."""
    return list(dict.fromkeys([*_noun_phrases(text), *(found.group() for found in _NUMBER.finditer(text))]))


def alternatives(answers: Iterable[str], sentence: str, pool: Iterable[str]) -> list[str]:
    """Phrases of the pool that look like some of the answers, in number, length and capitals, and that share no word
    with the sentence that has the answers."""
    said, shapes = set(stems(sentence)), {_shape(answer) for answer in answers}
    return [each for each in pool if _shape(each) in shapes and not said & set(stems(each))]


def look_alike(one: str, other: str) -> bool:
    """Whether two phrases may stand in the same place: both numbers, both names, both of many, or neither."""
    return _shape(one) == _shape(other)


def _noun_phrases(text: str) -> Iterator[str]:
    for found in _PHRASE.finditer(text):
        words = found["phrase"].split()
        while words and (words[0].lower() in _LOOSE or words[0].endswith("ly")):
            words.pop(0)
        if not words or any(word.lower() in _LOOSE for word in words) or _NOT_LAST.search(words[-1]):
            continue
        phrase = " ".join(words)
        if 3 <= len(phrase) <= _LONGEST:
            yield phrase


def _shape(phrase: str) -> tuple[bool, bool, bool]:
    """Whether it is a number, a name, and one of many."""
    last = phrase.rsplit(" ", 1)[-1]
    return (phrase[:1].isdigit(), phrase[:1].isupper(), not phrase[:1].isdigit() and is_plural(last))
