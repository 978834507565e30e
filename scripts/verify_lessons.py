"""Verifies every stored lesson of a database once more, by means that share no code with the package.

`python scripts/verify_lessons.py DATABASE` reads an SQLite database and looks at the content of every version as
JSON: that kept texts, quotes and cites hold together, that quoted statements are verbatim, that numbers and names of
written ones occur in their quotes, and that each question has exactly one right answer, which its quotes bear. It
imports nothing but the standard library, so that a fault in the quality gate can't hide here as well. English alone.

Prints a table and the problems. Exits with 0 where there are none, 1 where there are, 2 where the file can't be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sqlite3
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Content = Mapping[str, Any]
Found = Iterator[tuple[str, str]]  # where, what is wrong

_VERSIONS = """
SELECT lessons.id, number, subject, topic, writer, content FROM versions JOIN lessons ON lessons.id = versions.lesson
ORDER BY lessons.id, number"""
_TEXTS = """
SELECT version_texts.sha256, text FROM version_texts LEFT JOIN texts ON texts.sha256 = version_texts.sha256
WHERE lesson = ? AND number = ?"""

_SIGNED = ("computed", "author")
_ORIGINS = ("quoted", "written", *_SIGNED)
_SCHEMAS = (1, 2)
_FEWEST = {"objectives": 1, "key_terms": 3, "sections": 2, "questions": 5, "sources": 1}
_BEGINS = {"image/jpeg": "/9j/", "image/png": "iVBORw0KGgo", "image/webp": "UklGR"}  # of files in base64
_GAP = re.compile(r"_{3,}")
_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset(("a", "an", "the"))


@dataclass(kw_only=True)
class Verified:
    """One version, what was counted in it, and what is wrong with it."""

    name: str
    version: str
    writer: str
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)


# ---------------------------------------------------------------- text


def collapsed(text: str) -> str:
    """The text with each run of white space as one space."""
    return " ".join(text.split())


def loose(text: str) -> str:
    """The text without what a gap or a lead-in may change: case, white space, the last full stop."""
    return collapsed(text).casefold().rstrip(".!? ")


def stands_in(part: str, texts: Iterable[str]) -> bool:
    """Whether one of the texts holds the part, loosely and between borders of words; an empty part stands nowhere."""
    wanted = loose(part)
    pattern = rf"(?<!\w){re.escape(wanted)}(?!\w)"
    return bool(wanted) and any(re.search(pattern, loose(text)) for text in texts)


def words(text: str) -> list[str]:
    """The words of a text in lower case, without articles."""
    return [word for word in _WORD.findall(text.casefold()) if word not in _ARTICLES]


def is_known(word: str, known: Collection[str], *, in_any_form: bool) -> bool:
    """Whether the word is known in singular or plural; or, in any form, by a stem of at least four letters."""
    endings = ((word, ("", "s", "es")), (word.removesuffix("s"), ("",)), (word.removesuffix("es"), ("",)))
    forms = {stem + ending for stem, all_endings in endings for ending in all_endings}
    if word.endswith("ies"):
        forms.add(word[:-3] + "y")
    elif word.endswith("y"):
        forms.add(word[:-1] + "ies")
    if forms & set(known):
        return True
    length = max(4, len(word) * 2 // 3)
    return in_any_form and len(word) >= 4 and any(other.startswith(word[:length]) for other in known)


def passage_of(stem: str) -> str:
    """What a stem sets between quotation marks; without any, what follows its first colon or question mark."""
    marked = re.search('\u201c(.+)\u201d|"(.+)"', stem, re.DOTALL)
    if marked:
        return (marked[1] or marked[2]).strip()
    lead = re.match(r"[^.:?]{1,60}[:?]\s+(?=\S)", stem)
    return stem[lead.end() :].strip() if lead else stem.strip()


def filled(passage: str, option: str) -> str:
    """The passage with the option in its gap."""
    return _GAP.sub(lambda _: option, passage)


# ---------------------------------------------------------------- numbers and names

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SMALL = {word: number for number, word in enumerate([*_UNITS.split(), "seventeen", "eighteen", "nineteen"])}
_SMALL |= {
    word: 10 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SMALL |= {word: rank for rank, word in enumerate("third fourth fifth sixth seventh eighth ninth tenth".split(), 3)}
_LARGE = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_NUMERAL = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[a-z]+|[,;.]")


def numbers(text: str) -> set[float]:
    """The numbers of a text but one, in digits or words: "2,000", "two thousand" and "2 thousand" are the same."""
    found: list[float] = []
    total, current, is_spelt = 0.0, None, False
    for part in [*_NUMERAL.findall(text.lower()), ""]:
        small = _SMALL.get(part)
        if current is not None and is_spelt and small is not None and _takes(current, small):
            current += small
        elif current and part == "hundred":
            current, is_spelt = current * 100, True
        elif current and part in _LARGE:
            total, current, is_spelt = total + current * _LARGE[part], 0.0, True
        elif not (part == "and" and is_spelt and current and current % 100 == 0):
            if current is not None:
                found.append(total + current)
            total, current, is_spelt = 0.0, None if small is None else float(small), True
            if part[:1].isdigit():
                current, is_spelt = float(part.replace(",", "")), False
    return set(found) - {1.0}


def _takes(current: float, small: int) -> bool:
    """Whether the small number goes on with the spelt one: "two hundred" and "five", "twenty" and "one"."""
    return current % 100 == 0 or (current % 100 >= 20 and current % 10 == 0 and small < 10)


def foreign_numbers(text: str, quotes: Iterable[str]) -> list[str]:
    """The numbers of the text that no quote has; a year of a quote bears its decade and its century."""
    known = {number for quote in quotes for number in numbers(quote)}
    years = [int(number) for number in known if number == int(number)]
    borne = set(known)
    borne |= {float(year - year % 10) for year in years if f"{year - year % 10}s" in text}
    borne |= {float((year - 1) // 100 + 1) for year in years if "centur" in text}
    return [f"{number:g}" for number in sorted(numbers(text) - borne)]


def foreign_names(text: str, quotes: Sequence[str], titles: Sequence[str], source_texts: Iterable[str]) -> list[str]:
    """The capitalised words of the text that neither a quote nor a title has.

    A word that opens a sentence counts if the sources know it as a name alone: capitalised within a sentence, and
    never in lower case.
    """
    given = [*quotes, *titles]
    known = {word.casefold() for each in given for word in _WORD.findall(each)}
    initials = {"".join(re.findall(r"\b[A-Z]", each)).casefold() for each in given}
    acronyms = {word for each in given for word in re.findall(r"\b[A-Z]{3,}\b", each)}
    for run in re.findall(r"(?:[A-Z]\w+[ -]){1,5}[A-Z]\w+", text):
        if "".join(re.findall(r"\b[A-Z]", run)) in acronyms:  # one of the quotes, spelt out
            known |= {word.casefold() for word in _WORD.findall(run)}
    sources = " ".join(source_texts)
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        opens = re.search(r"(?:^|[.!?:]\s)[\s\"\u201c(]*$", text[: match.start()]) is not None
        is_name = word[0].isupper() and word != "I"
        if is_name and opens:
            is_name = _is_name_alone(word, sources)
        acronym = len(word) > 1 and word.isupper() and any(word.casefold() in each for each in initials)
        if is_name and not acronym and not is_known(word.casefold(), known, in_any_form=True):
            found.append(word)
    return found


def _is_name_alone(word: str, sources: str) -> bool:
    in_lower_case = re.search(rf"\b{re.escape(word.lower())}\b", sources)
    return in_lower_case is None and re.search(rf"[a-z,;] {re.escape(word)}\b", sources) is not None


# ---------------------------------------------------------------- one version


class Reading:
    """The content of one version with the texts that are kept for it."""

    def __init__(self, content: Content, texts: Mapping[str, str | None]) -> None:
        self.content = content
        self.texts = texts
        self.quotes: dict[str, str] = {
            quote["id"]: quote["text"] for source in content["sources"] for quote in source["quotes"]
        }
        self.kept = [texts[each["text_sha256"]] or "" for each in content["sources"] if each["text_sha256"] in texts]
        self.titles = [content[name] for name in ("title", "subject", "topic")]
        self.titles += [source["title"] for source in content["sources"]]

    def cited(self, cites: Iterable[str]) -> list[str]:
        """The texts of the quotes that are cited and exist."""
        return [self.quotes[cite] for cite in cites if cite in self.quotes]

    def statements(self) -> Iterator[tuple[str, Content, bool]]:
        """Each statement with its place, and whether it states a fact by its place alone."""
        content = self.content
        yield "summary", content["summary"], True
        for index, term in enumerate(content["key_terms"]):
            yield f"key_terms[{index}].definition", term["definition"], True
        for index, each in enumerate(content.get("misconceptions", [])):
            yield f"misconceptions[{index}].correction", each["correction"], True
        for where, block in self.blocks():
            yield from self._of_comparison(where, block)
            names = {"prose": "sentences", "example": "steps"}
            for index, statement in enumerate(block[names[block["kind"]]] if block["kind"] in names else []):
                yield f"{where}.{names[block['kind']]}[{index}]", statement, False
        for index, question in enumerate(content["questions"]):
            yield f"questions[{index}].feedback", question["feedback"], True
            for at, why in enumerate(question.get("why", [])):
                yield f"questions[{index}].why[{at}].reason", why["reason"], True
        for index, point in enumerate(content.get("key_points", [])):
            yield f"key_points[{index}]", point, True
        for number, section in enumerate(content["sections"]):
            for at, note in enumerate(section.get("notes", [])):
                yield f"sections[{number}].notes[{at}]", note, False

    def _of_comparison(self, where: str, block: Content) -> Iterator[tuple[str, Content, bool]]:
        if block["kind"] == "analogy":
            yield from ((f"{where}.{name}", block[name], True) for name in ("text", "statement", "ends"))

    def pieces(self) -> Iterator[tuple[str, Content, list[str]]]:
        """Each row, entry, figure and answered task with its place, and what of it a quote has word for word."""
        for where, block in self.blocks():
            for at, row in enumerate(block.get("rows", [])):
                yield f"{where}.rows[{at}]", row, row["cells"]
            for at, entry in enumerate(block.get("entries", [])):
                yield f"{where}.entries[{at}]", entry, [entry["when"], entry["what"]]
            if block["kind"] == "figure":
                yield where, block, []
            if block["kind"] == "task" and block["answer"] is not None:
                yield where, block, [block["answer"]]

    def blocks(self) -> Iterator[tuple[str, Content]]:
        """Each block of each section with its place."""
        for number, section in enumerate(self.content["sections"]):
            for index, block in enumerate(section["blocks"]):
                yield f"sections[{number}].blocks[{index}]", block


def verify(content: Content, texts: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """All that is wrong with one version; content of another shape than the schemas' is one problem."""
    try:
        reading = Reading(content, texts)
        return [problem for rule in RULES.values() for problem in rule(reading)]
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        return [("content", f"does not have the shape of a schema: {type(error).__name__} {error}")]


