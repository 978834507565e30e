"""Whether a sentence sets the quotes' words in other roles: two phrases exchanged, another subject to a verb."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lessongen.check.word_rules.alignment import Alignment
from lessongen.check.word_rules.passage import Passage, Word
from lessongen.check.word_rules.vocabulary import DETERMINERS, GRAMMATICAL_WORDS, PRONOUNS

_LONGEST = 45
_LONGEST_PHRASE = 3
# How much nearer the exchange must bring it, and what share of all pairs must be met then: a loose rewording gains by
# chance.
_ENOUGH = ((1.5, 0.70), (2.0, 0.55), (3.0, 0.40))
_ENOUGH_SIDE_BY_SIDE = 3.0  # "rocky terrain" may be "terrain rocky enough"
_COORDINATED = ({"and"}, {"or"}, {"and", "the"}, {"or", "the"})


def exchanged(sentence: Passage, quotes: Passage) -> tuple[str, str] | None:
    """Two phrases whose exchange would bring the sentence much nearer to the quotes; None if there are none.

    Nearness counts the pairs of words that follow each other here and there, and half as much those with one between.
    """
    tokens = [word.token for word in sentence.words[:_LONGEST]]
    if len(tokens) < 4:
        return None
    known = frozenset(word.token for word in quotes.words)
    beside, next_but_one = quotes.beside, quotes.next_but_one
    broken = [
        at == 0 or at == len(tokens) or (tokens[at - 1], tokens[at]) not in beside for at in range(len(tokens) + 1)
    ]
    phrases = [
        (start, end)
        for start in range(len(tokens))
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(tokens)) + 1)
        if _is_phrase(sentence.words, tokens, known, start, end) and (broken[start] or broken[end])
    ]
    base = _nearness(tokens, beside, next_but_one)
    highest = 1.5 * len(tokens) - 2
    best, found = _ENOUGH[0][0] - 0.01, None
    for one, (start, end) in enumerate(phrases):
        for first, last in phrases[one + 1 :]:
            if first < end:
                continue
            middle = tokens[end:first]
            if set(middle) in _COORDINATED or (not middle and "," in sentence.words[first].gap):
                continue
            # "the death of Patroclus" is "Patroclus's death"
            if not middle and sentence.words[end - 1].text.endswith("'s"):
                continue
            after_one = tokens[end] if middle else tokens[start]
            before_other = tokens[first - 1] if middle else tokens[last - 1]
            joints = (
                (tokens[start - 1] if start else "", tokens[first]),
                (tokens[last - 1], after_one),
                (before_other, tokens[start]),
                (tokens[end - 1], tokens[last] if last < len(tokens) else ""),
            )
            if beside.isdisjoint(joints):
                continue
            low, high = max(0, start - 2), min(len(tokens), last + 2)
            before = _nearness(tokens[low:high], beside, next_but_one)
            changed = tokens[low:start] + tokens[first:last] + middle + tokens[start:end] + tokens[last:high]
            gain = _nearness(changed, beside, next_but_one) - before
            if gain < _ENOUGH_SIDE_BY_SIDE and not middle:
                continue
            if gain > best and any(gain >= least and (base + gain) / highest >= share for least, share in _ENOUGH):
                best = gain
                found = (_text(sentence.words[start:end]), _text(sentence.words[first:last]))
    return found


def _is_phrase(words: Sequence[Word], tokens: list[str], known: frozenset[str], start: int, end: int) -> bool:
    if not all(token in known for token in tokens[start:end]):
        return False
    if not (_speaks(words[end - 1]) or words[end - 1].text[0].isdigit()):
        return False
    if start > 0 and _is_one_name(words[start - 1], words[start]):
        return False
    if end < len(words) and _is_one_name(words[end - 1], words[end]):
        return False
    first = words[start]
    return _speaks(first) or first.text[0].isdigit() or (end - start > 1 and first.lower in DETERMINERS)


def _is_one_name(word: Word, following: Word) -> bool:
    return word.is_capital and word.is_content and following.is_capital and following.gap == " "


def _nearness(tokens: list[str], beside: frozenset[tuple[str, str]], next_but_one: frozenset[tuple[str, str]]) -> float:
    total = 0.0
    for at in range(len(tokens) - 1):
        if (tokens[at], tokens[at + 1]) in beside:
            total += 1
        if at + 2 < len(tokens) and (tokens[at], tokens[at + 2]) in next_but_one:
            total += 0.5
    return total


def other_subject(sentence: Passage, quotes: Passage, alignment: Alignment) -> Iterator[tuple[str, str]]:
    """A verb of the sentence and its subject, which the quotes have only after the verb.

    Where the voice is the same: both with a form of "be" before the verb, or both without.
    """
    for index, word in enumerate(sentence.words):
        if not word.is_content or word.is_capital or len(alignment[index]) != 1:
            continue
        (place,) = alignment[index]
        other = quotes.words[place]
        passive, was_passive = _is_after_be(sentence, index), _is_after_be(quotes, place)
        if passive != was_passive or other.lower != word.lower or not (passive or word.lower.endswith("ed")):
            continue
        subject = _before(sentence, index, whole_sentence=False)
        if not subject or any(each.lower in _STANDING_FOR for each in _spoken_before(quotes, place)):
            continue
        earlier = _before(quotes, place, whole_sentence=True)
        later = [each for each in quotes.words[place + 1 :] if each.sentence == other.sentence]
        if earlier and not _share(subject, earlier) and all(_share([each], later) for each in subject):
            yield word.text, _text(subject)


def exchanged_roles(sentence: Passage, quotes: Passage, alignment: Alignment) -> Iterator[tuple[str, str]]:
    """Who does something to whom the other way round, where one side is in the passive and the other is not."""
    for index, word in enumerate(sentence.words):
        if not word.is_content or word.is_capital:
            continue
        is_passive = _is_passive(sentence, index)
        agent, patient = _roles(sentence, index)
        for place in alignment[index]:
            other_agent, other_patient = _roles(quotes, place)
            other_is_passive = _is_passive(quotes, place)
            # A passive without its "by" does not say who does it.
            if (not is_passive and _is_after_be(sentence, index)) or (
                not other_is_passive and _is_after_be(quotes, place)
            ):
                continue
            if (
                is_passive != other_is_passive
                and _share(agent, other_patient)
                and _share(patient, other_agent)
                and not _share(agent, other_agent)
                and not _share(patient, other_patient)
            ):
                yield _text(agent), _text(patient)


def is_converse(sentence: Passage, index: int, quotes: Passage, place: int) -> bool:
    """Whether what stands around two words has changed sides: "A is larger than B", "B is smaller than A"."""
    before, after = _around(sentence, index)
    other_before, other_after = _around(quotes, place)
    changed = _share(before, other_after) and _share(after, other_before)
    return changed and not _share(before, other_before) and not _share(after, other_after)


def _roles(passage: Passage, index: int) -> tuple[list[Word], list[Word]]:
    """The words that name who does what a verb says, and whom it is done to."""
    before, after = _around(passage, index)
    return (after, before) if _is_passive(passage, index) else (before, after)


def _is_passive(passage: Passage, index: int) -> bool:
    following = [word.lower for word in passage.words[index + 1 : index + 4]]
    return (following[:1] == ["by"] and passage.words[index].lower.endswith("ed")) or (
        "by" in following and _is_after_be(passage, index)
    )


def _around(passage: Passage, index: int) -> tuple[list[Word], list[Word]]:
    """Up to four content words of the same clause before a word and after it."""
    clause = passage.words[index].clause
    before = [w for w in passage.words[max(0, index - 7) : index] if w.clause == clause and _speaks(w)]
    after = [w for w in passage.words[index + 1 : index + 8] if w.clause == clause and _speaks(w)]
    return before[-4:], after[:4]


_BE = frozenset("is are was were be been being".split())
_STANDING_FOR = PRONOUNS - {"that", "this"} | {"which", "who", "that"}


def _is_after_be(passage: Passage, index: int) -> bool:
    return any(word.lower in _BE for word in passage.words[max(0, index - 2) : index])


def _before(passage: Passage, index: int, *, whole_sentence: bool) -> list[Word]:
    here = passage.words[index]
    return [
        word
        for word in passage.words[max(0, index - 25) : index]
        if _speaks(word) and (word.sentence == here.sentence if whole_sentence else word.clause == here.clause)
    ]


def _speaks(word: Word) -> bool:
    return word.text[0].isalpha() and word.lower not in GRAMMATICAL_WORDS


def _spoken_before(passage: Passage, index: int) -> list[Word]:
    """The words of the same clause before a place."""
    here = passage.words[index]
    return [word for word in passage.words[max(0, index - 8) : index] if word.clause == here.clause]


def _share(some: Sequence[Word], others: Sequence[Word]) -> bool:
    keys = frozenset().union(*(word.keys | word.senses for word in others)) if others else frozenset()
    return any(not (word.keys | word.senses).isdisjoint(keys) for word in some)


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
