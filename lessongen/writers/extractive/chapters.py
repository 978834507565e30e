"""The sections of a full article as a lesson shows them: the best paragraphs of some, in the article's order."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lessongen.text.focus import Focus
from lessongen.text.qualifier import Qualifier
from lessongen.text.words import stems, word_count
from lessongen.writers.extractive.article import Article, Passage, Run
from lessongen.writers.extractive.asked import explains
from lessongen.writers.extractive.ease import ANY, Ease
from lessongen.writers.extractive.kinds import Kind
from lessongen.writers.extractive.lifting import (
    ages,
    can_be_lifted,
    density_of_names_and_numbers,
    is_about_the_word,
    opens_in_the_middle,
    opens_loosely,
    unexplained_names,
)
from lessongen.writers.extractive.naming import names

_RUN_WORDS = 120
_RUN_SENTENCES = 5
_CHAPTER_WORDS = 240
_FEWEST_CHAPTER_WORDS = 32
_FEWEST_RUN_WORDS = 18
_RUNS_A_CHAPTER = 3
_MOST_ASKED = 3.0
_LEVEL_COUNTS = 0.8
_NAMES_A_SENTENCE_BEARS = 0.22
_LENGTH_COUNTS, _LONG_SECTION = 0.4, 20  # sentences
_EXPLAINING_COUNTS, _ENOUGH_EXPLAINED = 0.4, 3
_FOCUS_COUNTS = 3.0  # above all that else decides between two sections that can be shown

# What a section is about, by its heading, and how much a class learns from it; kinds that a lesson has none of yet
# come first.
_ROLES: Mapping[str, tuple[re.Pattern[str], float]] = {
    name: (re.compile(pattern, re.IGNORECASE), worth)
    for name, pattern, worth in (
        ("word", r"^(?:etymolog|nam(?:e|ing)\b|terminolog|spelling)", -0.5),
        (
            "example",
            r"\bexamples?\b|case stud|illustration|everyday",
            0.3,
        ),
        ("mixed up", r"misconception|confus|contro?vers|critici|difference|comparison|versus|debate|reception", 0.15),
        (
            "working",
            r"mechanism|process|how |method|techni|behavio|reproduc|feeding|diet|operat|function|ecolog|production"
            r"|life.?cycle|physiolog|practice|construction|works?$|training|design|movement|respirat|digest|circulat"
            r"|development|symbio|procedure|plot",
            0.35,
        ),
        (
            "nature",
            r"character|description|overview|defin|structure|anatom|\btypes?\b|kinds|classif|principle|propert|features"
            r"|concept|composition|basic|forms?\b|morpholog|geograph|habitat|climate|theor|view|belief|skin|body"
            r"|strength|school|fields?\b|branches|elements|materials|parts?\b|philosoph|idea|informal|physical|background",
            0.35,
        ),
        (
            "worth",
            r"appl[iy]|\buses?\b|importan|significan|impact|influence|legacy|effects?|\brole\b|purpose|benefit|econom"
            r"|achievement|accomplish",
            0.25,
        ),
        ("past", r"histor|origin|\blife\b|career|ancient|century|\bages?\b|war\b|revolution|empire|\d{4}", 0.1),
        (
            "aside",
            r"\bdeath|marriage|honou?r|demograph|sport|media\b|military|transport|government|administrat|statistic|relations"
            r"|tourism|award|list|personal|membership|population|education|religion|in art|music|standards|other"
            r"|television|flora|fauna|variants",
            -0.2,
        ),
    )
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Chapter:
    """What a lesson shows of one section of the article."""

    heading: str
    runs: tuple[Run, ...]

    @property
    def passages(self) -> list[Passage]:
        """All of its passages in order."""
        return [passage for run in self.runs for passage in run]

    @property
    def is_example(self) -> bool:
        """Whether the article calls it an example."""
        return role_of(self.heading) == "example"


@dataclass(frozen=True, eq=False, kw_only=True)
class _Weighed:
    run: Run
    worth: float


class Chapters:
    """Chooses among the sections of a full article, given what a lesson has shown before them."""

    def __init__(
        self,
        article: Article,
        opening: Run,
        asked: Mapping[str, int],
        rng: random.Random,
        *,
        is_strict: bool = True,
        ease: Ease = ANY,
        focus: Focus,
        bound: Qualifier | None = None,
    ) -> None:
        """If not `is_strict`, a paragraph may open with what the article spoke of before: in a short article.

        Of several sections and paragraphs those are preferred that speak of the `focus`; where the lesson is `bound`
        to a part of the topic, only those are shown that speak of it.
        """
        self._focus, self._bound = focus, bound
        self._article, self._asked, self._rng, self._is_strict = article, asked, rng, is_strict
        self._ease = ease
        self._shown = {passage.text for passage in opening}
        self._opening_text = " ".join([article.title, *(passage.text for passage in opening)])

    def choose(self, most: int) -> list[Chapter]:
        """Up to `most` chapters in the article's order: what earlier versions asked about comes last."""
        weighed = [(chapter, worth) for chapter, worth in map(self._of_part, self._parts) if chapter is not None]
        chosen: list[tuple[Chapter, float]] = []
        while weighed and len(chosen) < most:
            roles = Counter(role_of(chapter.heading) for chapter, _ in chosen)
            best = max(weighed, key=lambda each: each[1] - 0.22 * roles[role_of(each[0].heading)])
            weighed.remove(best)
            chosen.append(best)
        return sorted((chapter for chapter, _ in chosen), key=lambda each: each.passages[0].sentence.index)

    @cached_property
    def _parts(self) -> list[tuple[str, list[list[Passage]]]]:
        """The paragraphs that can be used under each heading, in order; those of the lead that were not shown first."""
        parts: dict[tuple[int, str], dict[int, list[Passage]]] = {}
        seen = set(self._shown)
        for passage in self._article.passages:
            if passage.text not in seen:
                seen.add(passage.text)
                place = self._article.part_of(passage)
                parts.setdefault((place, passage.heading), {}).setdefault(
                    self._article.paragraph_of(passage), []
                ).append(passage)
        return [(heading, list(paragraphs.values())) for (_, heading), paragraphs in parts.items()]

    def _of_part(self, part: tuple[str, list[list[Passage]]]) -> tuple[Chapter | None, float]:
        heading, paragraphs = part
        if self._bound is not None and not self._bound.heads(heading):
            paragraphs = [each for each in paragraphs if any(self._bound.is_in(passage.text) for passage in each)]
        weighed = sorted(self._weigh_all(heading, paragraphs), key=lambda each: -each.worth)
        taken: list[_Weighed] = []
        words = 0
        for each in weighed:
            if len(taken) < _RUNS_A_CHAPTER and words + _words(each.run) <= _CHAPTER_WORDS:
                taken.append(each)
                words += _words(each.run)
        if words < (_FEWEST_CHAPTER_WORDS if self._is_strict else 1):
            return None, 0.0
        taken.sort(key=lambda each: each.run[0].sentence.index)
        worth = sum(each.worth for each in taken) / len(taken) + _ROLES_WORTH.get(role_of(heading), 0.0)
        told = set(stems(heading)) - self._title_stems
        worth += 0.3 * len(told & self._lead_stems) / max(1, len(told))
        worth += 0.15 * (words >= 2 * _FEWEST_CHAPTER_WORDS) + self._rng.random() * 0.2
        worth += _FOCUS_COUNTS * self._focus.share(heading)
        worth += _LENGTH_COUNTS * min(1.0, sum(map(len, paragraphs)) / _LONG_SECTION)
        worth += _EXPLAINING_COUNTS * min(
            _ENOUGH_EXPLAINED, sum(map(self._explains_anew, (passage for each in taken for passage in each.run)))
        )
        return Chapter(heading=heading, runs=tuple(each.run for each in taken)), worth

    def _weigh_all(self, heading: str, paragraphs: Sequence[Sequence[Passage]]) -> list[_Weighed]:
        known = self._known_stems | frozenset(stems(heading))
        found: list[_Weighed] = []
        for number, paragraph in enumerate(paragraphs):
            run, start = self._run_of(paragraph, known)
            is_enough = _words(run) >= _FEWEST_RUN_WORDS and (len(run) > 1 or _words(run) >= 24)
            if run and (is_enough or not self._is_strict):
                found.append(self._weigh(run, number, start))
        return found

    def _run_of(self, paragraph: Sequence[Passage], known: frozenset[str]) -> tuple[Run, int]:
        """The first sentences of a paragraph that can be read without what stands before them; where they start."""
        for start, first in enumerate(paragraph[:3]):
            if not self._may_open(first, known) or (start and opens_loosely(first.text)):
                continue
            run = [first]
            for passage in paragraph[start + 1 :]:
                if (
                    not passage.follows(run[-1])
                    or len(run) >= _RUN_SENTENCES
                    or _words([*run, passage]) > _RUN_WORDS
                    or self._ease.is_too_hard(passage)
                    or not can_be_lifted(passage.text)
                    or not passage.is_suitable_beside(self._article)
                    or self._names_the_unknown(passage, run)
                ):
                    break
                run.append(passage)
            return tuple(run), start
        return (), 0

    def _may_open(self, passage: Passage, known: frozenset[str]) -> bool:
        reads = passage.stands_alone and can_be_lifted(passage.text) and passage.is_suitable_beside(self._article)
        if not self._is_strict:
            return reads
        return reads and not opens_in_the_middle(passage.text, known) and not self._names_the_unknown(passage, [])

    def _names_the_unknown(self, passage: Passage, run: Sequence[Passage]) -> bool:
        before = self._article.document.text[: passage.sentence.start]
        shown = " ".join([self._opening_text, *(each.text for each in run)])
        return unexplained_names(passage.text, before, shown)

    def _weigh(self, run: Run, number: int, start: int) -> _Weighed:
        told = sum(map(self._nearness, run)) / len(run)
        explaining = sum(map(self._explains_anew, run))
        names_main = any(names(passage.text, self._article.name) for passage in run)
        asked = min(_MOST_ASKED, sum(self._asked.get(passage.sha256, 0) for passage in run))
        worth = told + 0.4 * min(3, explaining) + 0.2 * names_main + 0.15 * (number == 0) + 0.1 * (len(run) > 1)
        worth -= _LEVEL_COUNTS * self._ease.distance(run)
        worth -= 0.2 * (start > 0) + 0.2 * opens_loosely(run[0].text) + 0.45 * asked
        worth += _FOCUS_COUNTS * self._focus.share(" ".join(passage.text for passage in run))
        return _Weighed(run=run, worth=worth + self._rng.random() * 0.15)

    def _explains_anew(self, passage: Passage) -> bool:
        return explains(passage) and passage.sha256 not in self._asked

    def _nearness(self, passage: Passage) -> float:
        """How much a sentence speaks the language of its article, between about 0 and 1; less if it lists or ages."""
        said = set(stems(passage.text))
        near = sum(self._weights.get(stem, 0.0) for stem in said) / (len(said) + 3)
        crowded = max(0.0, density_of_names_and_numbers(passage.text) - _NAMES_A_SENTENCE_BEARS)
        return near - 1.6 * crowded - 0.35 * ages(passage.text)

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How much each stem belongs to the article: by how many sentences have it; more if it stands in the lead."""
        counted: Counter[str] = Counter()
        for passage in self._article.passages:
            counted.update(set(stems(passage.text)))
        lead = self._lead_stems
        highest = math.log1p(max(counted.values(), default=1))
        return {stem: math.log1p(count) / highest * (1.5 if stem in lead else 1.0) for stem, count in counted.items()}

    @cached_property
    def _lead_stems(self) -> frozenset[str]:
        return frozenset(stem for passage in self._article.lead for stem in stems(passage.text))

    @cached_property
    def _title_stems(self) -> frozenset[str]:
        return frozenset(stems(self._article.title))

    @cached_property
    def _known_stems(self) -> frozenset[str]:
        return frozenset(stems(self._opening_text))


# In what order a thing or an idea is taught: what it is and how it works, an example, why it matters, what is mixed up.
_TAUGHT = ("word", "nature", "", "working", "past", "example", "worth", "aside", "mixed up")
_TOLD_IN_TIME: frozenset[Kind] = frozenset({"person", "event", "place", "work"})
_ROLES_WORTH = {name: worth for name, (_, worth) in _ROLES.items()}


def role_of(heading: str) -> str:
    """What a section is for, going by its heading; "" where that does not tell."""
    if is_about_the_word(heading):
        return "word"
    return next((name for name, (pattern, _) in _ROLES.items() if pattern.search(heading)), "")


def to_teach(chapters: Sequence[Chapter], kind: Kind) -> list[Chapter]:
    """In the order that teaches: of a person, an event, a place or a work that in which the article tells of it."""
    if kind in _TOLD_IN_TIME:
        return list(chapters)
    return sorted(chapters, key=lambda each: _TAUGHT.index(role_of(each.heading)))


def chapters_in_a_row(article: Article, opening: Run, most_words: int, bound: Qualifier | None = None) -> list[Chapter]:
    """A short text in its own order, section by section, up to that many words."""
    chapters: dict[str, list[list[Passage]]] = {}
    words = 0
    for passage in article.passages:
        is_before = not passage.heading and bool(opening) and passage.sentence.index < opening[0].sentence.index
        is_off = bound is not None and not (bound.heads(passage.heading) or bound.is_in(passage.text))
        if passage in opening or is_before or is_off:
            continue
        runs = chapters.setdefault(passage.heading, [])
        goes_on = bool(runs) and passage.follows(runs[-1][-1])
        if passage.points_back and not goes_on:
            continue
        words += word_count(passage.text)
        if words > most_words:
            break
        if goes_on and not (_words(runs[-1]) > _RUN_WORDS and not passage.points_back):
            runs[-1].append(passage)
        else:
            runs.append([passage])
    return [Chapter(heading=heading, runs=tuple(map(tuple, runs))) for heading, runs in chapters.items() if runs]


def opening_of(article: Article, most_words: int) -> Run:
    """The article's definition and the sentences that follow it; of a lead without one, the first that names it."""
    lead = [passage for passage in article.lead if not passage.heading] or list(article.passages)
    known = frozenset(stems(article.title))
    for first in lead:
        is_first = first.sentence.index == 0
        opens = not first.points_back or is_first
        if not opens or not (is_first or (first.stands_alone and not opens_in_the_middle(first.text, known))):
            continue
        if not is_first and not _is_named(first, article):
            continue
        run = [first]
        for passage in lead[lead.index(first) + 1 :]:
            if (
                not passage.follows(run[-1])
                or _words([*run, passage]) > most_words
                or not can_be_lifted(passage.text)
                or not passage.is_suitable_beside(article)
            ):
                break
            run.append(passage)
        return tuple(run)
    return ()


