"""Whether a sentence speaks of what its quotes speak of: the subject that they point back to, the case they hold in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessongen.check.word_rules.passage import Passage, read
from lessongen.check.word_rules.vocabulary import word_set

# "It lives …": the quote does not say of what.
_POINTS_BACK = re.compile(r"^(?:It|Its|They|Their|This|These|He|His|She|Her)\b")
# "In humans, …".
_CONDITION = re.compile(
    r"^(?P<all>(?:In|Among|During|Within|Under|Without|For|With|Inside|Outside|Unlike|If|When|Where|Unless|Until)"
    r" (?P<case>[^,.;:()]{3,60})), "
)
# "According to the minister, …".
_ATTRIBUTION = re.compile(r"^(?P<all>According to (?P<who>[^.;:()]{3,80}?)), (?=the |an? |it |[A-Z])")
_MOST_WORDS = 7
_NAMED_BEFORE = 3  # content words: a subject, a verb, and what may be meant
_FAMILY = {
    word: family
    for family in map(
        frozenset, (("it", "its", "itself"), ("they", "them", "their"), ("he", "him", "his"), ("she", "her"))
    )
    for word in family
}
# What opens a sentence and is no case of its own: fields of study and ways of speaking.
_FIELD = re.compile(
    r"(?:ics|(?<!mytho)logy|logies|graphy|metry|nomy|istry|gebra|culus|ture|sophy|grammar|science|sciences)$"
)
_WAYS = word_set("ways")


def dropped_conditions(sentence: Passage, quotes: Sequence[str]) -> Iterator[str]:
    """A case that a quote opens with ("In humans, …") and the sentence says nothing of; years are for other rules."""
    for quote in quotes:
        found = _CONDITION.match(quote)
        if found is None:
            continue
        case = read(found["case"])
        words = [word for word in case.words if word.is_content]
        if not words or len(case.words) > _MOST_WORDS or any(word.text[:1].isdigit() for word in case.words):
            continue
        if any(_FIELD.search(word.lower) or word.lower in _WAYS for word in words):
            continue
        rest = read(quote[found.end() :])
        if _takes_up(sentence, rest) and sentence.keys.isdisjoint(words[-1].keys):
            yield found["all"]


def dropped_attributions(sentence: Passage, quotes: Sequence[str]) -> Iterator[str]:
    """Whose word it is ("According to the minister, …") where the sentence tells it as so."""
    for quote in quotes:
        found = _ATTRIBUTION.match(quote)
        if found and _takes_up(sentence, read(quote[found.end() :])):
            who = [word for word in read(found["who"]).words if word.is_content]
            # The first word is often the article's own name ("the Angolan minister") and names nobody.
            if all(sentence.keys.isdisjoint(word.keys) for word in who[1:] or who):
                yield found["all"]


def foreign_subject(sentence: Passage, quotes: Sequence[str], known: Passage) -> Iterator[str]:
    """The first content word of a sentence whose quotes all point back, where neither they nor the title have it."""
    if not quotes or not all(_POINTS_BACK.match(quote) for quote in quotes):
        return
    first = next((word for word in sentence.words if word.is_content), None)
    if first is not None and known.keys.isdisjoint(first.keys) and known.senses.isdisjoint(first.senses):
        yield first.text


def unnamed(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """A pronoun within a sentence that its quotes do without, before anything but the subject is named."""
    named = 0
    for index, word in enumerate(sentence.words):
        if index and named < _NAMED_BEFORE and word.lower in _FAMILY and quotes.lowers.isdisjoint(_FAMILY[word.lower]):
            yield word.text
            return
        named += word.is_content


def _takes_up(sentence: Passage, clause: Passage) -> bool:
    """Whether most of what the sentence says is of that clause."""
    words = [word for word in sentence.words if word.is_content]
    return bool(words) and 2 * sum(not clause.keys.isdisjoint(word.keys) for word in words) >= len(words)