def _shape(reading: Reading) -> Found:
    """That there is something to verify: an empty lesson would have no fault."""
    content = reading.content
    if content["schema_version"] not in _SCHEMAS:
        yield "schema_version", f"is {content['schema_version']}, not 1 or 2"
    for name, fewest in _FEWEST.items() if content.get("kind") != "fact_sheet" else ():
        if not isinstance(content[name], list) or len(content[name]) < fewest:
            yield name, f"are no list of at least {fewest}"
    if not any(block["kind"] == "prose" for section in content["sections"] for block in section["blocks"]):
        yield "sections", "hold no text"


def _sources(reading: Reading) -> Found:
    ids: list[str] = []
    for number, source in enumerate(reading.content["sources"]):
        where = f"sources[{number}]"
        yield from (
            (where, f"has no {name}") for name in ("title", "licence", "attribution") if not source[name].strip()
        )
        text = reading.texts.get(source["text_sha256"])
        if text is None:
            yield where, "its text is not kept"
        elif _sha256(text) != source["text_sha256"]:
            yield where, "its kept text has another SHA-256"
        for index, quote in enumerate(source["quotes"]):
            ids.append(quote["id"])
            if not quote["text"].strip() or quote["text"] not in (text or ""):
                yield f"{where}.quotes[{index}]", f"does not stand in the kept text: {_short(quote['text'])}"
            if _sha256(quote["text"]) != quote["sha256"]:
                yield f"{where}.quotes[{index}]", "has another SHA-256"
    yield from (("sources", f"two quotes have the id {each!r}") for each in sorted(set(ids)) if ids.count(each) > 1)