def lead_of(article: Article, most_words: int) -> Run:
    """The beginning of a short text, without a gap; what opens it is its first sentence, or names the topic."""
    run: list[Passage] = []
    for passage in article.lead:
        if not run and passage.sentence.index and not (passage.stands_alone and _is_named(passage, article)):
            continue
        if run and (not passage.follows(run[-1]) or _words([*run, passage]) > most_words):
            break
        run.append(passage)
    return tuple(run)


def more_of_the_lead(article: Article, opening: Run, most_words: int) -> Run:
    """The next sentences of the lead that can stand after the opening."""
    known = frozenset(stems(" ".join([article.title, *(passage.text for passage in opening)])))
    shown = " ".join([article.title, *(passage.text for passage in opening)])
    run: list[Passage] = []
    after = opening[-1].sentence.index if opening else -1
    for passage in article.lead:
        if passage.heading or passage.sentence.index <= after:
            continue
        before = article.document.text[: passage.sentence.start]
        fits = can_be_lifted(passage.text) and passage.is_suitable_beside(article)
        fits = fits and not unexplained_names(passage.text, before, shown)
        opens = passage.stands_alone and not opens_in_the_middle(passage.text, known) and not ages(passage.text)
        if fits and (passage.follows(run[-1]) if run else opens) and _words([*run, passage]) <= most_words:
            run.append(passage)
        elif run:
            break
    return tuple(run) if _words(run) >= _FEWEST_RUN_WORDS else ()


def _is_named(passage: Passage, article: Article) -> bool:
    """Whether the passage names what the article is about, whole or by its last word."""
    return names(passage.text, article.name) or names(passage.text, article.name.split()[-1])


def _words(passages: Sequence[Passage]) -> int:
    return sum(word_count(passage.text) for passage in passages)
