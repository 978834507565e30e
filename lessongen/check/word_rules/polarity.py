"""Whether a sentence says yes where its quotes say no, or no where they say yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from lessongen.check.word_rules.alignment import Alignment, company, places_of
from lessongen.check.word_rules.opposites import opposites_by_word
from lessongen.check.word_rules.order import is_converse
from lessongen.check.word_rules.passage import Passage, Word
from lessongen.check.word_rules.vocabulary import (
    FLIPPING,
    FUNCTION_WORDS,
    NEGATIVE_PREFIXES,
    NEGATORS,
    WEAK_NEGATORS,
    word_set,
)
from lessongen.text.words import stem

_REACH = 6  # how many words after a negator it may speak of
_FARTHEST_TARGET = 8
_AFTER_NOT = frozenset("only just merely simply necessarily".split())
_SKIPPED = FUNCTION_WORDS | word_set("after_negators")
_QUANTITIES = frozenset("all every everyone always".split())


def _negators(passage: Passage, words: frozenset[str] = NEGATORS) -> list[int]:
    found = []
    for index, word in enumerate(passage.words):
        if word.lower == "than" and index and passage.words[index - 1].lower == "rather":
            found.append(index)
        if word.lower not in words:
            continue
        following = passage.words[index + 1] if index + 1 < len(passage.words) else None
        previous = passage.words[index - 1].lower if index else ""
        if word.lower in ("not", "n't") and ((following and following.lower in _AFTER_NOT) or previous == "or"):
            continue
        # "No. 5", "no doubt", "none other than", "nothing but", "not until 1990"
        if following and (word.lower, following.lower) in {
            ("no", "doubt"), ("none", "other"), ("nothing", "but"), ("not", "until"), ("no", "less"), ("no", "sooner"),
        }:  # fmt: skip
            continue
        if word.text == "No" and following and following.text[:1].isdigit():
            continue
        found.append(index)
    return found


def _target(passage: Passage, negator: int) -> int | None:
    """The word that a negator speaks of: the next content word of its sentence that is no adverb."""
    words = passage.words
    for index in range(negator + 1, min(len(words), negator + _FARTHEST_TARGET + 1)):
        word = words[index]
        if word.sentence != words[negator].sentence:
            return None
        if word.lower in ("because", "but", "since", "although", "while", "until", "unless") and index > negator + 1:
            return None
        if word.is_content and word.lower not in _SKIPPED and not word.lower.endswith("ly"):
            return index
    return None


def _is_negated(passage: Passage, index: int, negators: list[int]) -> bool:
    words = passage.words
    for negator in negators:
        if not negator < index <= negator + _REACH or words[negator].sentence != words[index].sentence:
            continue
        if words[index].clause - words[negator].clause <= 1 or index - negator <= 2:
            return True
    return False


def _has_negative_form(word: Word, passage: Passage) -> bool:
    """Whether a passage has the word with a prefix that turns it: "possible" and "impossible"."""
    return any(prefix + word.lower in passage.lowers for prefix in NEGATIVE_PREFIXES) or any(
        stem(prefix + word.lower) in passage.keys for prefix in ("un", "in", "im", "non", "dis")
    )


def added_negations(sentence: Passage, quotes: Passage, alignment: Alignment) -> Iterator[str]:
    """Words that the sentence negates and the quotes do not."""
    quoted = _negators(quotes)
    weak = _negators(quotes, WEAK_NEGATORS)
    soft = bool(weak) or any(_opens_negatively(word) for word in quotes.words)
    for negator in _negators(sentence, NEGATORS | (FLIPPING - quotes.lowers)):
        if sentence.words[negator].lower in quotes.lowers and sentence.words[negator].lower in FLIPPING:
            continue
        target = _target(sentence, negator)
        named = sentence.words[negator].text
        if target is None:
            if not quoted and not soft:
                yield named
            continue
        word = sentence.words[target]
        places = alignment[target]
        if not places:
            if not quoted and not soft and opposites_by_word().get(word.lower, frozenset()).isdisjoint(quotes.lowers):
                yield f"{named} … {word.text}"
            continue
        if _has_negative_form(word, quotes) or word.lower in WEAK_NEGATORS:
            continue
        if not any(_is_negated(quotes, place, quoted) or _is_near(place, weak) for place in places):
            yield f"{named} … {word.text}"


_DO = frozenset("do does did".split())


def inserted_negators(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """Negators set between two words that follow each other in the quotes, or in place of a word between them."""
    words = sentence.words
    for negator in _negators(sentence, NEGATORS | FLIPPING):
        for before, after in _gap_around(sentence, negator):
            if (before, after) in quotes.beside and not _has_between(quotes, before, after):
                yield f"{words[negator].text} {words[negator + 1].text}"
                break
        else:
            # "with eyes" made "without eyes", "the eyes" made "no eyes"
            before, after = words[negator - 1].token if negator else "", _next_token(sentence, negator)
            if words[negator].lower in ("no", "without", "never", "neither", "none") and (
                (before, after) in quotes.next_but_one and not _has_between(quotes, before, after)
            ):
                yield f"{words[negator].text} {words[negator + 1].text}"


def omitted_negators(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """Negators of the quotes between two words that follow each other in the sentence."""
    for negator in _negators(quotes, NEGATORS | FLIPPING):
        for before, after in _gap_around(quotes, negator):
            if (before, after) in sentence.beside and not _has_between(sentence, before, after):
                yield f"{quotes.words[negator].text} {quotes.words[negator + 1].text}"
                break


def _gap_around(passage: Passage, negator: int) -> Iterator[tuple[str, str]]:
    """The tokens around a negator; without the "did" of "did not" and the "to" of "failed to" besides."""
    words = passage.words
    following = negator + 1
    if words[negator].lower in ("no", "any") and following < len(words) and words[following].lower == "longer":
        following += 1
    if following >= len(words) or negator == 0 or words[following].sentence != words[negator - 1].sentence:
        return
    previous = negator - 1
    if words[following].lower == "to" and following + 1 < len(words):
        following += 1
    yield words[previous].token, words[following].token
    if words[previous].lower in _DO and previous > 0:
        yield words[previous - 1].token, words[following].token


def _next_token(passage: Passage, index: int) -> str:
    return passage.words[index + 1].token if index + 1 < len(passage.words) else ""


def _has_between(passage: Passage, before: str, after: str) -> bool:
    """Whether a passage has a negator between two tokens."""
    words = passage.words
    for at, word in enumerate(words):
        if word.lower in NEGATORS or word.lower in FLIPPING:
            earlier = {each.token for each in words[max(0, at - 3) : at]}
            later = {each.token for each in words[at + 1 : at + 4]}
            if before in earlier and after in later:
                return True
    return False


def _opens_negatively(word: Word) -> bool:
    return word.is_content and len(word.lower) > 6 and word.lower.startswith(("un", "im", "dis", "non", "ir", "il"))


def _is_near(place: int, marks: list[int]) -> bool:
    return any(-4 <= place - mark <= _REACH for mark in marks)


def dropped_negations(sentence: Passage, quotes: Passage, alignment: Alignment) -> Iterator[str]:
    """Words that the quotes negate and the sentence states."""
    stated = _negators(sentence, NEGATORS | WEAK_NEGATORS)
    sources: dict[int, list[int]] = {}
    for index, places in enumerate(alignment):
        for place in places:
            sources.setdefault(place, []).append(index)
    flips = frozenset(word for word in FLIPPING if word not in sentence.lowers)
    for negator in _negators(quotes, NEGATORS | flips):
        target = _target(quotes, negator)
        if target is None:
            continue
        following = quotes.words[negator + 1].lower
        if following in _QUANTITIES and {"some", "many", "most", "several", "few"} & sentence.lowers:
            continue
        for index in sources.get(target, ()):
            word = sentence.words[index]
            if _is_negated(sentence, index, stated) or _is_near(index, stated) or _has_negative_form(word, sentence):
                continue
            yield f"{quotes.words[negator].text} … {quotes.words[target].text}"


_DENYING = NEGATORS | frozenset(
    "deny denies denied denying false untrue myth doubt doubts doubted refuted disproved".split()
)


def embedded_denials(sentence: Passage, quotes: Passage, alignment: Alignment) -> Iterator[str]:
    """ "It is not true that", "denied that": what follows is stated by the sentence, and the denial is left out."""
    if any(word.lower in _DENYING or word.lower in WEAK_NEGATORS for word in sentence.words):
        return
    origins = [places[0] for word, places in zip(sentence.words, alignment, strict=True) if word.is_content and places]
    for index, word in enumerate(quotes.words):
        if word.lower not in _DENYING:
            continue
        that = next((at for at in range(index + 1, min(index + 5, len(quotes.words))) if _is_that(quotes, at)), None)
        if that is None or quotes.words[that].sentence != word.sentence:
            continue
        after = sum(that < place and quotes.words[place].sentence == word.sentence for place in origins)
        if origins and after >= 0.7 * len(origins):
            yield " ".join(each.text for each in quotes.words[index : that + 1])


def _is_that(passage: Passage, index: int) -> bool:
    return passage.words[index].lower in ("that", "whether")


def turned_prefixes(sentence: Passage, quotes: Passage) -> Iterator[str]:
    """Words that differ from a word of the quotes by a prefix or an ending that turns them into their opposite."""
    stated, quoted = _negators(sentence), _negators(quotes, NEGATORS | WEAK_NEGATORS)
    for index, word in enumerate(sentence.words):
        if len(word.lower) < 4 or word.lower in quotes.lowers:
            continue
        for prefix in NEGATIVE_PREFIXES:
            if prefix + word.lower in quotes.lowers and not _is_negated(sentence, index, stated):
                yield word.text
            bare = word.lower.removeprefix(prefix)
            if bare != word.lower and len(bare) >= 4 and bare in quotes.lowers and not quoted:
                yield word.text
        for full, empty in (("ful", "less"), ("less", "ful")):
            turned = word.lower.removesuffix(full) + empty
            if word.lower.endswith(full) and turned in quotes.lowers and not stated:
                yield word.text


@lru_cache(maxsize=1)
def _opposites_by_stem() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word, others in opposites_by_word().items():
        found.setdefault(stem(word), set()).update(map(stem, others))
    return {key: frozenset(others - {key}) for key, others in found.items()}


@lru_cache(maxsize=20_000)
def _opposite_stems(lower: str) -> frozenset[str]:
    return _opposites_by_stem().get(stem(lower), frozenset())


def opposites(sentence: Passage, quotes: Passage) -> Iterator[tuple[str, str]]:
    """A word of the sentence and the word of the quotes in its place that says the opposite.

    A word that the quotes do not have stands against any of its opposites there; a function word, or one that the
    quotes have too, only beside the same neighbour. One of the two negated is no opposite.
    """
    stated, quoted = _negators(sentence, NEGATORS | FLIPPING), _negators(quotes, NEGATORS | FLIPPING)
    here = {stem(word.lower) for word in sentence.words}
    for index, word in enumerate(sentence.words):
        others = _opposite_stems(word.lower)
        if not others or others.isdisjoint(quotes.keys):
            continue
        own = stem(word.lower)
        for other in sorted(others & quotes.keys):
            places = [place for place in quotes.places[other] if stem(quotes.words[place].lower) == other]
            if not places:
                continue
            is_plain = word.is_content and not quotes.supports(word) and other not in here
            place = next((each for each in places if is_plain or _same_slot(sentence, index, quotes, each)), None)
            if place is None:
                continue
            if not is_plain and _stands_in_slot(sentence, index, quotes, own):
                place = _likelier(sentence, index, quotes, own, places)
                if place is None:
                    continue
            if is_converse(sentence, index, quotes, place):
                continue
            if not word.is_content or _is_right_after(index, stated) == _is_right_after(place, quoted):
                yield word.text, quotes.words[place].text


def _likelier(sentence: Passage, index: int, quotes: Passage, own: str, places: list[int]) -> int | None:
    """Where the opposite stands in a company much more like the word's than any in which the word itself stands."""
    found = places_of(sentence, quotes)
    mine = max((company(index, place, found, sentence) for place in quotes.places.get(own, ())), default=0.0)
    theirs, place = max((company(index, place, found, sentence), place) for place in places)
    return place if theirs >= mine + 1 else None


