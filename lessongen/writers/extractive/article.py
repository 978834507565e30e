"""An article as the writer reads it: its sentences in place, and the term that its first sentence defines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lessongen.language.nouns import indefinite, plural
from lessongen.language.sentences import (
    Sentence,
    is_teachable,
    is_whole,
    points_back,
    split_sentences,
    stands_alone,
)
from lessongen.language.words import singular, split_title, stems, tokens, word_count
from lessongen.lesson import sha256
from lessongen.ports.content import Document, Entry, Part
from lessongen.writers.extractive.genus import genus

_DEFINING_VERB = r"(?:is|are|was|were|refers to|means|denotes|describes|represents|consists? of|comprises)"
_DEFINES = re.compile(rf"\b{_DEFINING_VERB}\b")
_BEING = ("is", "are", "was", "were")
_LONGEST_DEFINITION = 48  # words; longer ones can't be learnt
_LATEST_VERB = 110  # characters before the verb; beyond that the sentence is about something else
_PERSONAL = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)

# "A verb is a …" anywhere in running text: the article or nothing, a short subject, and a class that it falls under.
_DEFINED_IN_PASSING = re.compile(
    r"(?:(?:An?|The) )?(?P<name>[A-Za-z][\w'’-]*(?: [a-z][\w'’-]*){0,2})"  # noqa: RUF001
    r" (?:is|are) (?:an?|the|any|one of|defined as)\b"
)
_NOT_A_TERM = re.compile(
    r"^(?:it|this|that|these|those|there|they|he|she|we|you|what|which|who|one|some|many|most|all|each|every|another"
    r"|other|such|both|here|when|where|if|in|on|at|by|for|from|of|to|with|as|and|or|but|the|an?|also|now|today|its"
    r"|their|his|her|our|your|my|first|second|third|later|if|not|no|example|result|reason|case|fact|word|term)\b"
    r"|\b(?:that|which|of|and|or|in|for|also|it|this|they|there|not|who|to)$",
    re.IGNORECASE,
)

_OPENS_WITH_SOMEONE = re.compile(r"(?:He|She|His|Her)\b")
_GROUPS = frozenset("band group duo trio quartet ensembl orchestra team dynasti famili".split())  # stems

# Single gods, battles, empires and works of art are called by common nouns too: "the Inquisition".
_NAMES_THINGS_APART = frozenset(("People", "Geography", "History", "Philosophy and religion", "Arts"))
_ENDS_AS_COMMON_NOUN = re.compile(
    r"(?:[ae]nce|[ai]tion|ment|ness|ity|ing|ology|graphy|metry|nomy|pathy|osis|itis|synthesis|ship|ball|boarding)$"
)

_SMALL_IN_NAMES = frozenset("of the and in on for to a an de la von van di al el du le".split())

# What a family lesson leaves out, unless it was asked for by name.
_UNSUITABLE = re.compile(
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
    """Something with a name that a passage defines."""

    name: str
    definition: Passage
    is_common_noun: bool
    entry: Entry | None = None

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
        defines = _DEFINES.search(self.definition.text)
        subject = self.definition.text[: defines.start() if defines else 120]
        before = re.search(rf"\b(an?|the) {re.escape(self.running)}\b(?! of (?!\d))", subject, re.IGNORECASE)
        return before.group(1).lower() if before else ""

    @cached_property
    def verb(self) -> str:
        """The verb of its definition: is, are, was or were."""
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

    @cached_property
    def in_general(self) -> str:
        """As one speaks of all of them: "verbs", "the heart", "grammar"."""
        many = plural(self.running)
        # "Oases" would not be known again in a text that speaks of an oasis.
        is_regular = stems(many) == stems(self.running)
        return many if self.is_countable and self.is_common_noun and is_regular else self.noun_phrase


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
        return not _UNSUITABLE.search(f"{self.title} {self.description} {self.document.text[:300]}")

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all of its words, its title's and its description's too."""
        return frozenset(stems(f"{self.title} {self.description} {self.document.text}"))

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """Its teachable sentences in order; one that points back only right after its predecessor."""
        kept: list[Passage] = []
        for sentence in self._sentences:
            if not is_teachable(sentence.text) or _is_heading(sentence.text):
                continue
            passage = Passage(article=self, sentence=sentence, heading=self._heading(sentence.start))
            if passage.points_back and not self._opens_with_definite(passage):
                if not kept or not passage.follows(kept[-1]):
                    continue
            kept.append(passage)
        return kept

    @cached_property
    def lead(self) -> Sequence[Passage]:
        """The passages before the first heading, or all of them if that leaves none."""
        return [passage for passage in self.passages if not passage.heading] or self.passages

    @cached_property
    def term(self) -> Term | None:
        """The article's own term, if its first sentence says what it is."""
        if not re.search(r"[^\W\d_]{2}", self.name):
            return None  # "1", "O": no word to learn
        if not self._sentences or not self.passages or self.passages[0].sentence.index != 0:
            return None
        first = self.passages[0]
        verb = _DEFINES.search(first.text)
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
    def terms_in_passing(self) -> Sequence[Term]:
        """What the text defines besides its own term, in order, each once."""
        found: dict[str, Term] = {}
        for passage in self.passages[1:]:
            match = _DEFINED_IN_PASSING.match(passage.text) if passage.stands_alone else None
            if match is None or _NOT_A_TERM.search(match["name"]):
                continue
            name = match["name"]
            key = " ".join(stems(name))
            if key and key != " ".join(stems(self.name)) and key not in found:
                found[key] = Term(
                    name=name[0].upper() + name[1:],
                    definition=passage,
                    is_common_noun=_ways_of_writing(name, self.document.text)[1] == 0,
                )
        return list(found.values())

    @cached_property
    def is_common_noun(self) -> bool:
        """Whether running text writes its name in lower case."""
        if self.category not in _NAMES_THINGS_APART and _is_shown_a_common_noun(self.name, self.document.text):
            return True
        small, large = _ways_of_writing(self.name, self.document.text)
        if small != large or self.entry is None:
            return small > large or (small == large and self.name[0].islower())
        return self.entry.is_common_noun or _reads_as_phrase(self.name, self.document.text)

    def names(self, name: str) -> bool:
        """Whether the text names something, as whole words, singular or plural."""
        return names(self.document.text, name)

    @cached_property
    def _sentences(self) -> Sequence[Sentence]:
        return split_sentences(self.document.text)

    def _heading(self, position: int) -> str:
        return next((part.heading for part in self._parts if part.start <= position < part.end), "")

    @cached_property
    def _parts(self) -> Sequence[Part]:
        return self.document.parts

    @staticmethod
    def _opens_with_definite(passage: Passage) -> bool:
        # "The theory of relativity …" points back only where something stands before it.
        return passage.sentence.index == 0 and passage.text.startswith("The ")


