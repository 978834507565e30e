"""The key terms of a lesson on a full article: what it shows, explained by the article itself or by an encyclopedia."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lessongen.lesson.limits import KEY_TERMS
from lessongen.text.vocabulary import common_words, step_of, tags_of
from lessongen.text.words import fold, stem, stems, tokens, word_count
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.lifting import ages, can_be_lifted, opens_in_the_middle
from lessongen.writers.extractive.naming import is_noun_there, names, names_exactly
from lessongen.writers.extractive.passing import is_term

_ENOUGH = 6
_MOST = 8
_NEAR_ENOUGH = 0.36
_NEAR_IN_NEED = 0.2  # where the lesson has too few terms: rather one that is defined than one that is only used
_LONGEST = 36  # words of a definition
_EVERYDAY, _HARD = 3, 5  # B1 and C1: of what is between, most words have several senses
_LONGEST_GLOSS, _MOST_HARD = 26, 1  # words of a gloss, and those in it that are as hard as what it explains
# "the Treaty of Versailles" inside a sentence.
_NAME_INSIDE = re.compile(
    r"(?<=[a-z,] )(?:the )?([A-ZÀ-Þ][\w-]+(?: (?:of |the |de |von |van )?[A-ZÀ-Þ][\w-]+){1,3})(?![’'])"  # noqa: RUF001
)


def key_terms(main: Article, visible: Sequence[Passage], articles: Articles) -> list[Term]:
    """The article's own term, what it defines of what is shown, and glosses of words that the shown sentences use.

    Where all this is little, what is the subject of a sentence and named again: it has no definition, but a sentence.
    """
    text = " ".join(passage.text for passage in visible)
    shown = set(visible)
    found = [main.term] if main.term and main.term.definition in shown else []
    there = [term for term in main.names_in_passing if term.definition in shown]
    short = (term for term in there if term.how == "defined" or word_count(term.definition.text) <= _LONGEST_GLOSS)
    _add(found, (term for term in short if term.how != "named"), _MOST)
    _add(found, _defined_elsewhere(main, text, shown), _MOST)
    _add(found, _known_to_all(main, visible, articles), _ENOUGH)
    _add(found, _known_to_all(main, visible, articles, is_in_need=True), KEY_TERMS.fewest)
    _add(found, (term for term in there if term.how == "named"), KEY_TERMS.fewest)
    _add(found, _spoken_of(main, visible), KEY_TERMS.fewest)
    first, rest = found[:1], found[1:]
    places = {term: text.lower().find(term.running.lower()) for term in rest}
    return [*first, *sorted(rest, key=lambda term: places[term])]


def _add(found: list[Term], more: Iterable[Term], most: int) -> None:
    """Add terms of new names up to that many."""
    for term in more:
        if len(found) >= most:
            return
        if not any(_same_name(term, each) for each in found):
            found.append(term)


def _spoken_of(main: Article, visible: Sequence[Passage]) -> Iterator[Term]:
    """Names that the shown sentences hold and the article comes back to, those first that it has most often."""
    found: dict[str, Passage] = {}
    for passage in visible:
        if passage.can_be_asked:
            for name in _NAME_INSIDE.findall(passage.text):
                if is_term(name) and not set(stems(name)) & set(stems(main.name)):
                    found.setdefault(name, passage)
    often = {name: main.times_named(name) for name in found}
    for name in sorted(found, key=lambda each: (-often[each], each)):
        yield Term(name=name, definition=found[name], is_common_noun=False, how="named")


def _same_name(one: Term, other: Term) -> bool:
    return set(one.stems) == set(other.stems) or fold(one.name) == fold(other.name)


def _defined_elsewhere(main: Article, text: str, shown: set[Passage]) -> Iterator[Term]:
    """Terms that the shown sentences use and another sentence of the article defines."""
    known = frozenset(stems(f"{main.title} {text}"))
    for term in main.names_in_passing:
        passage = term.definition
        if term.how == "named" or not term.is_common_noun or passage in shown:
            continue  # what is said of a name far from here may have nothing to do with what is shown
        if not names_exactly(text, term.running):
            continue
        reads = can_be_lifted(passage.text) and not opens_in_the_middle(passage.text, known) and not ages(passage.text)
        if reads and passage.is_suitable_beside(main) and word_count(passage.text) <= _LONGEST:
            yield term


def _known_to_all(
    main: Article, visible: Sequence[Passage], articles: Articles, *, is_in_need: bool = False
) -> Iterator[Term]:
    """Terms of other articles that the shown sentences name, near to what the lesson is about.

    In need also those that are less near, and names of places, and names of several words: these have one sense.
    """
    near_enough = _NEAR_IN_NEED if is_in_need else _NEAR_ENOUGH
    nearest: dict[Term, float] = {}
    for passage in visible:
        for article, start, end in articles.mentioned(passage):
            term = article.term
            near = articles.nearness(main.entry, article.entry)
            if term is None or not article.is_suitable or not term.definition.stands_alone:
                continue
            is_sure = not term.is_common_noun and (term.category == "Geography" or " " in term.name)
            if near < near_enough and not (is_in_need and is_sure):
                continue
            is_far = near < _NEAR_ENOUGH or term.category != main.category
            if is_everyday(term.name, _HARD - 1 if is_far and term.is_common_noun else _EVERYDAY):
                continue  # "life", "division", "dimension": known, and explained in the sense of another subject
            if not _is_plain(term, passage):
                continue
            if not _is_meant(passage.text[:start], passage.text[end:]):
                continue
            if names(passage.text, term.name) and not names(main.name, term.name) and start < end:
                nearest[term] = near
    yield from sorted(nearest, key=lambda term: -nearest[term])


def is_everyday(name: str, known: int = _EVERYDAY) -> bool:
    """Whether a class knows all of its words, being at that step."""
    return all(step_of(word) <= known for word in tokens(name))


def _is_plain(term: Term, shown: Passage) -> bool:
    """Whether a gloss is short and in words not harder than what it explains, those apart that the text itself has."""
    known = set(stems(f"{term.name} {shown.text}"))
    told = common_words(term.definition.text)
    hard = {stem(word.lower()) for word in told if step_of(word) >= _HARD} - known
    return word_count(term.definition.text) <= _LONGEST_GLOSS and len(hard) <= _MOST_HARD


def _is_meant(before: str, after: str) -> bool:
    """Whether a word stands there as a noun of its own: no "swallow it", "sonata form", "by virtue of"."""
    last = before.rstrip().rpartition(" ")[2]
    in_compound = before.endswith(" ") and bool(tags_of(last)) and tags_of(last) <= {"NN", "NNS", "NNP"}
    in_phrase = before.endswith("by ") and after.startswith(" of ")
    return is_noun_there(after) and not in_compound and not in_phrase