def _image(reading: Reading) -> Found:
    """That the image says whose it is, and that its file is kept and is a picture by its first bytes."""
    image = reading.content.get("image")
    if not image:
        return
    for name in ("title", "alternative", "author", "licence", "page_url"):
        if not image[name].strip():
            yield "image", f"has no {name}"
    if re.search(r"\bn[cd]\b|fair use|non-?free", image["licence"], re.IGNORECASE):
        yield "image", f"is not free: {_short(image['licence'])}"
    file = reading.texts.get(image["data_sha256"])
    if file is None or _sha256(file) != image["data_sha256"]:
        yield "image", "its file is not kept, or has another SHA-256"
    elif not file.startswith(_BEGINS.get(image["media_type"], " ")):
        yield "image", f"its file is no {_short(image['media_type'])}"


def _statements(reading: Reading) -> Found:
    for where, statement, is_fact in reading.statements():
        origin, text = statement["origin"], statement["text"]
        yield from _borne(reading, where, statement)
        if not text.strip():
            yield where, "is blank"
        if not is_borne_or_states_nothing(reading, statement, is_fact=is_fact):
            yield where, f"states something and cites nothing: {_short(text)}"
        if origin in ("quoted", "written") and statement["cites"]:
            yield from _faithful(reading, where, text, origin, statement["cites"])


