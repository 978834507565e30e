"""From a subject and a topic to the article that is meant, or to none: a wrong lesson is worse than no lesson.

A cascade: each way is tried in turn, the surest first, and the first that yields an article ends it. What a way yields
must stand near enough to the subject; the weaker the way, the nearer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from lessongen.sources.offline.catalogue import Candidate, Catalogue
from lessongen.sources.offline.meanings import choices
from lessongen.sources.offline.names import Kind, cognate_key, foreign_key, light_key, stem_key
from lessongen.sources.offline.near import nearest, wanted_of
from lessongen.text.words import split_title, tokens

# How near to the subject, of 0-9, an article must stand: in general, and where its name was guessed or names another
# subject. "Java" the island has 2 in computing, "Rock (geology)" 2 in music, "Root" of a plant 3 in mathematics.
_NEAR = 4
_NEAREST = 6
# Lesser names are looked at only where no better one stands near enough.
_RANKS: tuple[frozenset[Kind], ...] = (
    frozenset({"title", "name", "foreign"}),
    frozenset({"alias"}),
    frozenset({"part"}),
    frozenset({"cognate"}),
)
# How much a whole title, and a disambiguation that is the subject itself, weigh against a standing.
_WHOLE_TITLE = 0.5
_NAMES_SUBJECT = 1.5
# Of two that fit equally well, the one that others name this many times as often is meant.
_MUCH_MORE_POPULAR = 2

_HALVES = re.compile(r"\s+(?:and|vs\.?|versus|&|or|y|et)\s+|\s*[,/;]\s*", re.IGNORECASE)
_NOUN_OF_NOUN = re.compile(r"\s+(?:of|in)\s+(?:an?\s+|the\s+)?", re.IGNORECASE)
_HOW_IT_DOES = re.compile(r"^how (?:do |does |did |is |are |was |were )?(?!to )(.+?) \w+\??$", re.IGNORECASE)
_INSTRUCTIONS = re.compile(r"^how to\b", re.IGNORECASE)
_FRAME = re.compile(
    r"^(?:(?:an? |the )?(?:brief |short |quick )?(?:introduction|intro|guide|overview|basics|fundamentals|foundations"
    r"|principles|definition|meaning|importance|concept|idea|types|kinds|uses|parts|structure|properties) (?:to|of) "
    r"|(?:introducing|understanding|exploring|learning|learn|discover|discovering|about|all about"
    r"|what (?:is|are|was|were)|who (?:is|are|was|were)|why (?:do|does|is|are)|how (?:do|does|did|is|are)?) )+"
    r"|[ ,:-]+(?:introduction|intro|basics|fundamentals|overview|explained|for (?:beginners|kids|children)|101|lesson"
    r"|facts|works?|functions?)$|\?+$",
    re.IGNORECASE,
)
# Nouns that name an aspect of a thing rather than another thing: "atomic structure" is about the atom.
_ASPECTS = "structure system process type kind example concept stage phase rule cause effect use role property form"
_ASKED_OF_ANY = (
    "history cause effect consequence origin aftermath timeline theme character symptom importance significance use"
    " type example life cycle"
)
_FOR_WHOM = "beginner kid child introduction basics overview"
_HAS_A_WORD = re.compile(r"[^\W\d_]{2}")
_SHORTEST_TYPO = 5
_LONGEST_TOPIC_WORDS = 12


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """The articles' ids, the main one first, and how they were found; no ids if none is surely meant.

    Then `nearest` are titles to choose from, and first among them those of the articles that the topic `names`, where
    it names several or one that may not be meant.
    """

    entry_ids: tuple[int, ...]
    how: str
    nearest: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Topic:
    text: str
    key: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    subject: str


Way = Callable[[_Topic, Catalogue], Sequence[Candidate]]


def resolve(subject: str, topic: str, catalogue: Catalogue) -> Resolution:
    """The articles for a topic as seen from a subject; `catalogue` is of that subject."""
    plain = unicodedata.normalize("NFKC", topic).strip()
    if not _HAS_A_WORD.search(plain):
        return Resolution(entry_ids=(), how="")
    for text in dict.fromkeys((plain, _unframed(plain))):
        asked = _topic(text, subject)
        if len(asked.words) > _LONGEST_TOPIC_WORDS or not asked.key:
            continue
        several = choices(_unframed(text), catalogue.named(asked.key), catalogue)
        if several:
            return _refused([each.title for each in several], asked, catalogue)
        for how, way in _ways(text):
            found = way(asked, catalogue)
            if found:
                return Resolution(entry_ids=tuple(dict.fromkeys(candidate.id for candidate in found)), how=how)
    return _not_found(_topic(_unframed(plain), subject), catalogue)


def _not_found(topic: _Topic, catalogue: Catalogue) -> Resolution:
    senses = [c for c in catalogue.named(topic.key) if c.kind in ("title", "name")]
    if senses:
        in_order = sorted(senses, key=lambda c: (-_fit(c), -c.popularity, c.id))
        return _refused([c.title for c in in_order], topic, catalogue)
    return Resolution(entry_ids=(), how="", nearest=tuple(_near_titles(topic, catalogue)))


def _refused(titles: Sequence[str], topic: _Topic, catalogue: Catalogue) -> Resolution:
    offered = dict.fromkeys([*titles, *_near_titles(topic, catalogue)])
    return Resolution(entry_ids=(), how="", nearest=tuple(offered), names=tuple(titles))


def _near_titles(topic: _Topic, catalogue: Catalogue) -> Sequence[str]:
    if not topic.words or len(topic.words) > _LONGEST_TOPIC_WORDS or _INSTRUCTIONS.match(topic.text):
        return ()
    left_out = _asked_of_any() | frozenset(stem_key(_FOR_WHOM).split())
    return nearest(wanted_of(topic.words, topic.stems, left_out), catalogue)


def _ways(text: str) -> Iterator[tuple[str, Way]]:
    yield "singular title", _by_name
    if _INSTRUCTIONS.match(text):
        return  # an encyclopedia says what a scarf is, not how to knit one
    yield "stem", _by_stem
    yield "title in another language", _by_foreign_title
    yield "subject and topic", _with_subject
    yield "both halves", _both_halves
    yield "typo", _typo
    yield "cognate", _cognate
    yield "longer title", _longer_title
    yield "partial", _partial
    yield "both nouns", _noun_of_noun
    yield "head noun", _head_noun
    yield "only title", _only_title


def _unframed(text: str) -> str:
    """The topic without the words that ask for a lesson on it: "introduction to cells", "how volcanoes work"."""
    while True:
        bare = _FRAME.sub("", _HOW_IT_DOES.sub(r"\1", text)).strip()
        if bare == text or not _HAS_A_WORD.search(bare):
            return text
        text = bare


def _topic(text: str, subject: str) -> _Topic:
    key = light_key(text)
    return _Topic(
        text=text, key=key, words=tuple(key.split()), stems=tuple(stem_key(key).split()), subject=light_key(subject)
    )


# ---------------------------------------------------------------- the ways


def _by_name(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    return _chosen(catalogue.named(topic.key))


def _by_stem(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    return _chosen(catalogue.stemmed(" ".join(topic.stems)))


def _by_foreign_title(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    if not _looks_foreign(topic, catalogue):
        return ()
    for language in ("es", "fr"):
        found = _chosen(catalogue.named(f"{language}:{foreign_key(topic.text, language)}"))
        if found:
            return found
    return ()


def _with_subject(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    if topic.subject in topic.key or not topic.subject:
        return ()
    return _chosen(catalogue.named(f"{topic.subject} {topic.key}")) or _chosen(
        catalogue.named(f"{topic.key} {topic.subject}")
    )


def _both_halves(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    halves = [half for half in _HALVES.split(topic.text) if half.strip()]
    if len(halves) < 2:
        return ()
    last_word = halves[-1].split()[-1]
    found: list[Candidate] = []
    for half in halves:
        # "ionic and covalent bonds": the first half shares the last one's noun.
        chosen = _named_or_stemmed(f"{half} {last_word}", catalogue) or _named_or_stemmed(half, catalogue)
        if not chosen:
            return ()
        found += chosen
    return found


def _typo(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    unknown = [word for word in topic.words if not catalogue.is_word(word)]
    if len(topic.key) < _SHORTEST_TYPO or not (unknown or len(topic.words) > 1):
        return ()
    # A word that articles use is hardly a slip; among several words it may be, where all else agrees.
    edits = 2 if unknown and len(topic.key) >= 9 else 1
    from lessongen.text.letters import OSA

    near = (
        (OSA.distance(topic.key, key, score_cutoff=edits), key)
        for key in catalogue.keys_near(topic.key, edits)
        if _may_be_a_slip(topic.words, tuple(key.split()), unknown)
    )
    for _, key in sorted(pair for pair in near if pair[0] <= edits):
        found = _chosen(catalogue.named(key))
        if found:
            return found
    return ()


def _may_be_a_slip(asked: tuple[str, ...], meant: tuple[str, ...], unknown: Sequence[str]) -> bool:
    if len(asked) != len(meant):
        return bool(unknown)  # a space too many or too few
    changed = [(one, other) for one, other in zip(asked, meant, strict=True) if one != other]
    if any(len(one) < 4 or any(letter.isdigit() for letter in one + other) for one, other in changed):
        return False
    return all(one in unknown for one, _ in changed) or (len(changed) == 1 and len(asked) > 1)


def _cognate(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    """A French or Spanish word for which English has the same Greek or Latin one."""
    if not _looks_foreign(topic, catalogue):
        return ()
    return _chosen(catalogue.named(f"~{cognate_key(topic.text)}"))


def _looks_foreign(topic: _Topic, catalogue: Catalogue) -> bool:
    return not topic.text.isascii() or not all(catalogue.is_word(word) for word in tokens(topic.text))


def _noun_of_noun(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    """ "Area of a circle": both nouns, if both belong to the subject."""
    halves = _NOUN_OF_NOUN.split(topic.text)
    if len(halves) != 2:
        return ()
    sure = ("title", "name", "foreign")
    found = [
        c for half in halves for c in _named_or_stemmed(half, catalogue) if c.kind in sure and _near_enough(c, _NEAR)
    ]
    if len(found) != len(halves):
        return ()
    if set(stem_key(light_key(halves[0])).split()) <= _asked_of_any():
        return found[1:]  # "history of the violin" is on the violin
    return found


def _longer_title(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    if len(topic.stems) < 2:
        return ()
    holding = [c for c in catalogue.holding(topic.stems) if _near_enough(c, _NEAR, unknown_passes=True)]
    extra = {c: len(light_key(split_title(c.title)[0]).split()) - len(topic.stems) for c in holding}
    near = [c for c in holding if extra[c] == min(extra.values()) <= 2]
    return _only_or_far_more_popular(near)


def _partial(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    """A title among several asked words, if the article speaks of the other words too."""
    count = len(topic.words)
    for size in range(count - 1, 0, -1):
        # From the end: there stands an English phrase's head.
        for first in range(count - size, -1, -1):
            span = slice(first, first + size)
            dropped = {word for place, word in enumerate(topic.stems) if not first <= place < first + size}
            # "I" is a number where it ends a name: "World War I causes".
            named = catalogue.named(light_key(" ".join(topic.words[span])))
            named = named or catalogue.stemmed(" ".join(topic.stems[span]))
            sure = [c for c in named if c.kind in ("title", "name") and (_near_enough(c, _NEAR) or _is_unmistakable(c))]
            bearing = [c for c in sure if _bears(c, size, dropped, catalogue)]
            if bearing:
                return _chosen(bearing)
    return ()


def _head_noun(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    """ "Bonds" in chemistry are what the subject's own adjective makes of them: "Chemical bond"."""
    if len(topic.stems) != 1:
        return ()
    ending = [
        c
        for c in catalogue.holding(topic.stems)
        if _near_enough(c, _NEAREST) and stem_key(light_key(split_title(c.title)[0])).split()[-1:] == [*topic.stems]
    ]
    naming = [c for c in ending if any(catalogue.is_related_to_subject(word) for word in tokens(c.title))]
    return _only_or_far_more_popular(naming)


