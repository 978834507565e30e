"""Tripwires: what is nearly never honest, found without any model, before and after a judge.

A quotation that the source does not have; a name, number, date or unit that neither the quotes nor the title nor
arithmetic on them give; a number on another's thing; a sentence that is a quote but for a turned polarity. What is only
suspicious (new words, another order, more certainty) is for the judge. Built on the word rules' readings of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from lessongen.check.arithmetic import follows, is_rougher, shares_in_words
from lessongen.check.word_rules import names, numbers
from lessongen.check.word_rules.opposites import opposites_by_word
from lessongen.check.word_rules.passage import Passage, Word, read, read_all
from lessongen.check.word_rules.vocabulary import FUNCTION_WORDS, NEGATIVE_PREFIXES, NEGATORS

_GLOSSED = re.compile(
    r"(?:\bmeans?|\bmeaning|\bmeant|\bwords?|\bphrases?|\bsentences?|\bexamples?|\blike|\bterms?|\bquestions?)\b"
    r"[^\"]{0,25}\"[^\"]*\"",
    re.IGNORECASE,
)
_NO_FOREIGN_NAMES = frozenset(
    "earth moon sun world monday tuesday wednesday thursday friday saturday sunday english ok tv dna cd dvd".split()
)
_SPOKEN = ("supposition", "framing")
_COMPARES = re.compile(
    r"\W*(?:think of|imagine|picture|suppose|(?:it|this|that) (?:is|was|works?) (?:\w+ )?"
    r"(?:as if|as though|like))\b",
    re.IGNORECASE,
)
_FEWEST_LETTERS = 4
_MOST_IN_PASSING = 12
_COPIED = 0.8
_OF_TURNED = frozenset("do does did be is are was were has have had any some the a an to can could will would".split())


@dataclass(frozen=True, kw_only=True)
class Trip:
    """A tripwire that a sentence touched, by its code, and what it is about."""

    rule: str
    message: str


@dataclass(frozen=True, kw_only=True)
class _Case:
    """What the rules look at; what most sentences need no look at is read when it is looked at."""

    sentence: Passage
    texts: tuple[str, ...]
    beside: tuple[str, ...]
    whole_source: str
    role: str

    @cached_property
    def quotes(self) -> Passage:
        return read_all(self.texts)

    @cached_property
    def known(self) -> Passage:
        """The quotes, the title and the sentence before."""
        return read_all((*self.texts, *self.beside))

    @cached_property
    def source(self) -> Passage | None:
        return read(self.whole_source) if self.whole_source else None

    @cached_property
    def is_reworded(self) -> bool:
        """Whether it is in words of its own, and the quotes have numbers from which others could be worked out."""
        if not numbers.numbers_of(self.known):
            return False
        counted = {
            at for each in numbers.numbers_of(self.sentence) for at in range(each.index, each.end + bool(each.unit))
        }
        words = [word for at, word in enumerate(self.sentence.words) if word.is_content and at not in counted]
        tokens = {word.token for word in self.known.words}
        return sum(word.token in tokens for word in words) < _COPIED * len(words)

    @cached_property
    def invents(self) -> bool:
        """Whether it may name and count what is not the topic's: an invented case, or the likening of an analogy."""
        return self.role in ("supposition", "analogy") or _COMPARES.match(self.sentence.text) is not None


def trips(
    sentence: str, quotes: Sequence[str], *, title: str = "", before: str = "", source: str = "", role: str = ""
) -> Iterator[Trip]:
    """All tripwires that a sentence touches.

    `title` is that of the source, `before` the sentence before. With a `source`, quotations may be from anywhere in it.
    An invented case (the role "supposition"), and an analogy, by its role or how it opens, may name and count what they
    like. What holds no claim that could be false, a sentence without quotes, touches none but the quotation's.
    """
    case = _Case(sentence=read(sentence), texts=tuple(quotes), beside=(title, before), whole_source=source, role=role)
    for code, rule in _RULES.items():
        for message in rule(case):
            yield Trip(rule=code, message=message)


