"""What of a lesson a judge decides, and the rules on the verdicts that it gave.

A sentence in a writer's own words stands by the verdict of a judge that had passed its exam, and by no tripwire; or by
the word rules (`wording.py`), where its verdict is theirs or it has none. Nothing here asks a judge: verdicts, exams
and quotes are kept in the lesson, and are held to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lessongen.check.forms import form_of
from lessongen.check.reading import Claim as Said
from lessongen.check.reading import Reading, once
from lessongen.check.report import Findings
from lessongen.check.tripwires import Trip, trips
from lessongen.lesson.claims import answered
from lessongen.lesson.judgement import Claim, Passage, seal_of
from lessongen.lesson.model import Examined, Question, Task, Verdict
from lessongen.lesson.place import Place
from lessongen.lesson.statement import Role
from lessongen.lesson.who_judged import RULES
from lessongen.text.sentences import ends_like_a_sentence, split_sentences

_MAY_CITE_NOTHING: frozenset[Role] = frozenset({"gloss", "analogy", "supposition", "framing"})
_INSTRUCTS: frozenset[Role] = frozenset({"supposition", "framing"})
_QUOTATION_MARKS = '"“”„«»'


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A text that is for a judge to decide: its place, what a judge is shown, and the verdict that it has."""

    where: Place
    claim: Claim
    verdict: Verdict | None

    @property
    def is_by_rules(self) -> bool:
        """Whether no model's verdict is what it stands by."""
        return self.verdict is None or self.verdict.judge == RULES

    @property
    def is_sealed(self) -> bool:
        """Whether the verdict is on this text and these quotes, and says what it said."""
        kept = self.verdict
        return kept is not None and kept.sha256 == seal_of(
            self.claim, judge=kept.judge, exam=kept.exam, ruling=kept.ruling, span=kept.span
        )


@once
def judged(reading: Reading) -> Sequence[Judged]:
    """All that is in a writer's own words and says something: with quotes, or in a role that may have none."""
    found: list[Judged] = []
    role: Role
    supposing = [where for where, example in reading.examples if example.supposes]
    for said in reading.statements:
        if _is_for_a_judge(said):
            before = reading.text_before.get(said.where, "")
            instructs = said.role in _INSTRUCTS or "notes" in said.where.steps
            is_of_case = said.role == "inference" and any(said.where.is_within(where) for where in supposing)
            role = "supposition" if is_of_case else said.role
            claim = _claim(reading, said.text, said.cites, role=role, before=before, instructs=instructs)
            found.append(Judged(where=said.where, claim=claim, verdict=said.verdict))
    for where, example in reading.examples:
        if example.origin == "written":
            role = "supposition" if example.supposes else "fact"
            claim = _claim(reading, f"{example.problem} {example.answer}", example.cites, role=role, instructs=True)
            found.append(Judged(where=where, claim=claim, verdict=example.verdict))
    for said in reading.piece_claims:
        if said.origin == "written" and said.where.last != "answer":
            claim = _claim(reading, said.text, said.cites, before=reading.heads.get(said.where, ""))
            found.append(Judged(where=said.where, claim=claim, verdict=said.verdict))
    for where, task in reading.pieces:
        if isinstance(task, Task) and task.origin == "written":
            claim = _claim(reading, _all_of(task), task.cites, role=_role_of(task), instructs=True)
            found.append(Judged(where=where, claim=claim, verdict=task.verdict))
    for where, question in reading.unsigned_questions:
        if question.origin == "written" and question.cites:
            text = _with_answer(reading, question)
            claim = _claim(reading, text, question.cites, role=_role_of(question), instructs=True)
            found.append(Judged(where=where, claim=claim, verdict=question.verdict))
    return found


def narrowed(reading: Reading, each: Judged, cites: Sequence[str]) -> Judged:
    """The same text, as it is judged where it cites these quotes alone."""
    was = each.claim
    claim = _claim(reading, was.sentence, cites, role=was.role, before=was.before, instructs=was.instructs)
    return replace(each, claim=claim)


def _is_for_a_judge(said: Said) -> bool:
    if said.origin != "written":
        return False
    if said.cites:
        return True
    has_form = all(form_of(each.text) for each in split_sentences(said.text))
    return said.role in _MAY_CITE_NOTHING and not has_form


def _role_of(part: Question | Task) -> Role:
    """What a judge is told that it is: who asks for something and cites nothing must claim nothing."""
    if part.supposes:
        return "supposition"
    return "fact" if part.cites else "framing"


def _all_of(task: Task) -> str:
    """All that a task says: one verdict is on what it asks and on what helps to answer it."""
    parts = (
        ("", task.prompt),
        ("Model answer: ", task.answer),
        ("A good answer: ", "; ".join(task.criteria)),
        ("Help: ", task.support),
        ("More to do: ", task.stretch),
    )
    said = (f"{name}{text.strip()}" for name, text in parts if text and text.strip())
    return " ".join(each if ends_like_a_sentence(each) else f"{each}." for each in said)