def _only_title(topic: _Topic, catalogue: Catalogue) -> Sequence[Candidate]:
    """ "Inca": a single word that only one title holds, "Inca Empire"."""
    holding = catalogue.holding(topic.stems) if len(topic.stems) == 1 else []
    return holding if len(holding) == 1 and _near_enough(holding[0], _NEAREST) else ()


# ---------------------------------------------------------------- choosing


def _named_or_stemmed(text: str, catalogue: Catalogue) -> Sequence[Candidate]:
    key = light_key(text)
    return _chosen(catalogue.named(key)) or _chosen(catalogue.stemmed(stem_key(key)))


def _chosen(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """The best of several articles with one name; none where the best do not differ, or stand far from the subject."""
    fitting = [c for c in candidates if _is_unmistakable(c) or _near_enough(c, _NEAR, unknown_passes=True)]
    for rank in _RANKS:
        ranked = [c for c in fitting if c.kind in rank]
        if ranked:
            best = max(map(_fit, ranked))
            return _only_or_far_more_popular([c for c in ranked if _fit(c) > best - _WHOLE_TITLE])
    return ()


def _fit(candidate: Candidate) -> float:
    return (
        (candidate.standing or 0)
        + (_WHOLE_TITLE if candidate.kind == "title" else 0)
        + (_NAMES_SUBJECT if candidate.names_subject else 0)
    )


def _is_unmistakable(candidate: Candidate) -> bool:
    # A whole title of several words has no second sense.
    return candidate.kind == "title" and " " in candidate.title and not split_title(candidate.title)[1]


def _near_enough(candidate: Candidate, floor: int, *, unknown_passes: bool = False) -> bool:
    if candidate.standing is None:
        return unknown_passes
    return candidate.standing >= (_NEAREST if candidate.names_subject is False else floor)


def _bears(candidate: Candidate, matched: int, dropped: set[str], catalogue: Catalogue) -> bool:
    if matched >= 2 and (candidate.is_common_noun or len(dropped) == 1):
        return True
    if dropped <= _asked_of_any() and _near_enough(candidate, _NEAREST):
        return True
    return dropped <= catalogue.stems_of_text(candidate.id)


@cache
def _aspects() -> frozenset[str]:
    return frozenset(stem_key(_ASPECTS).split())


@cache
def _asked_of_any() -> frozenset[str]:
    return _aspects() | frozenset(stem_key(_ASKED_OF_ANY).split())


def _only_or_far_more_popular(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    ordered = sorted(candidates, key=lambda c: (-c.popularity, c.id))
    if len(ordered) > 1 and ordered[0].popularity < _MUCH_MORE_POPULAR * max(ordered[1].popularity, 1):
        return ()
    return ordered[:1]