def _pieces(reading: Reading) -> Found:
    for where, piece, texts in reading.pieces():
        yield from _borne(reading, where, piece)
        if not piece["cites"] and piece["origin"] not in _SIGNED:
            yield where, "cites nothing"
        for text in texts if piece["origin"] == "quoted" else ():
            quotes = [collapsed(quote).casefold() for quote in reading.cited(piece["cites"])]
            if not any(collapsed(text).casefold() in quote for quote in quotes):
                yield where, f"is not in what it cites: {_short(text)}"


def is_borne_or_states_nothing(reading: Reading, statement: Content, *, is_fact: bool) -> bool:
    """Whether a statement cites something, is computed or signed, or else states no fact."""
    is_signed = statement["cites"] or statement["origin"] in _SIGNED
    return bool(is_signed) or not (is_fact or _states(statement["text"], reading))


def _borne(reading: Reading, where: str, part: Content) -> Found:
    """That an origin is known, that what is signed says by what or whom, and that every cite resolves."""
    if part["origin"] not in _ORIGINS:
        yield where, f"has the unknown origin {part['origin']!r}"
    if part["origin"] in _SIGNED and not (part.get("by") or "").strip():
        yield where, f"is {part['origin']}, but does not say by what or whom"
    yield from ((where, f"cites {cite!r}, which is no quote") for cite in part["cites"] if cite not in reading.quotes)


def _faithful(reading: Reading, where: str, text: str, origin: str, cites: Sequence[str]) -> Found:
    quotes = reading.cited(cites)
    if origin == "quoted":
        if not any(text in quote for quote in quotes) and not _is_run(text, quotes, reading.kept):
            yield where, f"is not verbatim in what it cites: {_short(text)}"
        return
    for number in foreign_numbers(text, [*quotes, *reading.titles]):
        yield where, f"has the number {number}, which no cited quote has: {_short(text)}"
    for name in foreign_names(text, quotes, reading.titles, reading.kept):
        yield where, f"has the name {name}, which no cited quote has: {_short(text)}"


def _is_run(text: str, quotes: Sequence[str], kept: Sequence[str]) -> bool:
    """Whether the text is the quotes in their order, and so in a row in a source."""
    in_a_row = any(collapsed(text) in collapsed(source) for source in kept)
    return in_a_row and collapsed(text) == collapsed(" ".join(quotes))


# Uncited text of a lesson asks, tells what to do, or leads over.
_OPENERS = re.compile(
    r"(?:add|answer|arrange|ask|build|calculate|change|check|choose|circle|collect|compare|complete|correct"
    r"|cover|decide|describe|discuss|draw|explain|fill|find|first|give|go|here(?: is| are)?|highlight|imagine"
    r"|join|keep|label|learn|let|list|listen|look|make|mark|match|name|next|now|order|pick|plan|put|read|recall"
    r"|repeat|say|see|select|share|show|so far|sort|start|study|summari[sz]e|swap|take|talk|tell|test|then|think"
    r"|try|turn|underline|use|watch|work|write|in (?:this|pairs|groups|your)|this (?:section|part|lesson)"
    r"|you (?:have|will|can))\b",
    re.IGNORECASE,
)
_ASSERTS = re.compile(r"\b(?:is|are|was|were|has|had|means|isn't|aren't|wasn't|weren't)\b", re.IGNORECASE)
_ASKED = re.compile(r"\b(?:what|which|who|whose|when|where|why|how)\b.*", re.IGNORECASE | re.DOTALL)


def _states(text: str, reading: Reading) -> bool:
    """Whether an uncited text may state a fact: by its form, or by a number or a name that nothing cited has."""
    material = list(reading.quotes.values())
    if foreign_numbers(text, [*material, *reading.titles]) or foreign_names(
        text, material, reading.titles, reading.kept
    ):
        return True
    for sentence in filter(None, re.split(r"(?<=[.!?:])\s+", text.strip())):
        opener = _OPENERS.match(sentence)
        leads = opener is not None and not _ASSERTS.search(_ASKED.sub("", sentence[opener.end() :]))
        if not leads and not sentence.endswith("?"):
            return True
    return False


def _examples(reading: Reading) -> Found:
    for where, block in reading.blocks():
        if block["kind"] == "example":
            yield from _borne(reading, where, block)
            if block["origin"] not in _SIGNED and not block["cites"]:
                yield where, "cites nothing"
            elif block["origin"] in ("quoted", "written"):
                yield from _faithful(reading, f"{where}.answer", block["answer"], block["origin"], block["cites"])