def _quotation(case: _Case) -> Iterator[str]:
    """Three or more words in quotation marks stand so in the source, but for a word's meaning or an invented saying."""
    if case.role in _SPOKEN or '"' not in case.sentence.text:
        return
    glossed = {found.group().rpartition('"')[0].rpartition('"')[2] for found in _GLOSSED.finditer(case.sentence.text)}
    for text in names.altered_quotations(case.sentence, case.known):
        if text in glossed or (
            case.source is not None and not any(names.altered_quotations(read(f'"{text}"'), case.source))
        ):
            continue
        yield f"“{text}” is set in quotation marks, but the source does not say it in these words"


def _number(case: _Case) -> Iterator[str]:
    """Every number, date and unit stands in the quotes or follows from their numbers."""
    if not case.texts or case.invents or not numbers.numbers_of(case.sentence):
        return
    for number in _foreign(case):
        yield f"“{_written(case.sentence, number)}” is not in the quotes and does not follow from their numbers"


def _foreign(case: _Case) -> Iterator[numbers.Number]:
    """The numbers that the quotes do not have, and that nothing explains.

    A sentence in words of its own may have worked a number out of theirs in more than one step: a judge sees to that.
    Where the words are the quotes', a number that is not theirs was altered, unless one step explains it.
    """
    written = list(numbers.foreign_numbers(case.sentence, case.known))
    if not written:
        return
    misplaced = {text for text, _ in numbers.misplaced_numbers(case.sentence, case.quotes)}
    shares = list(shares_in_words(case.sentence))
    for number in _compound(case.sentence):
        text = _written(case.sentence, number)
        if not any(each in (text, f"{text} {number.unit}") for each in written):
            continue
        share = next((each for each in shares if each.index <= number.index < each.end), None)
        if share is not None and follows(share, case.sentence, case.known):
            continue
        is_altered = case.sentence.words[number.index].text in misplaced or text not in written
        if not is_altered and (case.is_reworded or (share is None and _is_small_talk(number, text))):
            continue
        if _replaces(number, case.sentence, case.quotes) or not follows(number, case.sentence, case.known):
            yield number


def _replaces(number: numbers.Number, sentence: Passage, quotes: Passage) -> bool:
    """Whether a number stands just where the quotes have another, which the sentence does not have: it was altered.

    No arithmetic explains that: "7,200 in Calgary", where the quotes say "6,200 in Calgary".
    """
    own = {each.value for each in numbers.numbers_of(sentence)}
    mine = _around(number, sentence)
    for other in numbers.numbers_of(quotes):
        if other.value in own or (other.kind == "month") is not (number.kind == "month"):
            continue
        is_rest = number.unit == other.unit == "%" and number.value + other.value == 100
        if is_rest or is_rougher(number, sentence, other, quotes):
            continue
        theirs = _around(other, quotes)
        same = [one is not None and one == another for one, another in zip(mine, theirs, strict=True)]
        is_telling = [index for index, word in enumerate(mine) if word is not None and word not in FUNCTION_WORDS]
        if same[1] and same[2]:
            return True
        if any(same[one] and same[two] and {one, two} & set(is_telling) for one, two in ((0, 1), (2, 3))):
            return True
    return False


def _around(number: numbers.Number, passage: Passage) -> list[str | None]:
    """The two tokens before a number and the two behind it; "" is where a sentence begins or ends."""
    words, own = passage.words, passage.words[number.index]
    found: list[str | None] = []
    for at in (number.index - 2, number.index - 1, number.end, number.end + 1):
        is_inside = 0 <= at < len(words) and words[at].sentence == own.sentence
        is_next = at in (number.index - 1, number.end)
        if is_inside:
            is_date = words[at].text[0].isdigit() and words[at].clause != own.clause  # "In 1901, 156 of"
            found.append(None if is_date else words[at].token)
        else:
            found.append("" if is_next else None)
    return found


def _is_small_talk(number: numbers.Number, written: str) -> bool:
    """Numbers in words that say how things are told, more than how many there are: "two", "half", "twice", "first"."""
    return (
        number.kind in ("fraction", "multiple")
        or (number.kind == "ordinal" and number.value <= 2)
        or (number.kind == "count" and number.value <= _MOST_IN_PASSING and not number.unit and written.isalpha())
    )


def _compound(passage: Passage) -> Iterator[numbers.Number]:
    """The numbers of a passage, "two and a half" as one."""
    found = numbers.numbers_of(passage)
    for number, following in zip(found, [*found[1:], None], strict=False):
        between = [word.lower for word in passage.words[number.end : following.index]] if following else []
        if following is not None and following.kind == "fraction" and between == ["and", "a"]:
            yield numbers.Number(
                value=number.value + following.value,
                kind=number.kind,
                unit=following.unit,
                index=number.index,
                end=number.end,
            )
        else:
            yield number


