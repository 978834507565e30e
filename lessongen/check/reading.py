"""A lesson read once for all rules: its quotes, claims and other texts, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from typing import Any, Literal, TypeAlias, TypeVar, cast

from lessongen.check.forms import form_of
from lessongen.check.uncited import Uncited, texts_of_block, texts_of_lesson
from lessongen.lesson import model
from lessongen.lesson.claims import answered, entry_said, row_said
from lessongen.lesson.model import Lesson, Question, Statement
from lessongen.lesson.place import Place
from lessongen.lesson.questions.base import Evidence
from lessongen.lesson.statement import SIGNED
from lessongen.lesson.who_judged import RULES
from lessongen.text.nouns import singular
from lessongen.text.passages import collapse, split_stem, stands_in, stands_in_around_gaps
from lessongen.text.sentences import split_sentences
from lessongen.text.words import split_title, stem, tokens

_EMPHASIS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")  # noqa: RUF001
ANALOGY = ("text", "statement", "ends")
"""The statements of a comparison, in the order in which they are read."""
# What may come before a passage that has no quotation marks: "True or false?", "Fill in the gap:".
_LEAD = re.compile(r"(?:according to the lesson,|[^.:?]{1,60}[:?])\s+(?=\S)", re.IGNORECASE)
_INSIDE_A_SENTENCE = re.compile(r"[\w,;]\s+$")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A text of the lesson with what it stands on. Rows, entries, answers and the like are facts.

    Texts of one part, such as the problem and the answer of an example, share its verdict.
    """

    where: Place
    text: str
    cites: tuple[str, ...]
    origin: model.Origin
    by: str | None
    role: model.Role = "fact"
    verdict: model.Verdict | None = None

    @property
    def is_signed(self) -> bool:
        """Computed, or an author's."""
        return self.origin in SIGNED

    @property
    def is_borne(self) -> bool:
        """Whether it says what it stands on; if not, it may state no fact."""
        return self.is_signed or bool(self.cites)


Found = TypeVar("Found")
Piece: TypeAlias = model.Row | model.Entry | model.Figure | model.Task
"""What a block has cites for, other than statements and worked examples."""


