"""Rules on how texts read: whole sentences that need nothing before them, and no trace of markup or of tricks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from lessongen.check.reading import Claim, Reading
from lessongen.check.report import Findings
from lessongen.lesson.place import Place
from lessongen.text.passages import collapse, is_cut_at_abbreviation, is_whole_in
from lessongen.text.sentences import has_markup, is_whole, points_back

_WORDS_THAT_PLACE_AN_END = 2
_MAY_BREAK_LINES = "\n\t"
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


def no_markup(reading: Reading) -> Findings:
    """No text shows leaked markup: wiki or HTML tags, entities, TeX."""
    for where, text in reading.strings:
        if _is_text(where) and has_markup(text):
            yield where, f"“{text[:60]}” holds markup"


def _is_text(place: Place) -> bool:
    """Whether a text of the lesson's own stands there: not what the person asked for, and nothing technical."""
    match place.steps:
        case ("subject" | "topic" | "language" | "level" | "variant",) | ("provenance", *_):
            return False
        case ("image", "title" | "page_url" | "file_url" | "licence_url"):
            return False
        case (*_, "url" | "id" | "by" | "sha256" | "text_sha256" | "svg"):
            return False
    return True


def no_control_characters(reading: Reading) -> Findings:
    """No text holds control characters or overrides of the writing direction."""
    for where, text in reading.strings:
        if not text.isascii() or not text.isprintable():
            found = next((character for character in text if _is_unseen(character)), None)
            if found is not None:
                yield where, f"holds the character U+{ord(found):04X}"


def _is_unseen(character: str) -> bool:
    if character in _MAY_BREAK_LINES:
        return False
    return character in _BIDI or unicodedata.category(character) in _UNSEEN_CATEGORIES


def sentence_whole(reading: Reading) -> Findings:
    """No statement is cut off, at its own ends or out of a sentence of its quote."""
    for claim in (*reading.statements, *_standing_in_questions(reading)):
        if claim.origin == "computed" or not claim.text.strip():
            continue
        leads_over = not claim.is_borne and claim.text.rstrip().endswith(":")
        if not leads_over and not is_whole(claim.text):
            yield claim.where, f"“{claim.text[:60]}” is no whole sentence"
        elif claim.origin == "quoted" and _is_cut_out(reading, claim):
            yield claim.where, f"“{claim.text[:60]}” is cut out of a sentence of its quote"


def _is_cut_out(reading: Reading, claim: Claim) -> bool:
    bearing = [text for text in reading.quote_texts(claim.cites) if claim.text in text]
    return bool(bearing) and not any(is_whole_in(claim.text, text) for text in bearing)


def not_cut_at_abbreviation(reading: Reading) -> Findings:
    """No quote or sentence ends at an abbreviation like "Gov." where its source goes on, or begins right behind one."""
    for where, _, quote in reading.placed_quotes:
        if is_cut_at_abbreviation(quote.text, reading.source_text_of(quote) or ""):
            yield where, f"“{quote.text[-60:]}” is cut at an abbreviation"
    for claim in (*reading.statements, *_standing_in_questions(reading)):
        if not claim.is_signed and _is_cut_at_abbreviation(reading, claim):
            yield claim.where, f"“{claim.text[-60:]}” is cut at an abbreviation"


def _is_cut_at_abbreviation(reading: Reading, claim: Claim) -> bool:
    last = " ".join(claim.text.split()[-_WORDS_THAT_PLACE_AN_END:])
    texts = reading.quote_texts(claim.cites)
    bearing = [text for text in texts if claim.text in text]
    if bearing:
        return all(is_cut_at_abbreviation(claim.text, text) for text in bearing)
    # In a model's own words, or a cut of the quote.
    ending = [text for text in texts if last in text]
    return bool(ending) and all(is_cut_at_abbreviation(last, text, is_tail=True) for text in ending)


def nothing_dangling(reading: Reading) -> Findings:
    """What opens with "It", "However" and the like comes right after what it points back to in its source.

    A judge was shown what stands before a sentence, and decided by that; of a question it was shown the stem.
    """
    freely = {where for where, question in reading.questions if reading.is_asked_freely(question)}
    runs = [claim for run in reading.runs for claim in run]
    before: dict[Place, Claim] = {
        claim.where: run[index] for run in reading.runs for index, claim in enumerate(run[1:])
    }
    alone = [claim for claim in reading.statements if claim.where not in {each.where for each in runs}]
    for claim in (*runs, *alone, *_standing_in_questions(reading)):
        if claim.is_signed or not claim.cites or not points_back(claim.text) or _opens_a_source(reading, claim):
            continue
        if claim.where in freely or (reading.is_judged(claim) and reading.text_before.get(claim.where, "")):
            continue
        if not _continues(reading, claim, before.get(claim.where)):
            yield claim.where, f"“{claim.text[:40]}” points back at a sentence that isn't there"


def _opens_a_source(reading: Reading, claim: Claim) -> bool:
    # "The theory of relativity …" points back only where something stands before it.
    opens = any(text.lstrip().startswith(claim.text) for text in reading.kept.values())
    return opens and claim.text.startswith("The ")


def _continues(reading: Reading, claim: Claim, before: Claim | None) -> bool:
    quotes, earlier = reading.cited(claim.cites), reading.cited(before.cites) if before else []
    if before is None or not quotes or not earlier:
        # A cite that doesn't resolve is another rule's affair.
        return bool(claim.cites and not quotes) or bool(before and before.cites and not earlier)
    if reading.stands_in_a_source(f"{before.text} {claim.text}"):
        return True
    is_reworded = "written" in (claim.origin, before.origin)
    is_same_quote = earlier[-1].id == quotes[0].id
    return is_reworded and (is_same_quote or reading.stands_in_a_source(f"{earlier[-1].text} {quotes[0].text}"))


def _standing_in_questions(reading: Reading) -> Iterator[Claim]:
    """The sentences that questions put before a student by themselves, as claims on what the question cites."""
    for where, question in reading.unsigned_questions:
        for text in question.sentences(reading.passage_of(question)):
            yield Claim(where=where, text=collapse(text), cites=tuple(question.cites), origin=question.origin, by=None)