# ---------------------------------------------------------------- questions


def _questions(reading: Reading) -> Found:
    content = reading.content
    objectives = {objective["id"] for objective in content["objectives"]}
    ids = [question["id"] for question in content["questions"]]
    yield from (("questions", f"two have the id {each!r}") for each in sorted(set(ids)) if ids.count(each) > 1)
    for where, block in reading.blocks():
        if block["kind"] == "check" and block["question"] not in ids:
            yield where, f"asks {block['question']!r}, which is no question"
    for index, question in enumerate(content["questions"]):
        where = f"questions[{index}]"
        yield from _borne(reading, where, question)
        if question["objective"] not in objectives:
            yield where, f"serves {question['objective']!r}, which is no objective"
        if question["origin"] not in _SIGNED and not question["cites"]:
            yield where, "cites nothing"
        yield from ((where, problem) for problem in key_problems(question, reading))


def key_problems(question: Content, reading: Reading) -> Iterator[str]:
    """Why the key of a question does not follow from its quotes; of a computed or signed one, from its own form."""
    verify_kind = _KINDS.get(question["kind"])
    if verify_kind is None:
        yield f"is of the unknown kind {question['kind']!r}"
    else:
        quotes = None if question["origin"] in _SIGNED else reading.cited(question["cites"])
        yield from verify_kind(question, quotes, reading)
        if question["origin"] == "computed" and computed_right(question) is False:
            yield f"its key does not come out when it is worked out again: {_short(question['stem'])}"


def _choice(question: Content, quotes: Sequence[str] | None, reading: Reading) -> Iterator[str]:
    options, answer = question["options"], question["answer"]
    if options.count(answer) != 1:
        yield f"the key {answer!r} is {options.count(answer)} times among the options"
    keys = [" ".join(words(option)) or option.strip() for option in options]
    if question["origin"] == "computed":
        keys = [option.strip() for option in options]  # "x = 2" and "x = -2" have the same words
    if len(set(keys)) < len(keys) or not all(keys):
        yield f"two options are the same, or one is blank: {options}"
    if quotes is None:
        return
    is_quoted = question["origin"] == "quoted"
    yield from _key(answer, quotes, in_any_form=not is_quoted)
    passage = passage_of(question["stem"])
    wrong = [option for option in options if option != answer]
    if _GAP.search(passage):
        if is_quoted and not stands_in(filled(passage, answer), quotes):
            yield f"with the key {answer!r} in its gap it is not the quote"
        right = [option for option in wrong if stands_in(filled(passage, option), reading.kept)]
    else:
        right = [option for option in wrong if is_quoted and stands_in(option, quotes)]
    yield from (f"the option {option!r} is right as well" for option in right)


def _key(answer: str, quotes: Sequence[str], *, in_any_form: bool) -> Iterator[str]:
    known = {word for quote in quotes for word in words(quote)}
    missing = [word for word in words(answer) if not is_known(word, known, in_any_form=in_any_form)]
    if missing or not answer.strip():
        yield f"the key {answer!r} has words that no cited quote has: {', '.join(missing)}"


def _cloze(question: Content, quotes: Sequence[str] | None, reading: Reading) -> Iterator[str]:
    count = len(_GAP.findall(question["stem"]))
    if count != 1:
        yield f"has {count} gaps"
    if not question["answer"].strip():
        yield "has a blank key"
    elif quotes is not None:
        whole = filled(passage_of(question["stem"]), question["answer"])
        if question["origin"] == "quoted" and not stands_in(whole, quotes):
            yield f"with the key {question['answer']!r} in its gap it is not the quote"
        yield from _key(question["answer"], quotes, in_any_form=question["origin"] != "quoted")


def _true_false(question: Content, quotes: Sequence[str] | None, reading: Reading) -> Iterator[str]:
    said = passage_of(question["stem"])
    if not isinstance(question["answer"], bool):
        yield f"the key {question['answer']!r} is neither true nor false"
    elif question["answer"]:
        if quotes is not None and question["origin"] == "quoted" and not stands_in(said, quotes):
            yield f"counts as true, but is not the quote: {_short(said)}"
        elif quotes is not None:
            foreign = foreign_numbers(said, [*quotes, *reading.titles])
            yield from (f"has the number {each}, which no cited quote has" for each in foreign)
    elif question["origin"] != "computed" and stands_in(said, reading.kept):
        yield f"counts as false, but stands in a source: {_short(said)}"


