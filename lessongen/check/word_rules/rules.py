"""The rules by which a sentence is refused, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lessongen.check.word_rules import coverage, names, numbers, order, polarity, scope, strength
from lessongen.check.word_rules.alignment import Alignment, align
from lessongen.check.word_rules.coverage import Coverage, cover
from lessongen.check.word_rules.passage import Passage, read, read_all

NEW_SHARE_AT_MOST = 0.25
NEW_WORDS_AT_MOST = 3
FEW_WORDS = 3
OWN_SHARE_AT_LEAST = 0.40
BETTER_BY_AT_MOST = 0.25


@dataclass(frozen=True, kw_only=True)
class Case:
    """A sentence set against its quotes: what the rules look at. `known` is the quotes and the title."""

    sentence: Passage
    quotes: Passage
    known: Passage
    title: Passage
    alignment: Alignment
    coverage: Coverage
    cited: tuple[str, ...]
    article: tuple[str, ...]


def case_of(sentence: str, quotes: Sequence[str], title: str, article: Sequence[str]) -> Case:
    """Read a sentence and what it is to stand on."""
    read_sentence, read_quotes = read(sentence), read_all(tuple(quotes))
    read_title = read(title)
    return Case(
        sentence=read_sentence,
        quotes=read_quotes,
        known=read_all((*quotes, title)),
        title=read_title,
        alignment=align(read_sentence, read_quotes),
        coverage=cover(read_sentence, read_quotes, read_title),
        cited=tuple(quotes),
        article=tuple(article),
    )


Rule = Callable[[Case], Iterator[str]]


def _quotation(case: Case) -> Iterator[str]:
    """Three or more words in quotation marks stand so in the quotes or the title."""
    for text in names.altered_quotations(case.sentence, case.known):
        yield f"“{text}” is set in quotation marks, but the quotes do not say it in these words"


def _number(case: Case) -> Iterator[str]:
    """Every number, month and unit stands in the quotes, in whatever notation."""
    for text in numbers.foreign_numbers(case.sentence, case.known):
        yield f"“{text}” is not in the quotes"


def _number_place(case: Case) -> Iterator[str]:
    """A number stands beside no word or month that the quotes set beside another number alone."""
    for number, beside in numbers.misplaced_numbers(case.sentence, case.quotes):
        yield f"the quotes give another number for “{beside}” than “{number}”"


def _name(case: Case) -> Iterator[str]:
    """Every name stands in the quotes or the title, in any form or as an acronym."""
    for text in names.foreign_names(case.sentence, case.known):
        yield f"the name “{text}” is not in the quotes"
    for text in names.recombined_names(case.sentence, case.known):
        yield f"the quotes do not put together the name “{text}”"


def _negation(case: Case) -> Iterator[str]:
    """What the quotes deny is denied, what they state is not; prefixes and words like "lack" and "fail" count."""
    for text in polarity.added_negations(case.sentence, case.quotes, case.alignment):
        yield f"“{text}” denies what the quotes do not deny"
    for text in polarity.dropped_negations(case.sentence, case.quotes, case.alignment):
        yield f"the quotes say “{text}”, which the sentence leaves out"
    for text in polarity.inserted_negators(case.sentence, case.quotes):
        yield f"“{text}” denies what the quotes do not deny"
    for text in polarity.omitted_negators(case.sentence, case.quotes):
        yield f"the quotes say “{text}”, which the sentence leaves out"
    for text in polarity.embedded_denials(case.sentence, case.quotes, case.alignment):
        yield f"the quotes say “{text}”, which the sentence leaves out"
    for text in polarity.turned_prefixes(case.sentence, case.quotes):
        yield f"“{text}” says the opposite of the quotes' word"


def _opposite(case: Case) -> Iterator[str]:
    """No word stands in place of its opposite."""
    for text, other in polarity.opposites(case.sentence, case.quotes):
        yield f"“{text}” is the opposite of “{other}” in the quotes"


def _strength(case: Case) -> Iterator[str]:
    """ "All", "only" and "must", superlatives and certainty are those of the quotes; "one of" and doubt are kept."""
    for text in strength.universals(case.sentence, case.quotes, case.title):
        yield f"“{text}” claims more than the quotes"
    for text in strength.raised_modals(case.sentence, case.quotes):
        yield f"“{text}” is firmer than the quotes' “may” or “can”"
    for text in strength.raised_quantities(case.sentence, case.quotes):
        yield f"“{text}” is more than the quotes say"
    for text in strength.dropped_parts(case.sentence, case.quotes):
        yield f"the quotes say “{text}”, not the only one"
    for text in strength.brought_superlatives(case.sentence, case.known):
        yield f"the superlative “{text}” is not in the quotes"


def _doubt(case: Case) -> Iterator[str]:
    """Doubt that the quotes express stays beside the words that the sentence takes."""
    for text in strength.dropped_hedges(case.sentence, case.quotes, case.alignment):
        yield f"the quotes say “{text}”, the sentence leaves no doubt"


def _link(case: Case) -> Iterator[str]:
    """A cause is stated only where the quotes state one."""
    for text in strength.brought_links(case.sentence, case.quotes):
        yield f"“{text}” states a cause that the quotes do not"


def _condition(case: Case) -> Iterator[str]:
    """A case that a quote opens with, like "In humans", is kept, and so is whose word it is; a field need not be."""
    for text in scope.dropped_conditions(case.sentence, case.cited):
        yield f"the quotes say “{text}”, which the sentence leaves out"
    for text in scope.dropped_attributions(case.sentence, case.cited):
        yield f"the quotes say “{text}”, which the sentence leaves out"


def _subject(case: Case) -> Iterator[str]:
    """Quotes that open with "It", "They" and the like are told of nothing but what they or the title name."""
    for text in scope.foreign_subject(case.sentence, case.cited, case.known):
        yield f"the quotes do not say that they speak of “{text}”"


def _pronoun(case: Case) -> Iterator[str]:
    """A pronoun that the quotes do not have stands only where the sentence has named what it means."""
    for text in scope.unnamed(case.sentence, case.quotes):
        yield f"“{text}” is not said of anything that the sentence names"


def _swap(case: Case) -> Iterator[str]:
    """No two phrases have changed places, and nothing is told of another subject than the quotes tell it of."""
    found = order.exchanged(case.sentence, case.quotes)
    if found is not None:
        yield f"“{found[0]}” and “{found[1]}” have changed places"
    for agent, patient in order.exchanged_roles(case.sentence, case.quotes, case.alignment):
        yield f"“{agent}” and “{patient}” have changed places"
    for verb, subject in order.other_subject(case.sentence, case.quotes, case.alignment):
        yield f"in the quotes “{verb}” is not said of “{subject}”"


def _coverage(case: Case) -> Iterator[str]:
    """At least two fifths of the content words besides the title's stand in the quotes, in any form or by a synonym."""
    found = case.coverage
    if found.own_words and found.own_met / found.own_words < OWN_SHARE_AT_LEAST:
        yield f"too little of it is in the quotes: {_listed(found)} is not"
    elif not found.words and not case.sentence.lowers <= case.known.lowers:
        yield "it has no word that could stand in a quote"