def names(text: str, name: str) -> bool:
    """Whether a text names something, as whole words, singular or plural."""
    wanted = _in_singular(name)
    return bool(wanted.strip()) and wanted in _in_singular(text)


@lru_cache(maxsize=512)
def _in_singular(text: str) -> str:
    return f" {' '.join(singular(token) for token in tokens(text))} "


def names_exactly(text: str, name: str) -> bool:
    """Whether a text has these very words, whatever their case."""
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None


def _is_heading(text: str) -> bool:
    return text.startswith("#") or not is_whole(text)


def _reads_as_phrase(name: str, text: str) -> bool:
    """Whether a name that no other text holds is a phrase ("Grammatical tense"), not a proper name ("Roman law")."""
    first, *others = name.split()
    contents = [word for word in others if word not in _SMALL_IN_NAMES]
    # "Buddhist philosophy" beside "Buddhism" in the text.
    proper = "'" in first or re.search(rf"(?<=[a-z,] ){re.escape(first[:5])}", text) is not None
    return bool(contents) and all(word[0].islower() for word in contents) and not proper


def _is_shown_a_common_noun(name: str, text: str) -> bool:
    """Whether a single word is shown to be none of a kind: "A nebula is …", "foxes", or by its ending: "osmosis"."""
    is_one_word = name.isalpha() and name[1:].islower()
    opens_with_article = re.match(rf"An? {re.escape(name)}\b", text, re.IGNORECASE) is not None
    many = re.search(rf"(?<=[a-z,] ){re.escape(plural(name.lower()))}\b", text) is not None
    return is_one_word and (opens_with_article or many or _ENDS_AS_COMMON_NOUN.search(name) is not None)


def _ways_of_writing(name: str, text: str) -> tuple[int, int]:
    """How often the text writes the name inside a sentence in lower case and with a capital."""
    small = len(re.findall(rf"(?<=[a-z,] ){re.escape(name[0].lower() + name[1:])}\b", text))
    large = len(re.findall(rf"(?<=[a-z,] ){re.escape(name[0].upper() + name[1:])}\b", text))
    return small, large
