"""Rules on what a lesson stands on: sources, quotes, and the statements that cite them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lessongen.check.forms import (
    form_of,
    is_heading,
    is_lesson_word,
    is_supposing,
    without_counts,
    without_objective_opening,
)
from lessongen.check.reading import Claim, Reading, words_in_place
from lessongen.check.report import Findings
from lessongen.check.uncited import Uncited
from lessongen.lesson.model import sha256
from lessongen.lesson.place import Place
from lessongen.lesson.statement import SIGNED
from lessongen.text.passages import is_run_of, is_whole_in
from lessongen.text.sentences import split_sentences
from lessongen.text.vocabulary import is_no_name
from lessongen.text.words import tokens

# ---------------------------------------------------------------- sources and quotes

_INVENTING = frozenset({"suppose", "imagine", "pretend"})  # as the first word of a case


def source_licensed(reading: Reading) -> Findings:
    """Each source says its title, its licence and whom to attribute."""
    for index, source in enumerate(reading.lesson.sources):
        for name in ("title", "licence", "attribution"):
            if not getattr(source, name).strip():
                yield Place.of("sources", index), f"has no {name}"


def source_kept(reading: Reading) -> Findings:
    """The whole text of each source is kept, and its SHA-256 is the one that the source names."""
    for index, source in enumerate(reading.lesson.sources):
        if source.text_sha256 not in reading.kept:
            yield Place.of("sources", index), f"the text of “{source.title}” is missing or is not what its SHA-256 says"


def source_used(reading: Reading) -> Findings:
    """Each source but the article has a quote."""
    for index, source in enumerate(reading.lesson.sources[1:], 1):
        if not source.quotes:
            yield Place.of("sources", index), f"nothing is quoted from “{source.title}”"


def quote_verbatim(reading: Reading) -> Findings:
    """Each quote stands word for word in the kept text of its source."""
    for where, source, quote in reading.placed_quotes:
        text = reading.kept.get(source.text_sha256)
        if not quote.text.strip() or (text is not None and quote.text not in text):
            yield where, f"“{quote.text[:60]}” does not stand in “{source.title}”"


def quote_whole(reading: Reading) -> Findings:
    """Each quote begins where a sentence of its source begins and ends where one ends."""
    for where, source, quote in reading.placed_quotes:
        text = reading.kept.get(source.text_sha256, "")
        if quote.text.strip() and quote.text in text and not is_whole_in(quote.text, text):
            yield where, f"“{quote.text[:60]}” is cut out of a sentence of “{source.title}”"


def quote_hash(reading: Reading) -> Findings:
    """Each quote's SHA-256 is that of its text."""
    for where, _, quote in reading.placed_quotes:
        if quote.sha256 != sha256(quote.text):
            yield where, "the SHA-256 is not that of the quote's text"


def quote_used(reading: Reading) -> Findings:
    """Each quote is cited somewhere."""
    cited = {cite for claim in (*reading.statements, *reading.example_claims) for cite in claim.cites}
    cited |= {cite for _, each in (*reading.questions, *reading.pieces) for cite in each.cites}
    for where, _, quote in reading.placed_quotes:
        if quote.id not in cited:
            yield where, f"nothing cites the quote “{quote.id}”"


# ---------------------------------------------------------------- statements


def statement_verbatim(reading: Reading) -> Findings:
    """A quoted statement stands word for word in a quote that it cites, or is several quotes of one source in a row."""
    for claim in reading.statements:
        if not _is_verbatim(reading, claim):
            yield claim.where, f"“{claim.text[:60]}” does not stand in the quotes that it cites"
    for claim in reading.example_claims:
        if claim.where.last == "answer" and not _is_verbatim(reading, claim):
            yield claim.where, f"“{claim.text[:60]}” does not stand in the quotes that its example cites"


def _is_verbatim(reading: Reading, claim: Claim) -> bool:
    quotes = reading.cited(claim.cites)
    if claim.origin != "quoted" or not quotes:
        return True
    if any(claim.text in quote.text for quote in quotes):
        return True
    is_of_one_source = len({reading.source_of[quote.id].id for quote in quotes}) == 1
    is_in_a_row = not reading.kept or reading.stands_in_a_source(claim.text)
    return is_of_one_source and is_in_a_row and is_run_of(claim.text, [quote.text for quote in quotes])


