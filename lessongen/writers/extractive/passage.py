"""A sentence of an article that can be quoted, and a term that such a sentence explains."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lessongen.lesson.encyclopedia import Entry
from lessongen.lesson.model import sha256
from lessongen.text.nouns import indefinite, is_plural, plural
from lessongen.text.sentences import Sentence, points_back, stands_alone
from lessongen.text.words import stems
from lessongen.writers.extractive.genus import genus
from lessongen.writers.extractive.lifting import can_be_lifted, opens_in_the_middle
from lessongen.writers.extractive.naming import names, names_exactly
from lessongen.writers.extractive.passing import How

if TYPE_CHECKING:
    from lessongen.writers.extractive.article import Article

_DEFINING_VERB = r"(?:is|are|was|were|refers to|means|denotes|describes|represents|consists? of|comprises)"
DEFINES = re.compile(rf"\b{_DEFINING_VERB}\b")
_PERSONAL = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_OPENS_WITH_SOMEONE = re.compile(r"(?:He|She|His|Her)\b")
_GROUPS = frozenset("band group duo trio quartet ensembl orchestra team dynasti famili".split())  # stems

# What a family lesson leaves out, unless it was asked for by name.
UNSUITABLE = re.compile(
    r"\b(?:clitoris|penis|vagina|vulva|sexual\w*|sex|porn\w*|orgasm|masturbation|rape|suicide|erotic\w*|prostitut\w*"
    r"|genocide|torture)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Passage:
    """A sentence of an article that can be quoted."""

    article: Article
    sentence: Sentence
    heading: str

    @property
    def text(self) -> str:
        """Verbatim, as it stands in the article's text."""
        return self.sentence.text

    @cached_property
    def sha256(self) -> str:
        """What identifies the quote through all versions of a lesson."""
        return sha256(self.text)

    @cached_property
    def points_back(self) -> bool:
        """Can't be read without the sentence before it."""
        return points_back(self.text)

    @cached_property
    def stands_alone(self) -> bool:
        """Can be put to a student by itself: needs no sentence before it to be understood."""
        personal = _PERSONAL.search(self.text)
        named_before = personal is None or any(word[:1].isupper() for word in self.text[: personal.start()].split()[1:])
        return stands_alone(self.text) and named_before

    @cached_property
    def can_be_asked(self) -> bool:
        """Can be put to a student by itself, and does not take up what stood before it in a long text."""
        if not self.article.is_full:
            return self.stands_alone
        known = frozenset(stems(self.article.title))
        is_first = self.sentence.index == 0
        middle = not is_first and opens_in_the_middle(self.text, known)
        return self.stands_alone and not middle and (is_first or can_be_lifted(self.text))

    def is_suitable_beside(self, article: Article) -> bool:
        """Fit for a class that asked for that article; it may speak of what the class asked for by name."""
        return not article.is_suitable or not UNSUITABLE.search(self.text)

    def speaks_of(self, article: Article) -> bool:
        """Whether it stands in that article or names what that article is about."""
        return self.article is article or names(self.text, article.name)

    def follows(self, other: Passage) -> bool:
        """Whether `other` is the sentence right before this one, under the same heading."""
        return (
            other.article is self.article
            and other.heading == self.heading
            and other.sentence.index + 1 == self.sentence.index
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Term:
    """Something with a name that a passage defines, or at least introduces.

    `how` says which: "defined" of what it is, "called" at the end of an explanation, "named" without one.
    """

    name: str
    definition: Passage
    is_common_noun: bool
    entry: Entry | None = None
    how: How = "defined"

    @property
    def category(self) -> str:
        """The encyclopedia's broad subject; empty for a term defined in passing."""
        return self.entry.category if self.entry else ""

    @property
    def is_person(self) -> bool:
        """Whether the term names a human being."""
        return self.category == "People"

    @cached_property
    def is_someone(self) -> bool:
        """Whether one asks who it is: a person, or a name that the next sentence calls he or she; no band or family."""
        if self.verb in ("is", "was") and set(genus(self.definition.text)[-1:]) & _GROUPS:
            return False
        after = next((each for each in self.definition.article.passages if each.follows(self.definition)), None)
        is_called_so = after is not None and _OPENS_WITH_SOMEONE.match(after.text) is not None
        is_called_so = is_called_so or (self.definition.sentence.index == 0 and self.definition.article.is_biography)
        return self.is_person or (is_called_so and not self.is_common_noun)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stems of the name's words."""
        return tuple(stems(self.name))

    @cached_property
    def running(self) -> str:
        """As running text writes it: "verb", "Brazil"."""
        return self.name[0].lower() + self.name[1:] if self.is_common_noun else self.name

    @cached_property
    def defined_as_many(self) -> bool:
        """Whether its own definition speaks of it in the plural: "The dinoflagellates are …"."""
        return self.verb in ("are", "were") and names_exactly(self.definition.text[:120], plural(self.running))

    @cached_property
    def determiner(self) -> str:
        """What its own definition puts before it: "a", "an", "the" or nothing."""
        defines = DEFINES.search(self.definition.text)
        subject = self.definition.text[: defines.start() if defines else 120]
        if self.how == "named":
            subject = self.definition.text
        if not self.is_common_noun:
            # "The Great Silk Road" is the Silk Road; "the Xinjiang Uygur Region" does not make it the Xinjiang.
            named = rf"\b(An?|The|an?|the) (?:[A-Z][a-z]+ )?{re.escape(self.running)}\b(?! of (?!\d)| [A-Z])"
            opening = re.search(named, subject)
            return opening.group(1).lower() if opening else ""
        before = re.search(rf"\b(an?|the) {re.escape(self.running)}\b(?! of (?!\d))", subject, re.IGNORECASE)
        return before.group(1).lower() if before else ""

    @cached_property
    def verb(self) -> str:
        """The verb of its definition: is, are, was or were."""
        if self.how == "called":
            return "are" if is_plural(self.name) else "is"
        found = re.search(r"\b(is|are|was|were)\b", self.definition.text)
        return found.group(1) if found else "is"

    @property
    def is_countable(self) -> bool:
        """Whether one of it can be spoken of: "a verb", but not "a grammar"."""
        return self.determiner in ("a", "an")

    @property
    def grammar(self) -> tuple[bool, bool, str]:
        """What an option has to share with the answer so that grammar doesn't give the answer away."""
        article = "a" if self.is_countable else self.determiner
        return (self.is_common_noun, self.verb in ("are", "were"), article)

    @cached_property
    def noun_phrase(self) -> str:
        """With its article: "a verb", "the heart", "grammar"."""
        if self.is_countable:
            return indefinite(self.running)
        if self.defined_as_many:
            return plural(self.running)
        return f"{self.determiner} {self.running}".strip()

    @property
    def what_it_is(self) -> str:
        """ "what a verb is", "who Plato was"."""
        return f"{'who' if self.is_someone else 'what'} {self.noun_phrase} {self.verb}"

    @cached_property
    def in_general(self) -> str:
        """As one speaks of all of them: "verbs", "the heart", "grammar"."""
        many = plural(self.running)
        # "Oases" would not be known again in a text that speaks of an oasis.
        is_regular = stems(many) == stems(self.running)
        return many if self.is_countable and self.is_common_noun and is_regular else self.noun_phrase


Run = tuple[Passage, ...]
