"""Wrong options: plausible, surely wrong, and of the same grammar as the right one."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from lessongen.text.words import fold, stems
from lessongen.writers.extractive.article import Passage, Term
from lessongen.writers.extractive.articles import NEAR_SYNONYM, Articles
from lessongen.writers.extractive.genus import genus
from lessongen.writers.extractive.naming import names

# How near in meaning a wrong option must be to be taken for the right one; less if both are, say, composers.
_NEAR = 0.40
_NEAR_OF_THE_SAME_SORT = 0.28
_NAME_NEAR = 0.35
_FEWEST = 2
MAY_BE_LONGEST = 0.75
_TOWNS = frozenset("capit citi town municip metropoli settlement villag".split())  # stems
# A wrong option whose own article holds this share of the question's content words may well be right too; a short
# question says little ("a key concept in many religions"), so less is enough.
_FITS_AS_WELL = 0.67
_FITS_A_SHORT_ONE = 0.5
_SHORT = 8
_SAYS_LITTLE = 5
# "Java is one of the Greater Sunda Islands.": so are others, and nothing more is said.
_ONE_OF_MANY = re.compile(r"\b(?:is|was|are|were) (?:one|some|any) of the (?!(?:[^.]*)(?:,|;| that | which | who ))")

# "A drug is any chemical substance that …": each member of the class is one.
_ANY = re.compile(r"\b(?:is|are) any\b")
# "The lemon is a species of tree in the Citrus genus": a name of a class follows.
_CLASSIFIES = re.compile(r"\b(?:species|gen(?:us|era)|famil(?:y|ies)|order|subfamily|phylum|clade|breed)\b")
# That name: "Citrus".
_NAME_INSIDE = re.compile(r"(?<=[a-z,(] )[A-Z][a-z]{3,}")


class Distractors:
    """Finds wrong options among the lesson's own terms and the encyclopedia's."""

    def __init__(self, articles: Articles, terms: Sequence[Term], rng: random.Random) -> None:
        self._shelf = articles
        self._terms = terms
        self._rng = rng

    def for_term(self, term: Term, passage: Passage, count: int = 3) -> list[Term]:
        """Up to `count` terms that a student may take for `term` in this passage, and that are surely wrong there."""
        return self._among([*self._terms, *(article.term for article in self._shelf.alike(term))], term, passage, count)

    def of_the_lesson(self, term: Term, passage: Passage, count: int = 3) -> list[Term]:
        """The same among the lesson's own terms alone; among names also those that the encyclopedia has alike."""
        return self._among(self._terms, term, passage, count) if term.is_common_noun else self.for_term(term, passage)

    def _among(self, terms: Sequence[Term | None], term: Term, passage: Passage, count: int) -> list[Term]:
        pool = {each.name: each for each in terms if each is not None}
        ranked: list[tuple[bool, float, str]] = []
        for name, other in pool.items():
            if is_plausible(other, term, self._shelf) and is_surely_wrong(other, term, passage, self._shelf):
                is_near = term.entry is None or self._shelf.nearness(term.entry, other.entry) >= _NAME_NEAR
                ranked.append((is_near, self._plausibility(other, term) + self._rng.random() * 0.8, name))
        ranked.sort(reverse=True)
        near = sum(is_near for is_near, _, _ in ranked)
        # A far-off one (New York beside Bihar) only where a question needs it.
        offered = [pool[name] for _, _, name in ranked[: max(near, _FEWEST)]]
        return self._with_a_long_one(offered[:count], offered[count : count + 5], term)

    def _plausibility(self, other: Term, term: Term) -> float:
        same_head = head(other) == head(term) != ""
        same_length = abs(len(other.name) - len(term.name)) < 8
        return same_head * 1.2 + 4 * self._shelf.nearness(term.entry, other.entry) + same_length

    def _with_a_long_one(self, chosen: list[Term], spare: Sequence[Term], term: Term) -> list[Term]:
        """The same, mostly with the last one exchanged for a longer one if the right one would be the longest."""
        if self._rng.random() < MAY_BE_LONGEST:
            return chosen  # else who takes the longest for wrong would be right
        if chosen and all(len(each.name) < len(term.name) for each in chosen):
            longer = next((each for each in spare if len(each.name) >= len(term.name)), None)
            if longer is not None:
                return [*chosen[:-1], longer]
        return chosen


def is_plausible(other: Term, term: Term, articles: Articles) -> bool:
    """Whether a student may take one for the other: near in meaning, or people or places of one sort."""
    if other.how == "named":
        return False  # no one says what it is: it may well be right
    if term.entry is None or other.entry is None:
        if not term.is_common_noun and not set(genus(term.definition.text)[-1:]) & set(
            genus(other.definition.text)[-1:]
        ):
            return False  # a person and a place
        return term.entry is other.entry
    nearness, same_sort = articles.nearness(term.entry, other.entry), head(other) == head(term) != ""
    if term.category == "Geography":
        return bool(_sorts(other) & _sorts(term))
    if term.is_common_noun:
        return nearness >= (_NEAR_OF_THE_SAME_SORT if same_sort else _NEAR)
    if term.is_person:
        return same_sort or nearness >= _NAME_NEAR
    return nearness >= _NAME_NEAR and bool(_sorts(other) & _sorts(term))