def _new_words(case: Case) -> Iterator[str]:
    """At most a quarter of the content words, and three, are new; of three or four, one may be."""
    found = case.coverage
    is_one_of_few = len(found.new) == 1 and found.words >= FEW_WORDS
    if (found.new_share > NEW_SHARE_AT_MOST and not is_one_of_few) or len(found.new) > NEW_WORDS_AT_MOST:
        yield f"too many words are new: {_listed(found)}"


def _clause(case: Case) -> Iterator[str]:
    """No clause stands beside the others of which the quotes have nothing."""
    for text in coverage.foreign_clauses(case.sentence, case.quotes, case.title):
        yield f"“{text}” is not in the quotes"


def _better_elsewhere(case: Case) -> Iterator[str]:
    """No other sentence of the source covers it better by a quarter of its words' weight."""
    if case.article:
        gain, other = coverage.better_elsewhere(case.sentence, case.cited, case.quotes, case.article)
        if gain > BETTER_BY_AT_MOST:
            yield f"another sentence of the source says it: “{other[:160]}”"


def _listed(found: Coverage) -> str:
    return "“" + "”, “".join(word.text for word in found.new[:8]) + "”"


ALL_RULES: Mapping[str, Rule] = {
    "quotation": _quotation,
    "number": _number,
    "number-place": _number_place,
    "name": _name,
    "negation": _negation,
    "opposite": _opposite,
    "strength": _strength,
    "doubt": _doubt,
    "link": _link,
    "condition": _condition,
    "subject": _subject,
    "pronoun": _pronoun,
    "swap": _swap,
    "coverage": _coverage,
    "new-words": _new_words,
    "clause": _clause,
    "better-elsewhere": _better_elsewhere,
}