def _short_or_open(question: Content, quotes: Sequence[str] | None, reading: Reading) -> Iterator[str]:
    answer = question["answer"]
    if not answer.strip():
        yield "has a blank key"
    elif quotes is not None and question["origin"] == "quoted":
        sentences = re.split(r"(?<=[.!?])\s+(?:• )?|\s+• ", answer)
        if not (stands_in(answer, [*quotes, " ".join(quotes)]) or all(stands_in(each, quotes) for each in sentences)):
            yield f"its key is not in the quotes: {_short(answer)}"
    elif quotes is not None:
        yield from (problem for _, problem in _faithful(reading, "", answer, "written", question["cites"]))


def _match(question: Content, quotes: Sequence[str] | None, reading: Reading) -> Iterator[str]:
    left, right, answer = question["left"], question["right"], question["answer"]
    if len(left) != len(right) or sorted(answer) != list(range(len(right))):
        yield f"the key {answer} does not pair each item with one other"
    elif any(len({loose(item) for item in side}) < len(side) for side in (left, right)):
        yield "an item comes twice"
    elif quotes is not None and question["origin"] == "quoted":
        for item, place in zip(left, answer, strict=True):
            if not any(
                stands_in(right[place], [quote]) and not list(_key(item, [quote], in_any_form=False))
                for quote in quotes
            ):
                yield f"no cited quote says {_short(right[place])} of {item!r}"


def _order(question: Content, quotes: Sequence[str] | None, reading: Reading) -> Iterator[str]:
    items, answer = question["items"], question["answer"]
    if sorted(answer) != list(range(len(items))):
        yield f"the key {answer} does not put each item in one place"
    elif len({loose(item) for item in items}) < len(items):
        yield "an item comes twice"
    elif quotes is not None and question["origin"] == "quoted":
        missing = [item for item in items if not stands_in(item, quotes)]
        yield from (f"no cited quote has the item {_short(item)}" for item in missing)
        if not missing and not _is_ordered([items[place] for place in answer], quotes):
            yield "the quotes do not give the items in this order"


def _is_ordered(items: Sequence[str], quotes: Sequence[str]) -> bool:
    """Whether the quotes have the items one after the other, or with years, their own or their quotes', that rise."""
    together = loose(" ".join(quotes))
    places = [together.find(loose(item)) for item in items]
    years = []
    for item in items:
        bearing = next(quote for quote in quotes if stands_in(item, [quote]))
        dated = re.findall(r"\b\d{3,4}\b", item) or re.findall(r"\b\d{3,4}\b", bearing)
        years += [int(year) for year in dated[:1]]
    return places == sorted(places) or (len(years) == len(items) and years == sorted(years))


_KINDS = {
    "choice": _choice,
    "true_false": _true_false,
    "cloze": _cloze,
    "short": _short_or_open,
    "open": _short_or_open,
    "match": _match,
    "order": _order,
}


RULES: Mapping[str, Callable[[Reading], Found]] = {
    "shape": _shape,
    "sources": _sources,
    "image": _image,
    "statements": _statements,
    "pieces": _pieces,
    "examples": _examples,
    "questions": _questions,
}


# ---------------------------------------------------------------- computed keys

_TOKEN = re.compile(r"\s*(\d+(?:,\d{3})*(?:\.\d+)?|[\u2070-\u207f\u00b2\u00b3\u00b9]+|\S)")
_RAISED = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b", "0123456789-")
_MINUS, _TIMES, _DIVIDED, _ROOT = "\u2212", "\u00d7", "\u00f7", "\u221a"
_AMOUNT = r"[\d,.]*\d"
_PASTS = dict(
    pair.split(":")
    for pair in "go:went,gone do:did,done see:saw,seen take:took,taken write:wrote,written eat:ate,eaten "
    "give:gave,given speak:spoke,spoken break:broke,broken choose:chose,chosen drive:drove,driven "
    "begin:began,begun sing:sang,sung swim:swam,swum drink:drank,drunk run:ran,run come:came,come "
    "buy:bought,bought bring:brought,brought think:thought,thought teach:taught,taught "
    "make:made,made say:said,said feel:felt,felt keep:kept,kept know:knew,known grow:grew,grown "
    "fly:flew,flown cut:cut,cut put:put,put".split()
)
_PLURALS = dict(
    pair.split(":")
    for pair in "child:children foot:feet tooth:teeth goose:geese mouse:mice man:men woman:women knife:knives "
    "wolf:wolves leaf:leaves box:boxes baby:babies city:cities boy:boys sheep:sheep".split()
)