def signed(reading: Reading) -> Findings:
    """What is computed says by what, and what is an author's says whose it is."""
    claims = ((claim.where, claim.origin, claim.by) for claim in reading.statements)
    examples = ((where, example.origin, example.by) for where, example in reading.examples)
    questions = ((where, question.origin, question.by) for where, question in reading.questions)
    pieces = ((where, piece.origin, piece.by) for where, piece in reading.pieces)
    for where, origin, by in (*claims, *examples, *pieces, *questions):
        if origin in SIGNED and not (by or "").strip():
            yield where, f"its origin is “{origin}”, but it does not say by what or whom"


def sentence_cited(reading: Reading) -> Findings:
    """A sentence that states something is cited, computed or signed; others ask, instruct or lead over.

    The forms are closed lists (`forms.py`). Steps of an activity instruct, in a lesson that a judge judged by any verb;
    titles name or ask and state nothing. What no source says stands as background where that was asked for.
    """
    for uncited in reading.uncited:
        for text in _without_allowed_form(reading, uncited):
            yield uncited.where, f"“{text[:60]}” states something and cites nothing"


def sentence_words(reading: Reading) -> Findings:
    """What cites nothing has no number, name or content word but those of the material and of lessons in general.

    Steps and products of activities, a teacher's advice, and what asks for prior knowledge may use any word, but name
    nothing and count nothing that the material does not; what supposes a case to start with may count in it. So may
    titles, objectives, questions and instructions of a lesson that a judge judged: each of its sentences that states
    something stands by a verdict, and these state nothing. What a judge was shown with its task or question is not
    examined here.
    """
    for uncited in reading.uncited:
        # What words a term may have is a rule of its own: term-in-body, question-term-known.
        if uncited.kind in ("term", "thing") or any(_without_allowed_form(reading, uncited)):
            continue
        foreign = list(_foreign_words(reading, uncited))
        if foreign:
            yield uncited.where, f"“{', '.join(foreign[:5])}” comes from nowhere in the material"


def _without_allowed_form(reading: Reading, uncited: Uncited) -> Iterator[str]:
    """The sentences of a text that have none of the forms that need no cite."""
    if uncited.kind in ("heading", "term", "thing"):
        if not is_heading(uncited.text, reading.names):
            yield uncited.text
    elif uncited.kind == "scene":
        yield from (each.text for each in split_sentences(uncited.text)[-1:] if not _asks_in_the_end(each.text))
    elif uncited.kind == "sentences" or (uncited.kind == "step" and not reading.is_lesson_judged):
        yield from (each.text for each in split_sentences(uncited.text) if form_of(each.text) is None)


def _asks_in_the_end(text: str) -> bool:
    """Whether a sentence asks or instructs: all of it, or what follows on "Suppose …:"."""
    case, colon, job = text.rpartition(": ")
    return form_of(text) is not None or bool(colon and is_supposing(case) and form_of(job))


def _foreign_words(reading: Reading, uncited: Uncited) -> Iterator[str]:
    text = without_objective_opening(uncited.text) if uncited.kind == "objective" else uncited.text
    is_free = reading.is_lesson_judged and uncited.kind in ("heading", "objective", "sentences")
    may_use_any_word = uncited.kind in ("step", "product", "advice", "scene") or is_free
    may_count = uncited.kind == "scene" and _INVENTING.issuperset(tokens(text)[:1])
    words = list(words_in_place(without_counts(text)))
    has_title_case = is_free and uncited.kind == "heading" and _has_title_case(words)
    for word, is_name in words:
        has_digit = any(character.isdigit() for character in word)
        is_common = not is_name or (has_title_case and is_no_name(word))
        if may_use_any_word and is_common and (may_count or not has_digit):
            continue
        may_be_lesson_word = not has_digit and not (is_name and uncited.kind != "heading")
        if may_be_lesson_word and all(map(is_lesson_word, tokens(word))):
            continue
        if not reading.is_of_material(word):
            yield word


def _has_title_case(words: Sequence[tuple[str, bool]]) -> bool:
    """Whether words are capitalised because a heading's are, so that capitals tell no names."""
    inside = [is_name for word, is_name in words[1:] if not is_lesson_word(word.casefold())]
    return len(inside) > 1 and all(inside)


def question_cited(reading: Reading) -> Findings:
    """Each question and worked example cites what its answer stands on, or is computed, an author's or a starter.

    A starter in a writer's words asks what one must know already, which no source of the lesson says.
    """
    examples = ((where, example.origin, example.cites) for where, example in reading.examples)
    questions = (
        (where, question.origin, question.cites)
        for where, question in reading.questions
        if not question.asks_prior_knowledge
    )
    for where, origin, cites in (*examples, *questions):
        if origin not in SIGNED and not cites:
            yield where, "cites nothing"
