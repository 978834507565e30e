"""Flaws of a question beside the rest of the lesson: answered, copied or asked elsewhere, or taught nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessongen.check.items.paper import Item, Paper, Text, content, share, telling
from lessongen.check.items.quantities import quantity
from lessongen.check.report import Findings
from lessongen.lesson.model import KeyTerm
from lessongen.text.passages import GAP, collapse, filled, gaps, loosely, words
from lessongen.text.words import tokens, word_count

_MOST_OF = 0.8
_MUCH_OF = 0.6
_NEARLY_ALL = 0.75
_FEWEST_WORDS_COPIED = 5
# "They offer more" is not said by "what they offer".
_TURNING = frozenset("more less fewer most least no not never nothing only both neither".split())
_FEWEST_TO_COMPARE = 3
_QUOTATION = re.compile(r"[“\"]([^“”\"]+)[”\"]")


def answered_elsewhere(paper: Paper) -> Findings:
    """For a key in a title, key point, key term, misconception, example or task that also says what is asked."""
    for item in paper.written:
        above = [] if item.question.role == "starter" else [*paper.printed_above, *paper.worked_on]
        found = next((text for text in paper.headings if _answers(text, item, _MUCH_OF)), None)
        found = found or next((text for text in above if _answers(text, item, _NEARLY_ALL)), None)
        if found is not None:
            yield (
                item.where,
                (
                    f"{found.what[0].upper()}{found.what[1:]} answers it: “{collapse(found.text)[:80]}”. "
                    "Ask for what follows from it, or of a new case."
                ),
            )


def answered_by_neighbour(paper: Paper) -> Findings:
    """For a key that another question says in its stem while it asks the like."""
    for item in paper.written:
        for other in paper.items:
            if (
                other.where != item.where
                and not _asks_the_same(item, other)
                and _answers(_stem_of(other), item, _NEARLY_ALL)
            ):
                yield (
                    item.where,
                    (f"Another question gives the answer away: “{other.question.stem[:80]}”. Change one of the two."),
                )
                break


def belief_restated(paper: Paper) -> Findings:
    """For a belief that is printed with its correction, asked for in the same words: one reads off that it is false."""
    for item in paper.written:
        stem = content(item.question.stem)
        for each in paper.lesson.misconceptions:
            belief = content(each.belief)
            if len(belief) >= _FEWEST_TO_COMPARE and share(belief, stem) >= _NEARLY_ALL:
                yield (
                    item.where,
                    f"It says again the belief “{each.belief[:80]}”, whose correction is printed: show the mistake in "
                    "a case, without its words.",
                )
                break


def quoted_before(paper: Paper) -> Findings:
    """For a stem with a quotation that an example or a task has shown and spoken of already."""
    for item in paper.on_the_lesson:
        found = next((text for text in paper.worked_on if _quotes_the_same(item.question.stem, text.text)), None)
        if found is not None:
            yield item.where, f"{found.what.capitalize()} speaks of the same quotation: ask of another passage."


def _quotes_the_same(stem: str, told: str) -> bool:
    """Whether what one of two texts quotes, in more than a word, stands in the other, which quotes too."""
    both = [[loosely(each) for each in _QUOTATION.findall(text) if word_count(each) > 1] for text in (stem, told)]
    return any(one in other or other in one for one in both[0] for other in both[1])


def _stem_of(item: Item) -> Text:
    return Text("another question", item.question.stem)


def _answers(text: Text, item: Item, much: float) -> bool:
    """Whether a text says that much of what is asked, and the answer, and none of the wrong options."""
    key = telling(item.key) - (frozenset() if item.is_statement else item.asked)
    if not key or (item.question.listed and not item.wrong):
        return False  # what is matched or put in order has rules of its own
    if item.is_statement:
        return len(key) > _FEWEST_TO_COMPARE - 1 and key <= text.words
    if item.is_supposed or share(key, text.words) < (
        1.0 if item.wrong or len(key) < _FEWEST_WORDS_COPIED else _MOST_OF
    ):
        return False
    if any(telling(option) and telling(option) <= text.words for option in item.wrong):
        return False
    if not _TURNING & set(tokens(item.key)) <= set(tokens(text.text)):
        return False
    return bool(item.asked) and share(item.asked, text.words) >= much


def matches_key_terms(paper: Paper) -> Findings:
    """For a match of key terms with the very definitions that are printed above it."""
    for item in paper.on_the_lesson:
        pairs: Sequence[tuple[str, str]] = getattr(item.question, "pairs", ()) if item.question.kind == "match" else ()
        if pairs and all(
            any(_is_defined(left, right, term) for term in paper.lesson.key_terms) for left, right in pairs
        ):
            yield (
                item.where,
                ("It matches key terms with the definitions printed above: match them with new examples instead."),
            )


def _is_defined(left: str, right: str, term: KeyTerm) -> bool:
    defined, said = content(term.definition.text), content(right)
    return words(left) == words(term.term) and bool(said) and said <= defined | content(term.term)


def not_taught(paper: Paper) -> Findings:
    """For an answer, or a thing asked about, no word of which the lesson ever says."""
    for item in paper.on_the_lesson:
        if item.is_supposed:
            continue
        question = item.question
        term = telling(question.term)
        if (
            term
            and not quantity(question.term)
            and not term & paper.taught
            and share(telling(item.key), paper.taught) < 0.5
        ):
            yield item.where, f"The lesson never speaks of “{question.term}”: teach it, or ask about what is taught."
            continue
        untaught = next((each for each in _parts_of_key(item) if _is_untaught(each, item, paper)), None)
        if untaught is not None:
            yield item.where, f"The lesson never says “{untaught[:60]}”: teach it, or ask for what is taught."


def _parts_of_key(item: Item) -> Iterator[str]:
    """The answer, or each of the things that are to be matched or ordered."""
    if item.is_statement:
        return
    if item.question.kind == "match":
        yield from (f"{left} {right}" for left, right in getattr(item.question, "pairs", ()))
    elif item.question.listed and not item.wrong:
        yield from item.question.listed
    else:
        yield item.key


def _is_untaught(said: str, item: Item, paper: Paper) -> bool:
    telling_words = telling(said)
    # One word may well be another for what was taught, except where the very word is asked for.
    is_enough = len(telling_words) > 1 or (item.question.bloom == "remember" and len(telling_words) == 1)
    return is_enough and not telling_words & paper.taught and quantity(said) is None


def copied_sentence(paper: Paper) -> Findings:
    """For a gap in, or a true or false of, a sentence that stands so in the lesson or its source."""
    kept = [loosely(sentence) for sentence in paper.sentences]
    for item in paper.on_the_lesson:
        if item.is_statement:
            said = item.passage
        elif gaps(item.passage):
            said = filled(item.passage, item.question.answer_text)
        else:
            continue
        if word_count(said) >= _FEWEST_WORDS_COPIED and any(loosely(said) in sentence for sentence in kept):
            yield item.where, f"“{said[:60]}” is copied from the lesson: put it in other words, or ask of a new case."


def recalled_gap(paper: Paper) -> Findings:
    """For a gap in a sentence that says in other words what one taught sentence says: it is filled by remembering."""
    taught = [telling(each) for each in paper.sentences]
    for item in paper.on_the_lesson:
        said, key = telling(item.passage), telling(item.key)
        if not gaps(item.passage) or item.question.supposes or not key or len(said) < _FEWEST_TO_COMPARE:
            continue
        if any(key <= sentence and share(said, sentence) >= _NEARLY_ALL for sentence in taught):
            yield item.where, "The gap is filled by remembering one sentence: ask of a new case, or why it is so."


def why_missing(paper: Paper) -> Findings:
    """For a wrong option of a written choice of which nothing says why it tempts and why it is wrong."""
    for item in paper.on_the_lesson:
        if item.question.origin != "written":
            continue
        told = {loosely(why.option) for why in item.question.why if why.reason.text.strip()}
        missing = [option for option in item.wrong if loosely(option) not in told]
        if missing:
            yield item.where, f"Nothing says why “{missing[0][:60]}” tempts and is wrong: say it for each wrong option."


def asked_twice(paper: Paper) -> Findings:
    """For two questions with nearly the same stem and the same answer."""
    for at, item in enumerate(paper.written):
        before = next((other for other in paper.written[:at] if _asks_the_same(item, other)), None)
        if before is not None:
            yield item.where, f"It asks what another question asks: “{before.question.stem[:80]}”. Ask something else."


def _asks_the_same(item: Item, other: Item) -> bool:
    if item.is_statement and other.is_statement:
        return _likeness(telling(item.passage), telling(other.passage)) >= _MOST_OF
    if telling(item.key) != telling(other.key) or item.is_statement or other.is_statement:
        return False
    listed = [content(" ".join(each.question.listed)) for each in (item, other) if not each.wrong]
    if len(listed) == 2 and listed[0] != listed[1]:
        return False
    if _likeness(content(item.question.stem), content(other.question.stem)) >= _MUCH_OF:
        return True
    fewer = min(item.asked, other.asked, key=len)
    return len(fewer) >= _FEWEST_TO_COMPARE and share(fewer, max(item.asked, other.asked, key=len)) >= _NEARLY_ALL


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def worked_example(paper: Paper) -> Findings:
    """For a question whose very problem, with its numbers, an example of the lesson has worked out."""
    for item in paper.on_the_lesson:
        asked = content(item.question.stem.replace(GAP, ""))
        for _, example in paper.reading.examples:
            worked = content(" ".join([example.answer, *(step.text for step in example.steps)]))
            is_same = _likeness(asked, content(example.problem)) >= _MOST_OF and _numbers(asked) == _numbers(
                content(example.problem)
            )
            if is_same and content(item.key) <= worked:
                yield (
                    item.where,
                    "The worked example has this very problem: ask with other numbers, or of another case.",
                )
                break


def _numbers(found: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in found if word[:1].isdigit())
