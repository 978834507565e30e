"""The key terms of a lesson on a full article: what it shows, explained by the article itself or by an encyclopedia."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lessongen.lesson.limits import KEY_TERMS
from lessongen.text.words import fold, stems, word_count
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.contents import A_NOUN
from lessongen.writers.extractive.lifting import ages, can_be_lifted, opens_in_the_middle
from lessongen.writers.extractive.naming import names, names_exactly
from lessongen.writers.extractive.passing import is_term

_ENOUGH = 5
_MOST = 8
_NEAR_ENOUGH = 0.36
_NEAR_IN_NEED = 0.2  # where the lesson has too few terms: rather one that is defined than one that is only used
_OFTEN = 3
# "the Treaty of Versailles" inside a sentence.
_NAME_INSIDE = re.compile(
    r"(?<=[a-z,] )(?:the )?(?P<name>[A-ZÀ-Þ][\w'’-]+(?: (?:of |the |de |von |van )?[A-ZÀ-Þ][\w'’-]+){1,3})"  # noqa: RUF001
)
# "carbon dioxide" before a stop or a small word.
_PHRASE = re.compile(
    r"(?<![\w-])(?P<name>[a-z]{4,} [a-z]{4,})(?=[.,;)]| (?:is|are|was|were|and|of|in|to|for|by|from)\b)"
)
# "Galileo" inside a sentence.
_ONE_NAME = re.compile(
    r"(?<=[a-z,] )(?P<name>[A-ZÀ-Þ][a-zà-ÿ]{3,})(?=[.,;)]| (?:is|was|had|has|and|of|in|to|for|by|as)\b)"
)
_EVERYWHERE = frozenset(("United States", "United Kingdom", "New York", "Great Britain", "European Union", "World War"))
# "rather large", "found only": two words that are no term.
_NO_NOUN = re.compile(
    r"\b(?:[a-z]+ly|[a-z]+ed|been|have|with|from|that|this|these|those|their|such|more|most|many|some|other|than|into"
    r"|which|when|where|while|also|only|over|under|after|before|between|about|same|each|both|were|will|would|could"
    r"|should|does|made|used|known|called|found|first|second|years?|times?|parts?|number|example|different|various"
    r"|several|large|small|important|common|main|major|early|late|being|because|through|during|against|within|without"
    r"|upon|like|them|they|there|then|very|much|well|often|even|just|still|among|around|often|using|having|making|century"
    r"|world|another|certain|similar|particular|general|great|long|high|based|including|according|rather|every|less)\b"
)


def key_terms(main: Article, visible: Sequence[Passage], articles: Articles, *, is_strict: bool) -> list[Term]:
    """The article's own term, what it defines elsewhere of what is shown, what the encyclopedia knows of it.

    Where all this is little, names that the shown sentences speak of: such a term has no definition, but a sentence.
    """
    text = " ".join(passage.text for passage in visible)
    shown = set(visible)
    found = [main.term] if main.term and main.term.definition in shown else []
    there = [term for term in main.names_in_passing if term.definition in shown]
    _add(found, (term for term in there if term.how != "named"), _MOST)
    _add(found, _defined_elsewhere(main, text, shown), _MOST)
    _add(found, _known_to_all(main, visible, articles), _ENOUGH)
    _add(found, _known_to_all(main, visible, articles, is_in_need=True), KEY_TERMS.fewest)
    named = [term for term in there if term.how == "named" and _is_worth_learning(term, main)]
    _add(found, sorted(named, key=lambda each: -times(main, each)), KEY_TERMS.fewest)
    _add(found, _spoken_of(main, visible, _OFTEN), KEY_TERMS.fewest)
    if not is_strict:
        _add(found, _spoken_of(main, visible, _OFTEN - 1), KEY_TERMS.fewest, is_short_of_sentences=True)
    first, rest = found[:1], found[1:]
    places = {term: text.lower().find(term.running.lower()) for term in rest}
    return [*first, *sorted(rest, key=lambda term: places[term])]


def times(main: Article, term: Term) -> int:
    """How often the article names the term."""
    return main.times_named(term.name)


def _add(found: list[Term], more: Iterable[Term], most: int, *, is_short_of_sentences: bool = False) -> None:
    """Add terms of new names up to that many."""
    for term in more:
        if len(found) >= most:
            return
        if not any(_same_name(term, each) for each in found) and (
            is_short_of_sentences or not _says_nothing_new(term, found)
        ):
            found.append(term)


def _is_worth_learning(term: Term, main: Article) -> bool:
    """Whether a name without a definition is a name, or a noun that the article uses as such and often."""
    if not term.is_common_noun:
        return term.name not in _EVERYWHERE
    return term.running.split()[-1] in main.nouns and not _NO_NOUN.search(term.running)


def _says_nothing_new(term: Term, found: Sequence[Term]) -> bool:
    """Whether a name without a definition stands for a sentence that another one stands for."""
    return term.how == "named" and any(term.definition is each.definition for each in found)


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
        if reads and passage.is_suitable_beside(main) and word_count(passage.text) <= 36:
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
            if names(passage.text, term.name) and not names(main.name, term.name) and start < end:
                nearest[term] = near
    yield from sorted(nearest, key=lambda term: -nearest[term])


def _spoken_of(main: Article, visible: Sequence[Passage], fewest: int) -> Iterator[Term]:
    """Names and phrases that the shown sentences hold and the article comes back to."""
    ranked: dict[str, tuple[int, int, bool, Passage]] = {}
    own = set(stems(main.name))
    kinds = [(_NAME_INSIDE, False), (_PHRASE, True), (A_NOUN, True)]
    if fewest < _OFTEN:
        kinds.append((_ONE_NAME, False))
    for passage in visible:
        if not (passage.can_be_asked if fewest >= _OFTEN else passage.stands_alone):
            continue
        for rank, (pattern, is_noun) in enumerate(kinds):
            for found in pattern.finditer(passage.text):
                name = found.group(found.lastgroup or 0)
                if name in ranked or set(stems(name)) <= own or not is_term(name):
                    continue
                if name in _EVERYWHERE or name.endswith(("'s", "’s")):  # noqa: RUF001
                    continue
                if is_noun and (_NO_NOUN.search(name) or name.split()[-1] not in main.nouns):
                    continue
                if (often := main.times_named(name)) >= fewest:
                    ranked[name] = (rank, -often, is_noun, passage)
    for name, (_, _, is_noun, passage) in sorted(ranked.items(), key=lambda each: (*each[1][:2], each[0])):
        yield Term(name=name[0].upper() + name[1:], definition=passage, is_common_noun=is_noun, how="named")
