"""Rules on questions: right answers that their quotes bear, and nothing that gives them away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessongen.check.forms import is_lesson_word
from lessongen.check.passages import collapse, filled, gaps, is_whole_in, loosely, names, stands_in, words
from lessongen.check.reading import Reading
from lessongen.check.report import Findings
from lessongen.lesson.model import Choice, Cloze, Match, Open, Order, Question, Short, TrueFalse
from lessongen.text.sentences import split_sentences
from lessongen.text.words import fold, stem, stems, tokens

_FEWEST_TO_COMPARE = 2
_YEAR = re.compile(r"\b\d{3,4}\b")
_NOT_WORD = re.compile(r"\W+")


# ---------------------------------------------------------------- all kinds


def question_distinct(reading: Reading) -> Findings:
    """No two questions are alike: the same stem, or the same kind about the same term of the same quote.

    Computed ones are compared by their exact text.
    """
    asked: set[tuple[str, ...]] = set()
    for where, question in reading.questions:
        keys = _likenesses(reading, question)
        if asked & keys:
            yield where, f"asks what a question before it asks: “{question.stem[:60]}”"
        asked |= keys


def _likenesses(reading: Reading, question: Question) -> set[tuple[str, ...]]:
    parts = [question.stem]
    if isinstance(question, Match):
        parts += sorted(question.left)
    elif isinstance(question, Order):
        parts += sorted(question.items)
    if question.origin == "computed":
        return {("stem", *map(collapse, parts))}  # "What is 3 + 4?" and "What is 3 - 4?" have the same words
    stem_key = ("stem", *(_NOT_WORD.sub(" ", fold(part)).strip() for part in parts))
    term = " ".join(words(question.term)) or question.term
    return {stem_key} | {
        ("about", quote.text, term, question.kind) for quote in reading.cited(question.cites) if question.term.strip()
    }


def question_term_known(reading: Reading) -> Findings:
    """The term that a question asks about shares a word with the material; names may be longer there or here."""
    for where, question in reading.unsigned_questions:
        known = [token for token in tokens(question.term) if reading.is_of_material(token)]
        if tokens(question.term) and not known:
            yield where, f"the material never speaks of “{question.term}”"


def answer_in_quote(reading: Reading) -> Findings:
    """The answer of a choice, short or open question stands in a quote that the question cites."""
    for where, question in reading.unsigned_questions:
        quotes = reading.quote_texts(question.cites)
        if quotes and not _is_borne(reading, question, quotes):
            yield where, "its answer does not stand in the quotes that it cites"


def _is_borne(reading: Reading, question: Question, quotes: Sequence[str]) -> bool:
    if isinstance(question, Choice):
        passage = reading.passage_of(question)
        fits_gap = not gaps(passage) or stands_in(filled(passage, question.answer), quotes)
        return fits_gap and any(names(quote, question.answer) for quote in quotes)
    if question.origin != "quoted":
        return True
    if isinstance(question, Short):
        return stands_in(question.answer, quotes)
    if isinstance(question, Open):
        return all(stands_in(sentence.text, quotes) for sentence in split_sentences(question.answer))
    return True


def answer_hidden(reading: Reading) -> Findings:
    """Neither a stem nor an item to match shows a word of its answer, in any form, that not all options share."""
    for where, question in reading.unsigned_questions:
        if isinstance(question, Choice):
            shown = _given_away(_asked_with(reading, question), question.answer, question.options)
        elif isinstance(question, Cloze):
            shown = _given_away(_asked_with(reading, question), question.answer, ())
        elif isinstance(question, Match) and _is_bijection(question):
            partners = (question.right[place] for place in question.answer)
            pairs = zip(question.left, partners, strict=True)
            shown = [word for left, right in pairs for word in _given_away(left, right, question.right)]
        else:
            continue
        if shown:
            yield where, f"“{shown[0]}” gives the answer away"


def _asked_with(reading: Reading, question: Question) -> str:
    """The words of a stem but those of its request that any lesson uses: "Which sentence …" tells nothing."""
    passage = reading.passage_of(question)
    request = question.stem.replace(passage, "") if passage != question.stem else ""
    if not gaps(passage):
        passage, request = "", question.stem
    return " ".join([passage, *(token for token in tokens(request) if not is_lesson_word(token))])


def _given_away(shown: str, answer: str, options: Sequence[str]) -> list[str]:
    shared = set.intersection(*(set(stems(option)) for option in options)) if options else set()
    telling = set(stems(answer)) - shared
    return [token for token in tokens(shown) if stem(token) in telling]


# ---------------------------------------------------------------- choice


def choice_answer_offered(reading: Reading) -> Findings:
    """The right answer is one of the options."""
    for where, question in _choices(reading):
        if question.answer not in question.options:
            yield where, f"the answer “{question.answer}” is not among the options"


def choice_options_distinct(reading: Reading) -> Findings:
    """Options differ by more than case, accents, articles or number; computed ones differ at all. None is blank."""
    for where, question in _choices(reading):
        keys: list[tuple[str, ...]] = [(option.strip(),) for option in question.options]
        if question.origin != "computed":
            keys = [words(option) or key for option, key in zip(question.options, keys, strict=True)]
        if len(set(keys)) < len(keys) or not all(option.strip() for option in question.options):
            yield where, "two options are the same, or one is blank"


def choice_answer_place(reading: Reading) -> Findings:
    """The right options do not all stand in the same place."""
    places = [question.options.index(question.answer) for question in _offering(reading)]
    if len(places) >= _FEWEST_TO_COMPARE and len(set(places)) == 1:
        yield "questions", f"the right option always stands in place {places[0] + 1}"


def choice_answer_length(reading: Reading) -> Findings:
    """The right options are not all the longest ones."""
    longest = [
        all(len(question.answer) > len(option) for option in question.options if option != question.answer)
        for question in _offering(reading)
    ]
    if len(longest) >= _FEWEST_TO_COMPARE and all(longest):
        yield "questions", "the right option is always the longest one"


def choice_distractor_wrong(reading: Reading) -> Findings:
    """No wrong option stands in the quote that bears the answer."""
    for where, question in reading.unsigned_questions:
        if not isinstance(question, Choice) or question.answer not in question.options:
            continue
        bearing = [quote for quote in reading.quote_texts(question.cites) if names(quote, question.answer)]
        for option in question.options:
            is_same = words(option) == words(question.answer)
            if not is_same and any(names(quote, option) for quote in bearing):
                yield where, f"the option “{option}” stands in the quote as well"


def _choices(reading: Reading) -> Iterator[tuple[str, Choice]]:
    return ((where, question) for where, question in reading.questions if isinstance(question, Choice))


def _offering(reading: Reading) -> list[Choice]:
    return [question for _, question in _choices(reading) if question.answer in question.options]


# ---------------------------------------------------------------- cloze, true or false


def cloze_restores_quote(reading: Reading) -> Findings:
    """A cloze has one gap, and with its answer in it the passage stands in a quote that the question cites."""
    for where, question in reading.unsigned_questions:
        if not isinstance(question, Cloze) or not question.answer.strip():
            continue
        passage, quotes = reading.passage_of(question), reading.quote_texts(question.cites)
        if gaps(question.stem) != 1:
            yield where, f"has {gaps(question.stem)} gaps"
        elif question.origin == "quoted" and quotes and not stands_in(filled(passage, question.answer), quotes):
            yield where, "with the answer in its gap it is not the quote"


def true_statement_quoted(reading: Reading) -> Findings:
    """A statement to be judged true stands word for word in a quote that the question cites."""
    for where, question in reading.unsigned_questions:
        if isinstance(question, TrueFalse) and question.answer and question.origin == "quoted":
            quotes = reading.quote_texts(question.cites)
            if quotes and not stands_in(reading.passage_of(question), quotes):
                yield where, "counts as true, but does not stand in the quotes that it cites"


def false_statement_unfounded(reading: Reading) -> Findings:
    """A statement to be judged false, like what people get wrong, stands in no source; a computed one as it is."""
    false = [
        (where, question)
        for where, question in reading.questions
        if isinstance(question, TrueFalse) and not question.answer
    ]
    exact = [(where, reading.passage_of(each)) for where, each in false if each.origin == "computed"]
    loose = [(where, reading.passage_of(each)) for where, each in false if each.origin != "computed"]
    loose += [
        (f"misconceptions[{index}].belief", each.belief) for index, each in enumerate(reading.lesson.misconceptions)
    ]
    founded = [where for where, said in exact if any(is_whole_in(said, text) for text in reading.kept.values())]
    founded += [where for where, said in loose if stands_in(said, reading.kept.values())]
    yield from ((where, "counts as false, but stands in a source") for where in founded)


# ---------------------------------------------------------------- match, order


def match_bijection(reading: Reading) -> Findings:
    """In a match every item on the left has one partner on the right and the other way round; no item comes twice."""
    for where, question in reading.questions:
        if isinstance(question, Match) and not _is_bijection(question):
            yield where, "the answer does not pair each item with one other"


def _is_bijection(question: Match) -> bool:
    sides_differ = _differ(question, question.left) and _differ(question, question.right)
    is_permutation = sorted(question.answer) == list(range(len(question.right)))
    return sides_differ and is_permutation and len(question.left) == len(question.right)


def match_pairs_quoted(reading: Reading) -> Findings:
    """Each pair of a match stands together in a quote that the question cites."""
    for where, question in reading.unsigned_questions:
        if not isinstance(question, Match) or question.origin != "quoted" or not _is_bijection(question):
            continue
        quotes = reading.quote_texts(question.cites)
        for left, place in zip(question.left, question.answer, strict=True):
            right = question.right[place]
            if quotes and not any(names(quote, left) and stands_in(right, [quote]) for quote in quotes):
                yield where, f"no quote says “{right[:40]}” of “{left}”"


def order_permutation(reading: Reading) -> Findings:
    """The answer of an order question puts each of its items in one place; no item comes twice."""
    for where, question in reading.questions:
        if isinstance(question, Order) and not _is_permutation(question):
            yield where, "the answer does not put each item in one place"


def order_in_quotes(reading: Reading) -> Findings:
    """The items of an order question stand in the quotes that it cites, in this order or by their years."""
    for where, question in reading.unsigned_questions:
        quotes = reading.quote_texts(question.cites)
        if not isinstance(question, Order) or question.origin != "quoted" or not _is_permutation(question):
            continue
        if quotes and not _is_ordered_in(reading, question):
            yield where, "the quotes do not give the items in this order"


def _differ(question: Question, items: Sequence[str]) -> bool:
    """Whether no item comes twice, however written; computed ones are told apart by their exact text."""
    told_apart = str.strip if question.origin == "computed" else loosely
    return len(set(map(told_apart, items))) == len(items)


def _is_permutation(question: Order) -> bool:
    return _differ(question, question.items) and sorted(question.answer) == list(range(len(question.items)))


def _is_ordered_in(reading: Reading, question: Order) -> bool:
    items = [question.items[place] for place in question.answer]
    quotes = reading.quote_texts(question.cites)
    bearing = [[quote for quote in quotes if stands_in(item, [quote])] for item in items]
    if not all(bearing):
        return False
    together = loosely(" ".join(quotes))
    places = [together.find(loosely(item)) for item in items]
    years = [_year_of(item, found[0]) for item, found in zip(items, bearing, strict=True)]
    dated = [year for year in years if year is not None]
    return places == sorted(places) or (len(dated) == len(years) and dated == sorted(dated))


def _year_of(item: str, quote: str) -> int | None:
    found = _YEAR.search(item) or _YEAR.search(quote)
    return int(found.group()) if found else None