class Reading:
    """A lesson with the kept texts of its sources, indexed."""

    def __init__(self, lesson: Lesson, texts: Mapping[str, str]) -> None:
        self.lesson = lesson
        self._texts = texts
        self._found: dict[Callable[[Reading], object], object] = {}

    def found(self, look: Callable[[Reading], Found]) -> Found:
        """What the function finds in this reading; it looks once."""
        if look not in self._found:
            self._found[look] = look(self)
        return cast(Found, self._found[look])

    # ------------------------------------------------------------ sources and quotes

    @cached_property
    def quotes(self) -> dict[str, model.Quote]:
        """Each quote by its id."""
        return {quote.id: quote for _, _, quote in self.placed_quotes}

    @cached_property
    def placed_quotes(self) -> Sequence[tuple[Place, model.Source, model.Quote]]:
        """Each quote with its place and its source."""
        return [
            (Place.of("sources", number, "quotes", index), source, quote)
            for number, source in enumerate(self.lesson.sources)
            for index, quote in enumerate(source.quotes)
        ]

    @cached_property
    def source_of(self) -> dict[str, model.Source]:
        """Each quote's source by the quote's id."""
        return {quote.id: source for _, source, quote in self.placed_quotes}

    @cached_property
    def kept(self) -> dict[str, str]:
        """The sources' texts that are there and are what their SHA-256 says."""
        wanted = {source.text_sha256 for source in self.lesson.sources}
        return {digest: self._texts[digest] for digest in wanted if model.sha256(self._texts.get(digest, "")) == digest}

    @property
    def image_file(self) -> str:
        """What is kept, in base64, as the file of the image; empty where nothing is."""
        image = self.lesson.image
        return self._texts.get(image.data_sha256, "") if image else ""

    def cited(self, cites: Sequence[str]) -> list[model.Quote]:
        """The quotes cited; none if one of them doesn't exist, which is another rule's affair."""
        found = [self.quotes[cite] for cite in cites if cite in self.quotes]
        return found if len(found) == len(cites) else []

    def quote_texts(self, cites: Sequence[str]) -> list[str]:
        """The texts of the quotes cited."""
        return [quote.text for quote in self.cited(cites)]

    def source_text_of(self, quote: model.Quote) -> str | None:
        """The kept text that the quote should stand in."""
        return self.kept.get(self.source_of[quote.id].text_sha256)

    def stands_in_a_source(self, text: str) -> bool:
        """Whether a kept text holds this one, white space apart."""
        return any(collapse(text) in kept for kept in self._kept_collapsed)

    @cached_property
    def _kept_collapsed(self) -> Sequence[str]:
        return [collapse(text) for text in self.kept.values()]

    # ------------------------------------------------------------ claims

    @cached_property
    def statements(self) -> Sequence[Claim]:
        """Every `Statement` of the lesson."""
        return list(self._statements())

    def _statements(self) -> Iterator[Claim]:
        lesson = self.lesson
        yield _claim(Place.of("summary"), lesson.summary)
        for index, point in enumerate(lesson.key_points):
            yield _claim(Place.of("key_points", index), point)
        for index, term in enumerate(lesson.key_terms):
            yield _claim(Place.of("key_terms", index, "definition"), term.definition)
        for index, misconception in enumerate(lesson.misconceptions):
            yield _claim(Place.of("misconceptions", index, "correction"), misconception.correction)
        for run in self.runs:
            yield from run
        for place, section in enumerate(lesson.sections):
            for index, note in enumerate(section.notes):
                yield _claim(Place.of("sections", place, "notes", index), note)
        for index, question in enumerate(lesson.questions):
            yield _claim(Place.of("questions", index, "feedback"), question.feedback)
            for number, why in enumerate(question.why):
                yield _claim(Place.of("questions", index, "why", number, "reason"), why.reason)

    @cached_property
    def runs(self) -> Sequence[Sequence[Claim]]:
        """The statements of the sections, those together that are read one right after the other."""
        found: list[list[Claim]] = []
        for place, section in enumerate(self.lesson.sections):
            before: object = None
            for number, block in enumerate(section.blocks):
                where = Place.of("sections", place, "blocks", number)
                if isinstance(block, model.Prose):
                    run = [_claim(where.at("sentences", at), each) for at, each in enumerate(block.sentences)]
                    if isinstance(before, model.Prose):
                        found[-1] += run
                    else:
                        found.append(run)
                elif isinstance(block, model.Example):
                    found.append([_claim(where.at("steps", at), each) for at, each in enumerate(block.steps)])
                elif isinstance(block, model.Analogy):
                    found.append([_claim(where.at(name), getattr(block, name)) for name in ANALOGY])
                before = block
        return found

    @cached_property
    def text_before(self) -> Mapping[Place, str]:
        """What a reader has read right before a statement, and a judge is shown: it says what "it" means there."""
        found = {claim.where: run[at].text for run in self.runs for at, claim in enumerate(run[1:])}
        for where, example in self.examples:
            for at in range(len(example.steps)):
                before = example.steps[at - 1].text if at else ""
                found[where.at("steps", at)] = f"{example.problem} {before}".strip()
        for at, mixed_up in enumerate(self.lesson.misconceptions):
            found[Place.of("misconceptions", at, "correction")] = mixed_up.belief
        for where, question in self.questions:
            found[where.at("feedback")] = answered(question)
            for at, why in enumerate(question.why):
                found[where.at("why", at, "reason")] = f"{question.stem} {why.option}"
        return found

    @cached_property
    def examples(self) -> Sequence[tuple[Place, model.Example]]:
        """Each worked example with its place."""
        return [(where, block) for where, block in self.blocks if isinstance(block, model.Example)]

    @cached_property
    def example_claims(self) -> Sequence[Claim]:
        """The problems and answers of worked examples, which stand on what their example stands on."""
        return [
            _claim(where.at(part), each, text)
            for where, each in self.examples
            for part, text in (("problem", each.problem), ("answer", each.answer))
        ]

    @cached_property
    def pieces(self) -> Sequence[tuple[Place, Piece]]:
        """Each row of a table, entry of a timeline, figure and task, with its place."""
        found: list[tuple[Place, Piece]] = []
        for where, block in self.blocks:
            if isinstance(block, model.Table):
                found += [(where.at("rows", at), row) for at, row in enumerate(block.rows)]
            elif isinstance(block, model.Timeline):
                found += [(where.at("entries", at), entry) for at, entry in enumerate(block.entries)]
            elif isinstance(block, model.Figure | model.Task):
                found.append((where, block))
        return found

    @cached_property
    def heads(self) -> Mapping[Place, str]:
        """What stands over each row of a table and entry of a timeline, without which its cells can't be read."""
        found: dict[Place, str] = {}
        for where, block in self.blocks:
            if isinstance(block, model.Table):
                told = f"a row of the table “{block.title}” ({' | '.join(block.headings)})"
                found |= {where.at("rows", at): told for at in range(len(block.rows))}
            elif isinstance(block, model.Timeline):
                told = f"an entry of the timeline “{block.title}”"
                found |= {where.at("entries", at): told for at in range(len(block.entries))}
        return found

    @cached_property
    def piece_claims(self) -> Sequence[Claim]:
        """What rows, entries and figures say, and what tasks have as their model answers."""
        return [
            _claim(where.at("answer") if isinstance(each, model.Task) else where, each, said)
            for where, each in self.pieces
            for said in _said(each)
        ]

    @property
    def blocks(self) -> Iterator[tuple[Place, object]]:
        """Each block of the sections with its place."""

        for place, section in enumerate(self.lesson.sections):
            for number, block in enumerate(section.blocks):
                yield Place.of("sections", place, "blocks", number), block

    @cached_property
    def body(self) -> Sequence[Claim]:
        """What students read in the sections: prose, comparisons, worked examples, tables and timelines."""
        shown = [claim for claim in self.piece_claims if claim.where.last != "answer"]
        return [*(claim for run in self.runs for claim in run), *self.example_claims, *shown]

    @cached_property
    def questions(self) -> Sequence[tuple[Place, Question]]:
        """Each question with its place."""
        return [(Place.of("questions", index), question) for index, question in enumerate(self.lesson.questions)]

    @cached_property
    def unsigned_questions(self) -> Sequence[tuple[Place, Question]]:
        """The questions whose answers neither a computation nor an author vouches for."""
        return [(where, question) for where, question in self.questions if not question.is_signed]

    def evidence_for(self, question: Question) -> Evidence:
        """What the question's own kind judges it by."""
        return Evidence(
            quotes=self.quote_texts(question.cites),
            passage=self.passage_of(question),
            is_judged=self.is_judged(question) and bool(question.cites),
        )

    # ------------------------------------------------------------ what stands on nothing

    @cached_property
    def uncited(self) -> Sequence[Uncited]:
        """Every text in which a sentence without a cite could stand, but those that an author signs."""
        signed = self.lesson.provenance.signed
        return [each for each in self._uncited() if each.text.strip() and not signed.get(each.text, "").strip()]

    def _uncited(self) -> Iterator[Uncited]:
        yield from texts_of_lesson(self.lesson)
        for where, block in self.blocks:
            # A judge was shown all texts of a task, and an author signs all of them.
            if not (isinstance(block, model.Task) and (self.is_judged(block) or block.origin == "author")):
                yield from texts_of_block(where, block)
        for claim in (*self.statements, *self.example_claims):
            may_stand = claim.is_borne or self.is_wished(claim) or self.is_judged(claim)
            if not may_stand or self._is_free_problem(claim):
                yield Uncited(where=claim.where, text=claim.text, kind="sentences")
        for where, question in self.unsigned_questions:
            # What asks for prior knowledge asks in words that the source need not have.
            kind: Literal["scene", "sentences"] = "scene" if question.asks_prior_knowledge else "sentences"
            if not self.is_asked_freely(question):
                yield Uncited(where=where.at("stem"), text=self.request_of(question), kind=kind)
            yield Uncited(where=where.at("term"), text=question.term, kind="term")

    @staticmethod
    def is_judged(part: Claim | Question | model.Task) -> bool:
        """Whether a model's verdict is what lets the text stand; what that is worth is the affair of other rules."""
        return part.origin == "written" and part.verdict is not None and part.verdict.judge != RULES

    def is_asked_freely(self, question: Question) -> bool:
        """Whether a judge was shown the whole stem with its answer, and let it stand.

        Of what puts a statement before students it was shown the statement alone.
        """
        return self.is_judged(question) and bool(question.cites) and not question.shows_statement

    def is_wished(self, claim: Claim) -> bool:
        """Whether it is background and may be: asked for, or said of the answer to what one must know already."""
        if claim.role != "background":
            return False
        match claim.where.steps:
            case ("questions", int(at), *_) if self.lesson.questions[at].asks_prior_knowledge:
                return True
        return self.lesson.provenance.background

    @property
    def is_lesson_judged(self) -> bool:
        """Whether a model judged the lesson; that it had passed its exam is the affair of other rules."""
        return self.lesson.provenance.judge not in (None, RULES)

    def _is_free_problem(self, claim: Claim) -> bool:
        """A worked example's problem may quote or be put in words of its own; in those it may only ask."""
        is_problem = claim.origin == "quoted" and claim.where.last == "problem"
        return is_problem and not stands_in(claim.text, self.quote_texts(claim.cites))

    def passage_of(self, question: Question) -> str:
        """What a stem puts before the student to judge or to fill: what it sets in quotation marks, or all of it."""
        request, passage = split_stem(question.stem)
        if passage:
            return passage
        lead = _LEAD.match(request)
        return request[lead.end() :] if lead and form_of(lead.group().strip()) else request

    def request_of(self, question: Question) -> str:
        """A stem without the passage that it quotes, and without sentences that stand in the cited quotes."""
        quotes = self.quote_texts(question.cites)
        request, passage = split_stem(question.stem)
        if question.shows_statement:
            return question.stem.replace(self.passage_of(question), "").strip(' “”"')
        if not passage or not stands_in_around_gaps(passage, quotes):
            request = question.stem
        sentences = (sentence.text for sentence in split_sentences(request))
        return " ".join(each for each in sentences if not any(each in quote for quote in quotes))

    # ------------------------------------------------------------ the words of the material

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the lesson is about and takes from: topic, subject, titles of sources."""
        lesson = self.lesson
        titles = [source.title for source in lesson.sources]
        return (lesson.topic, lesson.subject, *titles, *(split_title(title)[0] for title in titles))

    @cached_property
    def material(self) -> frozenset[str]:
        """The stems of all words that a text without a cite may use as its own."""
        lesson = self.lesson
        texts = {lesson.subject, lesson.topic, lesson.level, lesson.variant}
        texts.update(source.title for source in lesson.sources)
        texts.update(text for _, _, quote in self.placed_quotes for text in (quote.section, quote.text))
        claims = (*self.statements, *self.example_claims, *self.piece_claims)
        texts.update(claim.text for claim in claims if claim.is_borne)
        return _all_forms({token for text in texts for token in tokens(text)})

    def is_of_material(self, word: str) -> bool:
        """Whether the word, in one of its forms, stands in the material."""
        return all(self.material.intersection(_forms(token)) for token in tokens(word))

    def is_named_in_body(self, term: model.KeyTerm) -> bool:
        """Whether one sentence of the sections has all words of the term, or is its definition and has them roughly.

        Roughly: the last word, and of each other one the first four letters or the initial. So "grammatical tense" is
        found in "In grammar, tense is …", and "T. S. Eliot" in "Thomas Stearns Eliot was …". A word is there in the
        plural as well: "noble gas" in "The noble gases are …".
        """
        name = tokens(split_title(term.term)[0])
        if not name:
            return any(term.term in claim.text for claim in self.body)
        forms = [_forms(token) for token in name]
        if any(all(map(said.intersection, forms)) for said in self._forms_of_body):
            return True
        if not any(term.definition.text in claim.text for claim in self.body):
            return False
        said = tokens(term.definition.text)
        has_last = bool(_all_forms(said).intersection(forms[-1]))
        return has_last and all(any(word.startswith(each[:4]) for word in said) for each in name[:-1])

    @cached_property
    def _forms_of_body(self) -> Sequence[frozenset[str]]:
        return [_all_forms(tokens(claim.text)) for claim in self.body]

    # ------------------------------------------------------------ every string

    @cached_property
    def strings(self) -> Sequence[tuple[Place, str]]:
        """Every string of the lesson with its place."""
        found: list[tuple[Place, str]] = []
        _add_strings(found, (), self.lesson.model_dump())
        return found


def once(look: Callable[[Reading], Found]) -> Callable[[Reading], Found]:
    """Have a function look through each reading once, however many rules ask it."""

    @wraps(look)
    def found(reading: Reading) -> Found:
        return reading.found(look)

    return found


def words_in_place(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text as written, each with whether it is capitalised inside a sentence: a name."""
    for found in _EMPHASIS.finditer(text):
        word = found.group()
        inside = _INSIDE_A_SENTENCE.search(text[max(0, found.start() - 3) : found.start()])
        yield word, bool(inside) and word[0].isupper() and word != "I"


def _claim(where: Place, part: Statement | model.Example | Piece, text: str = "") -> Claim:
    """What a statement says, or a text of a part that is more than one."""
    told, role = (part.text, part.role) if isinstance(part, Statement) else (text, "fact")
    cites = tuple(part.cites)
    return Claim(where=where, text=told, cites=cites, origin=part.origin, by=part.by, role=role, verdict=part.verdict)


def _said(piece: Piece) -> Iterator[str]:
    if isinstance(piece, model.Row):
        yield row_said(piece)
    elif isinstance(piece, model.Entry):
        yield entry_said(piece)
    elif isinstance(piece, model.Figure):
        yield piece.told
    elif piece.answer is not None:
        yield piece.answer


@lru_cache(maxsize=4_096)
def _forms(token: str) -> tuple[str, str]:
    return stem(token), stem(singular(token))


def _all_forms(words: Iterable[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in _forms(word))


def _add_strings(found: list[tuple[Place, str]], steps: tuple[str | int, ...], value: Any) -> None:
    if isinstance(value, str):
        found.append((Place(steps), value))
    elif isinstance(value, dict):
        for key, inner in value.items():
            _add_strings(found, (*steps, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _add_strings(found, (*steps, index), inner)
