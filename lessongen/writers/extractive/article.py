"""An article as the writer reads it: its sentences in place, and the term that its first sentence defines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lessongen.lesson.encyclopedia import Entry
from lessongen.lesson.material import Document
from lessongen.text.headings import only_lists
from lessongen.text.nouns import plural
from lessongen.text.sentences import Sentence, is_teachable, is_whole, split_sentences
from lessongen.text.words import fold, split_title, stems, word_count
from lessongen.writers.extractive.contents import nouns_of
from lessongen.writers.extractive.genus import genus
from lessongen.writers.extractive.lifting import (
    can_be_lifted,
    has_foreign_matter,
    has_pronunciation,
    is_list_item,
)
from lessongen.writers.extractive.naming import names
from lessongen.writers.extractive.passage import DEFINES, UNSUITABLE, Passage, Run, Term
from lessongen.writers.extractive.passing import Explained, explained_in

__all__ = ["Article", "Passage", "Run", "Term", "names"]

_BEING = ("is", "are", "was", "were")
_LONGEST_DEFINITION = 48  # words; longer ones can't be learnt
_LATEST_VERB = 110  # characters before the verb; beyond that the sentence is about something else

# Single gods, battles, empires and works of art are called by common nouns too: "the Inquisition".
_NAMES_THINGS_APART = frozenset(("People", "Geography", "History", "Philosophy and religion", "Arts"))
_ENDS_AS_COMMON_NOUN = re.compile(
    r"(?:[ae]nce|[ai]tion|ment|ness|ity|ing|ology|graphy|metry|nomy|pathy|osis|itis|synthesis|ship|ball|boarding)$"
)

_BORN_OR_DIED = re.compile(r"\([^()]*(?:\bborn\b|\d{3,4}[^()]*[–-][^()]*\d{3,4}|\d{4}[^()]*\bBC\b)[^()]*\)")  # noqa: RUF001
_PERSONAL = re.compile(r"\b(?:he|she|his|her|him)\b", re.IGNORECASE)
_OF_A_LIFE = 0.012  # the share of these among the words of a biography
_FULL_WORDS = 220  # beyond the lead, in sentences that can be lifted out
_OFTEN = 3
_LISTS = re.compile(r"^(?:Lists? of|Index of|Outline of|Timeline of|Glossary of)\b|\(disambiguation\)$")
_MAY_REFER = re.compile(r"\bmay (?:also )?refer to\b", re.IGNORECASE)
_SMALL_IN_NAMES = frozenset("of the and in on for to a an de la von van di al el du le".split())


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
            heading = self._heading(sentence.start)
            if not is_teachable(sentence.text) or _is_heading(sentence.text) or only_lists(heading):
                continue
            if has_foreign_matter(sentence.text) if heading else has_pronunciation(sentence.text):
                continue
            if heading and self._opens_a_paragraph(sentence) and is_list_item(sentence.text):
                continue
            passage = Passage(article=self, sentence=sentence, heading=heading)
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
        if not self._sentences or not self.passages or self.passages[0].sentence.index != 0:
            return None
        first = self.passages[0]
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
    def terms_in_passing(self) -> Sequence[Term]:
        """What the text defines besides its own term, in order, each once."""
        return [term for term in self.names_in_passing if term.how != "named"]

    @cached_property
    def names_in_passing(self) -> Sequence[Term]:
        """The same, and besides them what is the subject of a sentence and named again elsewhere."""
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
        small, large = _ways_of_writing(name, self.document.text)
        is_name = any(word[0].isupper() for word in name.split()[1:]) or (name[0].isupper() and large > small)
        is_unsure = name[0].isupper() and not small and not large and not explained.has_article
        is_unsure = (is_unsure and not name[1:].islower()) or (is_unsure and explained.how == "named")
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

    @cached_property
    def nouns(self) -> Mapping[str, int]:
        """The nouns that it uses as such more than once, with how often it has them."""
        return nouns_of(self.document.text)

    def times_named(self, name: str) -> int:
        """How often the text has these very words, whatever their case."""
        return len(re.findall(rf"\b{re.escape(name)}\b", self.document.text, re.IGNORECASE))

    @cached_property
    def is_common_noun(self) -> bool:
        """Whether running text writes its name in lower case."""
        if self.category not in _NAMES_THINGS_APART and _is_shown_a_common_noun(self.name, self.document.text):
            return True
        small, large = _ways_of_writing(self.name, self.document.text)
        if (
            small == large
            and self.entry is None
            and re.match(rf"An? {re.escape(self.name)}\b", self.document.text, re.IGNORECASE)
        ):
            return _reads_as_phrase(self.name, self.document.text)
        if small != large or self.entry is None:
            return small > large or (small == large and self.name[0].islower())
        return self.entry.is_common_noun or _reads_as_phrase(self.name, self.document.text)

    def names(self, name: str) -> bool:
        """Whether the text names something, as whole words, singular or plural."""
        return names(self.document.text, name)

    @cached_property
    def _sentences(self) -> Sequence[Sentence]:
        return split_sentences(self.document.text)

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