def computed_right(question: Content) -> bool | None:
    """Whether the key of a computed question comes out, worked out by floating point; None where that can't be told."""
    kind, stem, key = question["kind"], question["stem"], question["answer"]
    if kind == "choice":
        verdicts = {option: _answers(stem, option) for option in question["options"]}
        told = [verdict is (option == key) for option, verdict in verdicts.items() if verdict is not None]
        return all(told) if told else None
    if kind == "short":
        return _answers(stem, key)
    if kind == "cloze":
        return _holds(filled(passage_of(stem), key))
    if kind == "true_false":
        verdict = _holds(passage_of(stem))
        return None if verdict is None else verdict is key
    if kind == "order":
        values = [_worth(question["items"][place]) for place in key]
        return None if None in values else values == sorted(values, key=float)
    return None


def _answers(stem: str, answer: str) -> bool | None:
    """Whether an answer is right for a question, put as a statement."""
    for pattern, statement in (
        (r"(?:What is|Work out|Calculate) (\S+% of \S+)[.?]", "{0} is {1}."),
        (r"What is the (?:mean|median|range) of ([\d,. ]+)\?", ""),
        (r"(?:What is|Work out|Calculate) (.*\d\S*?)[.?](?: Give the answer in lowest terms\.)?", "{0} = {1}"),
        (r"(?:Find x:|For which x is|Solve the equation|Solve|Find the roots of) (.+ = .+?)"
         r"(?: with the quadratic formula)?[.?]", "The solution of {0} is {1}."),
        (r"What is the (past simple|past participle) of \u201c(\w+)\u201d\?", "The {0} of \u201c{1}\u201d is {2}."),
        (r"Write the plural of \u201c(\w+)\u201d\.", "The plural of \u201c{0}\u201d is {1}."),
    ):  # fmt: skip
        found = re.fullmatch(pattern, stem)
        if found:
            said = statement.format(*found.groups(), answer) or f"{stem[8:-1].capitalize()} is {answer}."
            return _holds(said)
    return None


def _holds(said: str) -> bool | None:
    """Whether a statement is true; None where it can't be read."""
    found = re.fullmatch(r"(?:The solution of|The equation) (.+ = .+?) is (?:solved by )?(x = .+)\.", said)
    if found:
        return _solves(found[1], found[2])
    found = re.fullmatch(rf"(?:The )?(mean|median|range) of ({_AMOUNT}(?:, {_AMOUNT})+) is ({_AMOUNT})\.", said, re.I)
    if found:
        values = sorted(float(each.replace(",", "")) for each in found[2].split(", "))
        half = len(values) // 2
        right = {
            "mean": sum(values) / len(values),
            "median": (values[half] + values[~half]) / 2,
            "range": values[-1] - values[0],
        }[found[1].lower()]
        return _near(right, _worth(found[3]))
    found = re.fullmatch(rf"({_AMOUNT})% of ({_AMOUNT}) is ({_AMOUNT})\.", said)
    if found:
        rate, whole, part = (_worth(each) or 0.0 for each in found.groups())
        return _near(rate * whole / 100, part)
    found = re.fullmatch(r"The (past simple|past participle) of \u201c(\w+)\u201d is \u201c?(\w+)\u201d?\.", said)
    if found:
        forms = _PASTS.get(found[2])
        return forms.split(",")[found[1] == "past participle"] == found[3] if forms else None
    found = re.fullmatch(r"The plural of \u201c(\w+)\u201d is \u201c?(\w+)\u201d?\.", said)
    if found:
        return _PLURALS[found[1]] == found[2] if found[1] in _PLURALS else None
    left, equals, right_side = said.rstrip(".").partition(" = ")
    return _near(_worth(left), _worth(right_side)) if equals else None


def _near(one: float | None, other: float | None) -> bool | None:
    return None if one is None or other is None else abs(one - other) <= 1e-9 * max(1.0, abs(one))


def _solves(equation: str, solution: str) -> bool | None:
    """Whether each root fits; how many there are is told by the sign of what the sides differ by, far and between."""
    left, _, right = equation.partition(" = ")
    roots = [_worth(part.strip().removeprefix("x = ")) for part in solution.split(" or ")]
    if None in roots or " and " in equation:
        return None
    for root in roots:
        fits = _near(_worth(left, root), _worth(right, root))
        if not fits:
            return fits
    is_square = "\u00b2" in equation
    if is_square and len(roots) == 1:
        # A root that is alone touches; one of two crosses.
        sides = [(_worth(left, (roots[0] or 0) + step) or 0) - (_worth(right, 0) or 0) for step in (-1e-3, 1e-3)]
        return sides[0] * sides[1] > 0
    return len(set(roots)) == len(roots) <= 1 + is_square


