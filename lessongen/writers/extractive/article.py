"""An article as the writer reads it: its sentences that can be quoted, and the terms that they explain."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lessongen.lesson.encyclopedia import Entry
from lessongen.lesson.material import Document
from lessongen.lesson.model import sha256
from lessongen.text.headings import only_lists
from lessongen.text.nouns import indefinite, is_plural, plural
from lessongen.text.run_ons import after_a_lost_stop
from lessongen.text.sentences import Sentence, is_teachable, is_whole, points_back, split_sentences, stands_alone
from lessongen.text.vocabulary import is_no_name
from lessongen.text.words import fold, split_title, stems, word_count
from lessongen.writers.extractive.common_nouns import is_shown_a_common_noun, reads_as_phrase, ways_of_writing
from lessongen.writers.extractive.genus import genus
from lessongen.writers.extractive.lifting import (
    can_be_lifted,
    has_aged,
    has_foreign_matter,
    has_pronunciation,
    is_broken,
    is_list_item,
    opens_in_the_middle,
)
from lessongen.writers.extractive.naming import names, names_exactly
from lessongen.writers.extractive.passing import Explained, How, explained_in

_DEFINING_VERB = r"(?:is|are|was|were|refers to|means|denotes|describes|represents|consists? of|comprises)"
# "A verb is a word …", "Ecology refers to …": what a definition is built on.
DEFINES = re.compile(rf"\b{_DEFINING_VERB}\b")
# "In 1905 he published …": someone has been named before.
_SOMEONE = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
# "She was born …" after the first sentence: the article is on someone.
_OPENS_WITH_SOMEONE = re.compile(r"(?:He|She|His|Her)\b")
_GROUPS = frozenset("band group duo trio quartet ensembl orchestra team dynasti famili".split())  # stems

# What a family lesson leaves out, unless it was asked for by name.
UNSUITABLE = re.compile(
    r"\b(?:clitoris|penis|vagina|vulva|sexual\w*|sex|porn\w*|orgasm|masturbation|rape|suicide|erotic\w*|prostitut\w*"
    r"|genocide|torture)\b",
    re.IGNORECASE,
)


_BEING = ("is", "are", "was", "were")
_LONGEST_DEFINITION = 48  # words; longer ones can't be learnt
_LATEST_VERB = 110  # characters before the verb; beyond that the sentence is about something else

# Single gods, battles, empires and works of art are called by common nouns too: "the Inquisition".
_NAMES_THINGS_APART = frozenset(("People", "Geography", "History", "Philosophy and religion", "Arts"))

# "Caroline Herschel (1750-1848) was …", "Plato (428 BC …".
_BORN_OR_DIED = re.compile(r"\([^()]*(?:\bborn\b|\d{3,4}[^()]*[–-][^()]*\d{3,4}|\d{4}[^()]*\bBC\b)[^()]*\)")  # noqa: RUF001
# How often a biography says he or she.
_PERSONAL = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)
_OF_A_LIFE = 0.012  # the share of these among the words of a biography
_FULL_WORDS = 220  # beyond the lead, in sentences that can be lifted out
_OFTEN = 3
# "List of rivers", "Mercury (disambiguation)": names other articles and explains nothing.
_LISTS = re.compile(r"^(?:Lists? of|Index of|Outline of|Timeline of|Glossary of)\b|\(disambiguation\)$")
# "Mercury may refer to:".
_MAY_REFER = re.compile(r"\bmay (?:also )?refer to[\w ]{0,30}:", re.IGNORECASE)


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
        personal = _SOMEONE.search(self.text)
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Article:
    """A document read for what can be taught from it."""

    document: Document
    entry: Entry | None = None

    @property
    def title(self) -> str:
        """With its disambiguation: "Cell (biology)"."""
        return self.document.title

    @cached_property
    def name(self) -> str:
        """Without it: "Cell"."""
        return split_title(self.title)[0]

    @property
    def description(self) -> str:
        """The one line that the source has for it."""
        return self.document.description

    @property
    def category(self) -> str:
        """The encyclopedia's broad subject; empty outside one."""
        return self.entry.category if self.entry else ""

    @cached_property
    def is_suitable(self) -> bool:
        """Fit for a class that did not ask for it by name."""
        return not UNSUITABLE.search(f"{self.title} {self.description} {self.document.text[:300]}")

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all of its words, its title's and its description's too."""
        return frozenset(stems(f"{self.title} {self.description} {self.document.text}"))

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """Its teachable sentences in order; one that points back only right after its predecessor."""
        kept: list[Passage] = []
        for sentence in self._sentences:
            passage = self._opening if sentence.index == 0 else self._teachable(sentence)
            if passage is None:
                continue
            if passage.points_back and not self._opens_with_definite(passage):
                if not kept or not passage.follows(kept[-1]):
                    continue
            kept.append(passage)
        return kept

    @cached_property
    def whole(self) -> Run:
        """All of its sentences, as they stand: of a text that was written to be taught."""
        known = {each.sentence.index: each for each in self.passages}
        made = (known.get(each.index) or Passage(article=self, sentence=each, heading="") for each in self._sentences)
        return tuple(made)

    @cached_property
    def _opening(self) -> Passage | None:
        """The first sentence, if it can be taught."""
        return self._teachable(self._sentences[0]) if self._sentences else None

    def _teachable(self, sentence: Sentence) -> Passage | None:
        """The sentence where nothing in itself speaks against it; it may point back."""
        heading = self._heading(sentence.start)
        if not is_teachable(sentence.text) or _is_heading(sentence.text) or only_lists(heading):
            return None
        if is_broken(sentence.text) or (sentence.index and has_aged(sentence.text)):
            return None
        if has_foreign_matter(sentence.text) if heading else has_pronunciation(sentence.text):
            return None
        if heading and self._opens_a_paragraph(sentence) and is_list_item(sentence.text):
            return None
        return Passage(article=self, sentence=sentence, heading=heading)

    @cached_property
    def lead(self) -> Sequence[Passage]:
        """The passages before the first heading, or all of them if that leaves none."""
        return [passage for passage in self.passages if not passage.heading] or self.passages

    @cached_property
    def is_full(self) -> bool:
        """Whether it has sections, or at least pages, beyond its lead: enough for a lesson of its own text."""
        usable = [each for each in self.passages if can_be_lifted(each.text)]
        has_headings = any(each.heading for each in usable)
        beyond = sum(word_count(each.text) for each in usable if each.heading or not has_headings)
        return beyond >= (_FULL_WORDS if has_headings else 2 * _FULL_WORDS)

    @cached_property
    def is_list(self) -> bool:
        """Whether it only names other articles: a list, or a page of one name's meanings."""
        return _LISTS.search(self.title) is not None or _MAY_REFER.search(self.document.text[:400]) is not None

    @cached_property
    def is_biography(self) -> bool:
        """Whether it tells of one human being, by the dates behind the name and by how often it says he or she."""
        opening = self.document.text[:250]
        words = word_count(self.document.text)
        share = len(_PERSONAL.findall(self.document.text)) / max(1, words)
        return words >= _FULL_WORDS and share >= _OF_A_LIFE and _BORN_OR_DIED.search(opening) is not None

    def paragraph_of(self, passage: Passage) -> int:
        """Which line of the text the passage stands in."""
        return bisect_right(self._line_starts, passage.sentence.start)

    def part_of(self, passage: Passage) -> int:
        """Which part of the document the passage stands in; -1 where the document has none."""
        return bisect_right(self._part_starts, passage.sentence.start) - 1

    @cached_property
    def term(self) -> Term | None:
        """The article's own term, if its first sentence says what it is."""
        if not re.search(r"[^\W\d_]{2}", self.name):
            return None  # "1", "O": no word to learn
        first = self._opening  # so that of articles that are only looked at no other sentence is
        if first is None or (first.points_back and not self._opens_with_definite(first)):
            return None
        verb = DEFINES.search(first.text)
        if verb is None or verb.start() > _LATEST_VERB or word_count(first.text) > _LONGEST_DEFINITION:
            return None
        name = self._name_in(first.text[: verb.start()])
        if name is None:
            return None
        if verb.group() in _BEING and set(genus(first.text)) <= set(stems(name)):
            return None  # "The history of X is the history of …" explains nothing
        return Term(name=name, definition=first, is_common_noun=self.is_common_noun, entry=self.entry)

    def _name_in(self, subject: str) -> str | None:
        """The name as the subject of the definition gives it: of "Lord Byron", "George Gordon Byron"."""
        if names(subject, self.name):
            return self.name
        last = self.name.split()[-1]
        written_out = re.match(rf"(?:[\w.’'-]+ ){{1,5}}{re.escape(last)}(?: [IVX]+)?(?=,| |$)", subject)  # noqa: RUF001
        if self.category == "People" and written_out:
            return written_out.group()
        if (
            self.is_common_noun
            and last.islower()
            and " of " not in self.name
            and re.search(rf"\b{re.escape(last)} $", subject, re.IGNORECASE)
        ):
            return last[0].upper() + last[1:]
        return None

    @cached_property
    def names_in_passing(self) -> Sequence[Term]:
        """What the text explains besides its own term, or has as a sentence's subject and names again; each once."""
        found: dict[str, Term] = {}
        own = set(stems(self.name))
        for passage in self.passages[1:]:
            for explained in explained_in(passage.text) if passage.stands_alone else ():
                key = " ".join(stems(explained.name))
                if explained.how == "named" and self._is_cut_short(explained.name):
                    continue
                is_own = set(stems(explained.name)) <= own or fold(self.name) in fold(explained.name)
                if is_own or (explained.how == "named" and self.times_named(explained.name) < _OFTEN):
                    continue
                known = found.get(key)
                if known is None or (known.how == "named" != explained.how):
                    found[key] = self._explained(explained, passage)
                break
        return sorted(found.values(), key=lambda term: term.definition.sentence.index)

    def _explained(self, explained: Explained, passage: Passage) -> Term:
        name = explained.name
        small, large = ways_of_writing(name, self.document.text)
        is_name = any(word[0].isupper() for word in name.split()[1:]) or (name[0].isupper() and large > small)
        is_unsure = name[0].isupper() and not small and not large and not explained.has_article
        is_unsure = is_unsure and (
            not name[1:].islower() or explained.how == "named" or not is_no_name(name.split()[0])
        )
        return Term(
            name=name[0].upper() + name[1:],
            definition=passage,
            is_common_noun=not is_name and not is_unsure,
            how=explained.how,
        )

    def _is_cut_short(self, name: str) -> bool:
        """Whether a single name is part of a longer one elsewhere: "Lincoln" of "Lincoln University"."""
        longer = rf"\b{re.escape(name)} [A-Z]|\b[A-Z][a-z]+ {re.escape(name)}\b"
        return " " not in name and re.search(longer, self.document.text) is not None

    def times_named(self, name: str) -> int:
        """How often the text has these very words, whatever their case."""
        return len(re.findall(rf"\b{re.escape(name)}\b", self.document.text, re.IGNORECASE))

    @cached_property
    def is_common_noun(self) -> bool:
        """Whether running text writes its name in lower case."""
        if self.category not in _NAMES_THINGS_APART and is_shown_a_common_noun(self.name, self.document.text):
            return True
        small, large = ways_of_writing(self.name, self.document.text)
        if (
            small == large
            and self.entry is None
            and re.match(rf"An? {re.escape(self.name)}\b", self.document.text, re.IGNORECASE)
        ):
            return reads_as_phrase(self.name, self.document.text)
        if small == large == 0 and self.entry is None and is_no_name(self.name.split()[0]):
            return reads_as_phrase(self.name, self.document.text)
        if small != large or self.entry is None:
            return small > large or (small == large and self.name[0].islower())
        return self.entry.is_common_noun or reads_as_phrase(self.name, self.document.text)

    def names(self, name: str) -> bool:
        """Whether the text names something, as whole words, singular or plural."""
        return names(self.document.text, name)

    @cached_property
    def _sentences(self) -> Sequence[Sentence]:
        return [_from_its_start(sentence) for sentence in split_sentences(self.document.text)]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer(r"\n", self.document.text))]

    def _opens_a_paragraph(self, sentence: Sentence) -> bool:
        return self.document.text[: sentence.start].rstrip(" ").endswith("\n") or sentence.start == 0

    def _heading(self, position: int) -> str:
        parts = self.document.parts
        index = bisect_right(self._part_starts, position) - 1
        return parts[index].heading if index >= 0 and position < parts[index].end else ""

    @cached_property
    def _part_starts(self) -> list[int]:
        return [part.start for part in self.document.parts]

    @staticmethod
    def _opens_with_definite(passage: Passage) -> bool:
        # "The theory of relativity …" points back only where something stands before it.
        return passage.sentence.index == 0 and passage.text.startswith("The ")


def _from_its_start(sentence: Sentence) -> Sentence:
    """The sentence; of two that have lost the stop between them the second, where that can be read."""
    start = after_a_lost_stop(sentence.text)
    return replace(sentence, start=sentence.start + start, text=sentence.text[start:]) if start else sentence


def _is_heading(text: str) -> bool:
    return text.startswith("#") or not is_whole(text)