def _number_place(case: _Case) -> Iterator[str]:
    """A number of the quotes stands beside no word or month that they set beside another number alone."""
    if case.invents or not numbers.numbers_of(case.sentence):
        return
    quoted = {number.value for number in numbers.numbers_of(case.quotes)}
    own = {case.sentence.words[each.index].text: each for each in numbers.numbers_of(case.sentence)}
    for text, beside in numbers.misplaced_numbers(case.sentence, case.quotes):
        if text in own and own[text].value in quoted:
            yield f"the quotes give another number for “{beside}” than “{text}”"


def _name(case: _Case) -> Iterator[str]:
    """Every name stands in the quotes or the title, in any form; a word that opens a sentence may be none."""
    if not case.texts or case.invents:
        return
    if not any(word.is_capital and not word.opens for word in case.sentence.words):
        return
    quoted = _places_in_quotation(case.sentence)
    heads = {word.lower[:_FEWEST_LETTERS] for word in case.known.words if len(word.lower) >= _FEWEST_LETTERS}
    for index, word in enumerate(case.sentence.words):
        if not word.is_capital or word.opens or index in quoted or word.lower in _NO_FOREIGN_NAMES:
            continue
        if word.lower[:_FEWEST_LETTERS] in heads or names.stands_for_known(case.sentence, index, case.known):
            continue
        yield f"the name “{word.text}” is not in the quotes"


def _places_in_quotation(sentence: Passage) -> set[int]:
    """The places of words that stand in quotation marks."""
    inside, found = False, set()
    for index, word in enumerate(sentence.words):
        if word.gap.count('"') % 2:
            inside = not inside
        if inside:
            found.add(index)
    return found


def _polarity(case: _Case) -> Iterator[str]:
    """A sentence that is a quote's but for a "not", or for one word's opposite, says the contrary."""
    for text in case.texts:
        quote = read(text)
        starts = [at for at, word in enumerate(quote.words) if word.opens]
        for start, end in zip(starts, [*starts[1:], len(quote.words)], strict=True):
            turned = _turned(case.sentence.words, quote.words[start:end])
            if turned is not None:
                yield turned
                return


def _turned(sentence: Sequence[Word], quote: Sequence[Word]) -> str | None:
    """What turns one row of words into the contrary of the other; None where more, or nothing, differs."""
    mine, theirs = [_bare(word) for word in sentence], [_bare(word) for word in quote]
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False)
    gone: list[str] = []
    new: list[str] = []
    for tag, a, b, c, d in blocks.get_opcodes():
        if tag != "equal":
            new += mine[a:b]
            gone += theirs[c:d]
    changed = [word for word in (*new, *gone) if word not in _OF_TURNED]
    negators = [word for word in changed if word in NEGATORS]
    if len(mine) < 3 or not changed or len(changed) > 2:
        return None
    if len(negators) == len(changed) == 1:
        return f"“{negators[0]}” is all that is different from the quote"
    if len(changed) == 2 and len(new) and len(gone) and not negators and _are_opposite(changed[0], changed[1]):
        return f"“{changed[0]}” stands where the quote says “{changed[1]}”, and all else is the same"
    return None


def _are_opposite(one: str, other: str) -> bool:
    if one in opposites_by_word().get(other, ()):
        return True
    return any(one == prefix + other or other == prefix + one for prefix in NEGATIVE_PREFIXES)


def _bare(word: Word) -> str:
    return {"n't": "not", "cannot": "not", "ca": "can", "wo": "will"}.get(word.lower, word.lower)


def _written(passage: Passage, number: numbers.Number) -> str:
    return " ".join(word.text for word in passage.words[number.index : number.end])


_RULES: Mapping[str, Callable[[_Case], Iterator[str]]] = {
    "trip-quotation": _quotation,
    "trip-number": _number,
    "trip-number-place": _number_place,
    "trip-name": _name,
    "trip-polarity": _polarity,
}

TRIPWIRES: Mapping[str, str] = {code: (rule.__doc__ or "").strip() for code, rule in _RULES.items()}
"""What each tripwire is, by its code."""