def _with_answer(reading: Reading, question: Question) -> str:
    """What a question with its key says: the statement that it takes for true, or not; else stem and answer."""
    stated = question.statements(reading.passage_of(question))
    said = [text if is_true else f"It is not so that: {text}" for text, is_true in stated]
    return " ".join(said) or answered(question)


def _claim(
    reading: Reading,
    text: str,
    cites: Sequence[str],
    *,
    role: str = "fact",
    before: str = "",
    instructs: bool = False,
) -> Claim:
    quotes = reading.cited(cites)
    return Claim(
        sentence=text,
        quotes=tuple(Passage(id=quote.id, text=quote.text) for quote in quotes),
        title="; ".join(dict.fromkeys(reading.source_of[quote.id].title for quote in quotes)),
        before=before,
        role=role,
        instructs=instructs,
    )


# ---------------------------------------------------------------- rules


def verdict_given(reading: Reading) -> Findings:
    """Where a model judged the lesson, each text in a writer's own words has a verdict."""
    if reading.lesson.provenance.exams:
        for each in judged(reading):
            if each.verdict is None:
                yield each.where, f"“{each.claim.sentence[:60]}” has no judge's verdict"


def verdict_supported(reading: Reading) -> Findings:
    """What a judge did not find supported does not stand."""
    for each, verdict in _verdicts(reading):
        if verdict.ruling != "supported":
            yield each.where, f"the judge found “{each.claim.sentence[:60]}” to be “{verdict.ruling}”"


def verdict_unaltered(reading: Reading) -> Findings:
    """A verdict's SHA-256 is that of the text, its role, its quotes and what the verdict says."""
    for each, _ in _verdicts(reading):
        if not each.is_sealed:
            yield each.where, f"the verdict on “{each.claim.sentence[:60]}” is on other words, or was altered"


def verdict_span(reading: Reading) -> Findings:
    """The words that a judge says bear a text stand verbatim in a quote that the text cites."""
    for each, verdict in _verdicts(reading):
        if not each.claim.quotes and not verdict.span:
            continue
        if not verdict.span.strip() or not any(verdict.span in quote.text for quote in each.claim.quotes):
            yield each.where, f"what is to bear “{each.claim.sentence[:60]}” stands in none of its quotes"


def judge_passed(reading: Reading) -> Findings:
    """Each verdict is by the rules, or by a judge whose exam the lesson keeps, and who reached what was needed."""
    made = reading.lesson.provenance
    exams = _exams(reading)
    if made.judge not in (None, RULES) and (made.judge, made.exam or "") not in exams:
        yield Place.of("provenance", "judge"), f"nothing says that “{made.judge}” has sat an exam"
    for each, verdict in _verdicts(reading):
        if verdict.judge == RULES and not verdict.exam:
            continue
        sat = exams.get((verdict.judge, verdict.exam), [])
        if not sat or not all(exam.has_passed for exam in sat):
            why = "has not passed its exam" if sat else "sat no exam that the lesson keeps"
            yield each.where, f"“{verdict.judge}”, which judged “{each.claim.sentence[:60]}”, {why}"


def exam_unaltered(reading: Reading) -> Findings:
    """The SHA-256 of a kept exam result is that of its figures."""
    for at, exam in enumerate(reading.lesson.provenance.exams):
        if exam.sha256 != exam.seal:
            yield Place.of("provenance", "exams", at), f"the exam result of “{exam.judge}” was altered"


def no_tripwire(reading: Reading) -> Findings:
    """What a model judged has no foreign quotation, name, number or date, and turns no quote into its contrary."""
    for each in judged(reading):
        if not each.is_by_rules:
            for trip in tripped(reading, each):
                yield each.where, f"“{each.claim.sentence[:60]}” ({trip.rule}): {trip.message}"


def tripped(reading: Reading, each: Judged) -> Iterator[Trip]:
    """The tripwires that a text touches, sentence by sentence."""
    claim, before = each.claim, each.claim.before
    texts = tuple(quote.text for quote in claim.quotes)
    for sentence in split_sentences(claim.sentence):
        source = _source(reading, claim) if any(mark in sentence.text for mark in _QUOTATION_MARKS) else ""
        yield from _trips(sentence.text, texts, claim.title, before, source, claim.role)
        before = sentence.text


@lru_cache(maxsize=2048)
def _trips(text: str, quotes: tuple[str, ...], title: str, before: str, source: str, role: str) -> tuple[Trip, ...]:
    return tuple(trips(text, quotes, title=title, before=before, source=source, role=role))


def _source(reading: Reading, claim: Claim) -> str:
    kept = (reading.source_text_of(reading.quotes[quote.id]) or "" for quote in claim.quotes)
    return "\n".join(dict.fromkeys(kept))


def _verdicts(reading: Reading) -> Iterator[tuple[Judged, Verdict]]:
    for each in judged(reading):
        if each.verdict is not None:
            yield each, each.verdict


def _exams(reading: Reading) -> Mapping[tuple[str, str], list[Examined]]:
    found: dict[tuple[str, str], list[Examined]] = {}
    for exam in reading.lesson.provenance.exams:
        found.setdefault((exam.judge, exam.exam), []).append(exam)
    return found