def _worth(text: str, x: float | None = None) -> float | None:
    """What printed arithmetic comes to: terms of factors of powers, read from left to right."""
    tokens = [found[1].replace(",", "") if found[1][0].isdigit() else found[1] for found in _TOKEN.finditer(text)]
    try:
        value, rest = _sum(tokens, x)
    except (ValueError, IndexError, ZeroDivisionError, OverflowError):
        return None
    return None if rest or isinstance(value, complex) else value


def _sum(tokens: list[str], x: float | None) -> tuple[float, list[str]]:
    value, tokens = _product(tokens, x)
    while tokens and tokens[0] in ("+", "-", _MINUS):
        sign, (term, tokens) = tokens[0], _product(tokens[1:], x)
        value = value + term if sign == "+" else value - term
    return value, tokens


def _product(tokens: list[str], x: float | None) -> tuple[float, list[str]]:
    value, tokens = _factor(tokens, x)
    while tokens and tokens[0] not in ("+", "-", _MINUS, ")"):
        if tokens[0] in (_TIMES, _DIVIDED):
            sign, (factor, tokens) = tokens[0], _factor(tokens[1:], x)
            value = value * factor if sign == _TIMES else value / factor
        else:
            factor, tokens = _factor(tokens, x)
            value *= factor
    return value, tokens


def _factor(tokens: list[str], x: float | None) -> tuple[float, list[str]]:
    first, rest = tokens[0], tokens[1:]
    if first in ("-", _MINUS):
        value, rest = _factor(rest, x)
        return -value, rest
    if first == "(":
        value, rest = _sum(rest, x)
        if rest.pop(0) != ")":
            raise ValueError("a bracket stays open")
    elif first == _ROOT:
        value, rest = _factor(rest, x)
        value = value**0.5
    elif first == "x" and x is not None:
        value = x
    elif rest[:1] == ["/"]:
        value, rest = float(first) / float(rest[1]), rest[2:]
    else:
        value = float(first)
        if rest[1:2] == ["/"] and rest[0].isdigit():  # 1 3/4
            value, rest = value + float(rest[0]) / float(rest[2]), rest[3:]
    while rest and (rest[0] == "%" or (rest[0].translate(_RAISED).lstrip("-").isdigit() and not rest[0][0].isascii())):
        value = value / 100 if rest[0] == "%" else value ** int(rest[0].translate(_RAISED))
        rest = rest[1:]
    return value, rest


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _short(text: str) -> str:
    text = collapsed(text)
    return repr(text if len(text) <= 70 else f"{text[:69]}\u2026")


# ---------------------------------------------------------------- the database


def verified(database: Path) -> list[Verified]:
    """Each version of the database, verified. Raises `sqlite3.Error` where it is no database of lessons."""
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        found = []
        for lesson, number, subject, topic, writer, content in connection.execute(_VERSIONS).fetchall():
            texts = dict(connection.execute(_TEXTS, (lesson, number)).fetchall())
            each = Verified(name=f"{subject} / {topic}", version=f"1.{number}", writer=writer)
            _verify_into(each, content, texts)
            found.append(each)
        return found
    finally:
        connection.close()


def _verify_into(version: Verified, content: str, texts: Mapping[str, str | None]) -> None:
    try:
        lesson = json.loads(content)
    except ValueError as error:
        version.problems.append(("content", f"is no JSON: {error}"))
        return
    version.problems += verify(lesson, texts)
    if not version.problems or version.problems[0][0] != "content":
        reading = Reading(lesson, texts)
        origins = [statement["origin"] for _, statement, _ in reading.statements()]
        version.counts = {"quotes": len(reading.quotes)} | {each: origins.count(each) for each in _ORIGINS}
        version.counts["questions"] = len(lesson["questions"])


def table(versions: Sequence[Verified]) -> str:
    """One row a version: what it holds, and how many problems there are."""
    numbers_of = ("quotes", *_ORIGINS, "questions")
    rows = [["lesson", "version", "writer", *numbers_of, "problems"]]
    for each in versions:
        counts = [str(each.counts.get(name, "-")) for name in numbers_of]
        rows.append([each.name, each.version, each.writer, *counts, str(len(each.problems))])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the database that the arguments name; the exit code."""
    parser = argparse.ArgumentParser(description="Verify every stored lesson of a database once more.")
    parser.add_argument("database", type=Path, metavar="DATABASE")
    database: Path = parser.parse_args(arguments).database
    try:
        versions = verified(database)
    except sqlite3.Error as error:
        print(f"{database} can't be read as a database of lessons: {error}", file=sys.stderr)
        return 2
    print(table(versions))
    problems = [(each, where, what) for each in versions for where, what in each.problems]
    for each, where, what in problems:
        print(f"{each.name} {each.version}: {where}: {what}")
    print(f"{len(versions)} versions, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
