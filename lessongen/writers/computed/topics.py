"""Which topics a skill serves: all of a topic's words have to be known, and some have to name the skill.

Precise rather than eager: "fractions" and "adding unlike fractions" are served, "history of fractions" is not, for a
word that nobody knows may turn the topic into something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lessongen.text.nouns import singular
from lessongen.text.wordlists import word_lists
from lessongen.text.words import split_title, tokens

Family = Literal["numbers", "english", "science", "computing"]

_LISTS = word_lists(__file__, "topics")
_FILLERS = _LISTS.words("fillers")
_OWN: Mapping[Family, frozenset[str]] = {
    "numbers": _LISTS.words("of_numbers"),
    "english": _LISTS.words("of_english"),
    "science": _LISTS.words("of_science"),
    "computing": _LISTS.words("of_computing"),
}
_NEAR: Mapping[Family, frozenset[str]] = {
    "numbers": _LISTS.words("near_numbers"),
    "english": frozenset(),
    "science": _LISTS.words("near_science"),
    "computing": frozenset(),
}
_WITH_SUBJECTS = _LISTS.words("with_subjects")
# Says how hard a topic may be; but "present simple" is a tense, so a skill's own name may hold it.
_HOW_HARD = frozenset({"simple"})
_GRADE = re.compile(r"\b(?:grade|year|class|level)s? \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th) grade\b|\b[abc][12]\b")
# Neighbours in meaning that the singular rule would part or join wrongly.
_KEPT = {"mathematics": "mathematics", "mean": "mean", "basics": "basics", "does": "does", "is": "is"}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A skill's topics.

    `cores` are phrases that name the skill, each with the groups of forms that it asks for ("" for all);
    `companions` are words that may stand besides, with their groups. What is in `unsure` names the skill in
    lessons of its own subject alone: "roots" is no mathematics in botany. `also` are families whose subjects are
    its own, too.
    """

    family: Family
    cores: Mapping[str, str]
    companions: Mapping[str, str]
    unsure: frozenset[str] = frozenset()
    also: frozenset[Family] = frozenset()

    def fits(self, subject: str, topic: str) -> float:
        """1 for the skill's own name in its own subject, less for what is more roundabout, 0 for anything else."""
        named = self._named(subject, topic)
        if not named or self.rest(topic):
            return 0.0
        extra = words_of(topic) - self.covered(subject, topic)
        return max(0.5, 1.0 - 0.1 * len(extra))

    def _named(self, subject: str, topic: str) -> list[str]:
        """The core phrases that the topic holds and the subject allows."""
        nearness = max(_nearness(family, subject, topic) for family in (self.family, *self.also))
        words = words_of(topic)
        named = [phrase for phrase in self.cores if words_of(phrase) <= words]
        return [phrase for phrase in named if nearness == 2 or (nearness == 1 and phrase not in self.unsure)]

    def names(self, subject: str, topic: str) -> bool:
        """Whether the topic names the skill, whatever else it names."""
        return bool(self._named(subject, topic))

    def covered(self, subject: str, topic: str) -> frozenset[str]:
        """The words by which the topic names the skill."""
        return frozenset(word for phrase in self._named(subject, topic) for word in words_of(phrase))

    def rest(self, topic: str) -> frozenset[str]:
        """The words of the topic that this skill does not know."""
        known = {word for phrase in self.cores for word in words_of(phrase) if words_of(phrase) <= words_of(topic)}
        known |= {singular(word) for word in self.companions} | set(self.companions)
        return frozenset(words_of(topic) - known - _HOW_HARD)

    def groups_of(self, topic: str) -> frozenset[str]:
        """The groups of forms that the topic asks for; empty for all."""
        words = words_of(topic)
        phrases = [phrase for phrase in self.cores if words_of(phrase) <= words]
        # "Long division" is not division at large.
        longest = [each for each in phrases if not any(words_of(each) < words_of(other) for other in phrases)]
        named = [self.cores[phrase] for phrase in longest]
        besides = [groups for word, groups in self.companions.items() if groups and singular(word) in words]
        # "Adding fractions" names fractions, and says which of their operations.
        return frozenset(group for groups in (besides or named) for group in groups.split())


@lru_cache(maxsize=2_048)
def words_of(topic: str) -> frozenset[str]:
    """The words of a topic in the singular, without what any topic may say and without a grade."""
    name, _ = split_title(topic.strip())
    words = tokens(_GRADE.sub(" ", name.casefold()))
    return frozenset(_KEPT.get(word, singular(word)) for word in words if word not in _FILLERS) - _FILLERS


def _nearness(family: Family, subject: str, topic: str) -> int:
    """2 for the family's own subjects, 1 where only a plain name will do, 0 for what it has no place in."""
    own, near = _OWN[family], _NEAR[family]
    _, sense = split_title(topic.strip())
    if sense and not set(tokens(sense)) <= own | {"grammar", "linguistics"}:
        return 0
    plain = _GRADE.sub(" ", subject.casefold())
    words = set(tokens(plain)) - _WITH_SUBJECTS
    if words <= own and (words or not tokens(plain) or family == "numbers"):
        return 2 if words else 1
    if words <= own | near:
        return 1
    return 0