def _is_right_after(index: int, negators: list[int]) -> bool:
    return any(0 < index - negator <= 3 for negator in negators)


def _stands_in_slot(sentence: Passage, index: int, quotes: Passage, own: str) -> bool:
    return any(_same_slot(sentence, index, quotes, place) for place in quotes.places.get(own, ()))


def _same_slot(sentence: Passage, index: int, quotes: Passage, place: int) -> bool:
    """Whether the same words stand on both sides, or the next content word is the same or one of like meaning.

    For a content word, the content word before does too.
    """
    if _token_at(sentence, index - 1) == _token_at(quotes, place - 1) and (
        _token_at(sentence, index + 1) == _token_at(quotes, place + 1)
    ):
        return True
    for step in (1, -1):
        mine, theirs = _content_beside(sentence, index, step), _content_beside(quotes, place, step)
        if step < 0 and not sentence.words[index].is_content:
            return False
        if (
            mine is not None
            and theirs is not None
            and (not mine.keys.isdisjoint(theirs.keys) or not mine.senses.isdisjoint(theirs.senses))
        ):
            return True
    return False


def _token_at(passage: Passage, index: int) -> str:
    return passage.words[index].token if 0 <= index < len(passage.words) else ""


def _content_beside(passage: Passage, index: int, step: int) -> Word | None:
    at = index + step
    while 0 <= at < len(passage.words) and abs(at - index) <= 3:
        word = passage.words[at]
        if word.sentence != passage.words[index].sentence:
            return None
        if word.is_content or word.text[0].isdigit():
            return word
        at += step
    return None