def is_surely_wrong(other: Term, term: Term, passage: Passage, articles: Articles) -> bool:
    """Whether `other` can't be defended as the answer where `passage` says `term`, and fits it by grammar."""
    if other.grammar != term.grammar or other.category != term.category or shares_words(other, term):
        return False
    if _is_discipline(other) != _is_discipline(term):
        return False
    if other.entry is not None and not articles.article(other.entry.id).is_suitable:
        return False
    if not 0 <= articles.nearness(term.entry, other.entry) <= NEAR_SYNONYM:
        return False
    if set(other.stems) <= set(stems(passage.text)) or names(passage.text, other.name):
        return False
    return not _are_linked(term, other) and not fits(passage, term, other)


def shares_words(one: Term, other: Term) -> bool:
    """Whether two names share a word or one contains the other: "noun" and "proper noun".

    What two proper names are both called at their end says nothing: "Trojan War" and "Boer War". But places that share
    it may overlap: "South America" and "Latin America".
    """
    first, second = fold(one.name), fold(other.name)
    ours, theirs = one.stems, other.stems
    is_told_apart = all(not (each.is_common_noun or each.category in ("People", "Geography")) for each in (one, other))
    if is_told_apart and min(len(ours), len(theirs)) > 1 and ours[-1] == theirs[-1]:
        ours, theirs = ours[:-1], theirs[:-1]
    return bool(set(ours) & set(theirs)) or first in second or second in first


def fits(passage: Passage, term: Term, other: Term) -> bool:
    """Whether what the passage says of `term` may hold for `other` too, going by the words of the other's article."""
    about_other = other.definition.article.stems if other.entry else frozenset(stems(other.definition.text))
    if passage is term.definition and says_one_of_many(passage):
        return True
    if passage is term.definition and _names_a_taxon_of(passage, term, about_other):
        return True  # "The lemon is a species of tree in the Citrus genus": so is the grapefruit
    if passage is term.definition and _ANY.search(passage.text) and set(genus(passage.text)[-1:]) & about_other:
        return True  # "A drug is any chemical substance that …": a poison is one as well
    said = set(stems(passage.text)) - set(term.stems)
    if term.is_common_noun and len(said) <= _SAYS_LITTLE and said & about_other:
        return True  # "Recreation is an activity of leisure": so is fishing, an activity
    share = _FITS_A_SHORT_ONE if len(said) <= _SHORT else _FITS_AS_WELL
    if said and len(said & about_other) / len(said) >= share:
        return True
    described = set(genus(term.definition.text)) if term.is_person else set()
    return bool(described) and described <= about_other


def _names_a_taxon_of(definition: Passage, term: Term, about_other: frozenset[str]) -> bool:
    """Whether a definition classifies its term by a name that the other's article has as well."""
    if not _CLASSIFIES.search(definition.text):
        return False
    names_of_classes = {stem for name in _NAME_INSIDE.findall(definition.text) for stem in stems(name)}
    return bool((names_of_classes - set(term.stems)) & about_other)


def says_one_of_many(definition: Passage) -> bool:
    """Whether a definition names a class and nothing that sets its term apart in it."""
    return _ONE_OF_MANY.search(definition.text) is not None


def _sorts(term: Term) -> frozenset[str]:
    """The stems of what the term is called: by its description, its definition and its own last word ("… War")."""
    called = {*genus(term.definition.text)[-1:], *term.stems[-1:]}
    return (frozenset(map(_sort, called)) | {head(term)}) - {""}


def head(term: Term) -> str:
    """The stem of the noun that the encyclopedia's description of the term is built on: "German composer"."""
    if term.entry is None:
        return ""
    words = genus(f"It is {term.entry.document.description}.")
    return _sort(words[-1]) if words else ""


def _sort(stem: str) -> str:
    return "town" if stem in _TOWNS else stem


def _is_discipline(term: Term) -> bool:
    return re.search(r"(?:ology|graphy|nomy|metry|ics)$", term.name) is not None


def _may_be_a_kind(other: Term, term: Term, explanation: str) -> bool:
    """Whether the other is called by a word that explains the term: a disorder, where diseases are told of as such."""
    if term.entry is None or other.entry is None:
        return False
    ours, theirs = genus(term.definition.text)[-1:], genus(other.definition.text)[-1:]
    return term.is_common_noun and ours != theirs and bool(set(theirs) & set(stems(explanation)))


def _names_a_kind_by(explanation: str, other: Term, term: Term) -> bool:
    """Whether a kind of the term has a word of the other's name: "optical waveguides", and the optical fiber."""
    head_word = re.escape(term.name.split()[-1])
    first = [re.escape(word) for word in other.name.split()[:-1] if len(word) > 3]
    return any(re.search(rf"\b{word} {head_word}", explanation, re.IGNORECASE) for word in first)


def _are_linked(term: Term, other: Term) -> bool:
    """Whether `other` may be a part, a kind or another name of `term`: one is used to explain the other."""
    explanation = term.entry.document.text if term.entry else term.definition.text
    if names(explanation, other.name) or names(other.definition.text, term.name):
        return True
    if _names_a_kind_by(explanation, other, term) or _may_be_a_kind(other, term, explanation):
        return True
    # An article on skiing that speaks of recreation may tell of a kind of it, in whatever form of the word.
    return term.is_common_noun and other.entry is not None and set(term.stems) <= other.definition.article.stems
