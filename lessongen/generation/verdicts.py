"""Verdicts put on a draft's sentences, and what becomes of those that were refused: their quote, or out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from lessongen.check.gate import examine
from lessongen.check.judges import Judge
from lessongen.check.judges.rules import verdict_of
from lessongen.check.reading import Reading
from lessongen.check.verdicts import Judged, judged, narrowed, tripped
from lessongen.check.word_rules.numbers import foreign_numbers
from lessongen.check.word_rules.passage import read, read_all
from lessongen.check.wording import sentences_of as sentences_of_texts
from lessongen.check.wording import written_answer_supported, written_supported
from lessongen.generation.merge import as_draft, kept_keys
from lessongen.generation.repair import summary_of
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft, Problem, Stored
from lessongen.lesson.editor import Editor, quotes_of, sentences_of
from lessongen.lesson.judgement import Claim, is_no_judgement, seal_of
from lessongen.lesson.judgement import Verdict as Said
from lessongen.lesson.model import (
    Check,
    CheckSummary,
    Examined,
    Lesson,
    Provenance,
    Statement,
    Verdict,
)
from lessongen.lesson.place import Place
from lessongen.lesson.who_judged import RULES, lowered, who_judged
from lessongen.system.errors import BadAnswer, CheckFailed
from lessongen.system.terminal import counted
from lessongen.text.sentences import points_back

LAYER = "judge"
_FEWEST_TO_TELL = 2  # refused sentences: one alone says little of who wrote it
_MOST_REFUSED = 0.5
_REFUSED = "verdict-supported"
_STAYING = 3  # sentences of a section, without the one that goes
_SUMMARY = Place.of("summary")


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Who judges; `examined` is the exam that it passed, None for the rules, with `why` no model judges.

    `mute` names the model that was to judge and has just sat its exam, in which no answer of its could be read.
    """

    judge: Judge
    examined: Examined | None = None
    why: str = ""
    mute: str = ""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A text that does not stand, and why in a few words."""

    judged: Judged
    reason: str

    @property
    def problem(self) -> Problem:
        """As the gate would say it."""
        message = f"“{self.judged.claim.sentence[:60]}” is not borne out by its quotes: {self.reason}"
        return Problem(rule=_REFUSED, where=self.judged.where, message=message)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A judged draft: what stands has its verdict, `refused` of the `total` that a model judged have none."""

    draft: Draft
    refused: tuple[Refusal, ...] = ()
    total: int = 0
    judge: str = ""

    def require_ability(self) -> None:
        """Raise `CheckFailed` where half of what the writer wrote was refused."""
        if len(self.refused) >= max(_FEWEST_TO_TELL, _MOST_REFUSED * self.total):
            first = self.refused[0]
            raise CheckFailed(
                f"The writer is not able enough: {self.judge}, the judge, refused {len(self.refused)} of its "
                f"{counted(self.total, 'sentence')}, such as “{first.judged.claim.sentence[:80]}” ({first.reason}). "
                "Nothing was saved.",
                hint="Choose a more able model with --model, or --writer extractive.",
            )

    def without_refused(self) -> Draft:
        """The draft with its quote in place of each refused sentence, or without it. Raises `CheckFailed`."""
        if not self.refused:
            return self.draft
        try:
            return as_draft(self.settled(), self.draft.texts)
        except ValidationError as error:
            raise self.too_little() from error

    def settled(self) -> Lesson:
        """The lesson without what was refused; it may have too little left, which is validated by nobody yet."""
        return settled(self.draft.lesson, [each.judged for each in self.refused], is_by_model=True)

    def too_little(self) -> CheckFailed:
        """That without what was refused too little is left."""
        return CheckFailed(
            f"{self.judge}, the judge, refused {counted(len(self.refused), 'sentence')}, and without them too "
            "little is left for a lesson. Nothing was saved.",
            hint="Try again with another --seed, or choose a more able model with --model.",
        )


def judged_draft(draft: Draft, stored: Stored | None, attempt: Attempt, seat: Callable[[], Seat]) -> Outcome:
    """The draft judged; a judge is asked for only where something has no verdict that counts."""
    before = draft.lesson.provenance.exams
    exams = list(dict.fromkeys([*before, *(stored.draft.lesson.provenance.exams if stored else ())]))
    keys = kept_keys(stored.draft.lesson, stored.locks) if stored else frozenset[str]()
    return _judged(draft, exams, keys, attempt, seat)


def judged_anew(stored: Draft, made: Anew, attempt: Attempt, seat: Callable[[], Seat]) -> tuple[Draft, Anew]:
    """What is made for a part, judged, and the stored lesson with what its provenance then has to keep."""
    if made.reserve is not None:
        stored, reserve = judged_anew(stored, made.reserve, attempt, seat)
        made = dataclasses.replace(made, reserve=reserve)
    made_alone = _alone(stored.lesson, made)
    outcome = _judged(Draft(lesson=made_alone, texts=made.texts), (), frozenset(), attempt, seat)
    outcome.require_ability()
    gone = [_item(each.judged.where) for each in outcome.refused]
    lesson = Editor(outcome.draft.lesson).take_out(gone).lesson
    blocks = [block for section in lesson.sections for block in section.blocks]
    new = outcome.draft.lesson.provenance
    kept = Draft(lesson=_with_provenance(stored.lesson, new), texts=stored.texts)
    if kept.lesson.provenance.exams:  # what stood by the rules says so beside what stands by a judge
        kept = judged_by_rules(kept)
    return kept, dataclasses.replace(made, questions=lesson.questions, blocks=blocks)


def judged_by_rules(draft: Draft, refused: Collection[Place] = ()) -> Draft:
    """The draft with the rules' verdict on what they let stand and nobody has judged; not on what was refused."""
    reading = Reading(draft.lesson, draft.texts)
    waiting = [each for each in judged(reading) if not each.verdict and each.where not in refused]
    ruled = [(each, verdict_of(_with_article(reading, each.claim))) for each in waiting]
    return _with_verdicts(draft, [(each, said) for each, said in ruled if said.stands])


def _judged(
    draft: Draft, exams: Sequence[Examined], keys: Collection[str], attempt: Attempt, seat: Callable[[], Seat]
) -> Outcome:
    reading = Reading(draft.lesson, draft.texts)
    pending = [each for each in judged(reading) if not _counts(each, exams)]
    draft = _with_verdicts(draft, [(each, None) for each in pending if each.verdict is not None])
    own = [each for each in pending if _key_of(draft.lesson, each.where) not in keys]
    made = draft.lesson.provenance
    outcome = Outcome(draft=draft)
    if own:
        chosen = seat()
        if chosen.examined is not None:
            exams = [*(each for each in exams if each != chosen.examined), chosen.examined]
            outcome = _by_model(draft, own, chosen, attempt)
            made = _told(made, chosen.examined, outcome)
        else:
            notice = f"Its written sentences stand by word rules alone: {chosen.why}"
            made = made.model_copy(update={"judge": RULES, "exam": None, "notices": _added(made.notices, notice)})
    cited = {each.verdict.judge for each in judged(Reading(outcome.draft.lesson, draft.texts)) if each.verdict}
    kept = [each for each in exams if each.judge in cited or each.judge == made.judge]
    if kept and made.judge is None:
        made = made.model_copy(update={"judge": kept[-1].judge, "exam": kept[-1].exam})
    judged_now = outcome.draft
    lesson = judged_now.lesson.model_copy(update={"provenance": made.model_copy(update={"exams": kept})})
    judged_now = dataclasses.replace(judged_now, lesson=lesson)
    if kept and (made.judge == RULES or len(own) < len(pending)):
        judged_now = judged_by_rules(judged_now, {each.judged.where for each in outcome.refused})
    return dataclasses.replace(outcome, draft=judged_now)


def _by_model(draft: Draft, own: Sequence[Judged], seat: Seat, attempt: Attempt) -> Outcome:
    """Tripwires first, which cost nothing; then the judge, each claim once."""
    reading = Reading(draft.lesson, draft.texts)
    trips = {each.where: next(tripped(reading, each), None) for each in own}
    asked = {each.claim: None for each in own if trips[each.where] is None}
    verdicts = dict(zip(asked, seat.judge.judge(list(asked), attempt), strict=True))
    if is_no_judgement(verdicts.values()):
        unanswered = sum(said.ruling == "no verdict" for said in verdicts.values())
        raise BadAnswer(
            f"{seat.judge.identity.name}, the judge, gave no usable answer on {unanswered} of "
            f"{counted(len(verdicts), 'sentence')}.",
            hint="Try again, or name another judge: lessongen config set judge.model NAME",
        )
    standing: list[tuple[Judged, Said]] = []
    refused: list[Refusal] = []
    for each in own:
        trip, said = trips[each.where], verdicts.get(each.claim)
        if said is not None and said.stands and said.is_of(each.claim):
            standing.append((each, said))
        else:
            reason = trip.message if trip else (said.reason or said.ruling if said else "no verdict")
            refused.append(Refusal(judged=each, reason=reason))
    name = seat.judge.identity.name
    ruled = _without_idle_cites(_with_verdicts(draft, standing), standing)
    return Outcome(draft=ruled, refused=tuple(refused), total=len(own), judge=name)


def _without_idle_cites(draft: Draft, standing: Sequence[tuple[Judged, Said]]) -> Draft:
    """The draft whose statements cite no quote that their judge did not need.

    A verdict's hash is then over the quotes that stay. Where the gate misses a quote it stays, needed or not.
    """
    reading = Reading(draft.lesson, draft.texts)
    found = {each.where: _needed_alone(reading, each, said) for each, said in standing if _is_statement(each.where)}
    changes = {where: change for where, change in found.items() if change is not None}
    if not changes:
        return draft
    before = _broken(draft)
    at_once = _changed(draft, changes)
    if _broken(at_once) <= before:
        return at_once
    for where, change in changes.items():
        one_more = _changed(draft, {where: change})
        if _broken(one_more) <= before:
            draft = one_more
    return draft


def _needed_alone(reading: Reading, each: Judged, said: Said) -> Callable[[Statement], Statement] | None:
    """What has a statement cite what bears it alone.

    None where that is all, where a tripwire then trips, or where a number of the statement's is in the others alone.
    """
    cites = [quote.id for quote in each.claim.quotes if quote.id in said.needed]
    if not cites or len(cites) == len(each.claim.quotes):
        return None
    left = narrowed(reading, each, cites)
    if next(tripped(reading, left), None) is not None or _foreign(left.claim) != _foreign(each.claim):
        return None
    verdict = _kept(left.claim, said)
    return lambda statement: statement.model_copy(update={"cites": cites, "verdict": verdict})


def _foreign(claim: Claim) -> list[str]:
    """The numbers of a claim that its quotes and title do not have."""
    known = read_all((*(quote.text for quote in claim.quotes), claim.title))
    return list(foreign_numbers(read(claim.sentence), known))


def _broken(draft: Draft) -> frozenset[tuple[str, str]]:
    return frozenset((each.rule, str(each.where)) for each in examine(draft.lesson, draft.texts).problems)


def _changed(draft: Draft, changes: Mapping[Place, Callable[[Any], Any]]) -> Draft:
    return as_draft(Editor(draft.lesson).change(changes).prune_sources().lesson, draft.texts)


def _counts(each: Judged, exams: Sequence[Examined]) -> bool:
    """Whether a text has a verdict already by which it stands."""
    kept = each.verdict
    if kept is None or not each.is_sealed or kept.ruling != "supported":
        return False
    passed = {(exam.judge, exam.exam) for exam in exams if exam.has_passed and exam.sha256 == exam.seal}
    return kept.judge == RULES or (kept.judge, kept.exam) in passed


def _with_article(reading: Reading, claim: Claim) -> Claim:
    """The claim with all sentences of its sources, among which the rules look for a better one."""
    texts = dict.fromkeys(reading.source_text_of(reading.quotes[quote.id]) or "" for quote in claim.quotes)
    return dataclasses.replace(claim, article=sentences_of_texts(tuple(texts)))


def _with_verdicts(draft: Draft, verdicts: Iterable[tuple[Judged, Said | None]]) -> Draft:
    changes = {each.where: _putting(_kept(each.claim, said) if said else None) for each, said in verdicts}
    return dataclasses.replace(draft, lesson=Editor(draft.lesson).change(changes).lesson)


def _putting(verdict: Verdict | None) -> Callable[[Any], Any]:
    return lambda part: part.model_copy(update={"verdict": verdict})


def _kept(claim: Claim, said: Said) -> Verdict:
    """The verdict as it is stored with its sentence."""
    seal = seal_of(claim, judge=said.judge, exam=said.exam, ruling=said.ruling, span=said.span)
    return Verdict(judge=said.judge, exam=said.exam, ruling=said.ruling, span=said.span, sha256=seal)


# ---------------------------------------------------------------- what is told of it


def _told(made: Provenance, examined: Examined, outcome: Outcome) -> Provenance:
    """The provenance of a lesson that this judge judged; a bar that was lowered is told a teacher."""
    check = made.check or CheckSummary(passed=False, rules=0, layers=["deterministic"])
    refused = {**check.refused, LAYER: check.refused.get(LAYER, 0) + len(outcome.refused)}
    layers = list(dict.fromkeys([*check.layers, LAYER]))
    told = made.model_copy(
        update={
            "judge": examined.judge,
            "exam": examined.exam,
            "check": check.model_copy(update={"layers": layers, "refused": refused}),
        }
    )
    if lowered(examined.model_dump()):
        notice = who_judged({"exams": [examined.model_dump()]})
        told = told.model_copy(update={"notices": _added(told.notices, notice)})
    return told


def _added(notices: Sequence[str], *more: str) -> list[str]:
    return list(dict.fromkeys([*notices, *more]))


def _with_provenance(lesson: Lesson, new: Provenance) -> Lesson:
    """The stored lesson with the judge of what is made for a part of it, beside those that it had."""
    before = lesson.provenance
    if new.judge is None:
        return lesson
    update = {
        "judge": new.judge,
        "exam": new.exam,
        "exams": list(dict.fromkeys([*before.exams, *new.exams])),
        "notices": _added(before.notices, *new.notices),
    }
    return lesson.model_copy(update={"provenance": before.model_copy(update=update)})


# ---------------------------------------------------------------- what becomes of what was refused


def settled(lesson: Lesson, refused: Sequence[Judged], *, is_by_model: bool) -> Lesson:
    """The lesson with its quote in place of what was refused, or without it; not validated, for it may be too short.

    Where a model judged, a sentence of running text goes if enough stay around it: in a lesson for a class an
    encyclopedia's sentence does harm. The rules refuse honest sentences too, so that then quotes are what is left.
    """
    quotes = quotes_of(lesson.sources)
    runs = Reading(lesson, {}).runs
    shown = {claim.text for run in runs for claim in run}
    needed = {run[at].where for run in runs for at, claim in enumerate(run[1:]) if points_back(claim.text)}
    left = {at: len(sentences_of(section)) for at, section in enumerate(lesson.sections)}
    gone: set[Place] = set()
    changes: dict[Place, Callable[[Any], Any]] = {}
    for each in refused:
        cites = [quote.id for quote in each.claim.quotes]
        free = [cite for cite in cites if quotes[cite].text not in shown]
        is_prose = _is_prose(each.where)
        can_go = is_by_model and is_prose and each.where not in needed and left[_section_at(each.where)] > _STAYING
        if each.where == _SUMMARY and not cites:
            changes[each.where] = partial(_instead, summary_of(lesson))
        elif can_go or not cites or not _is_statement(each.where) or (is_prose and not free):
            gone.add(_item(each.where))
            if is_prose:
                left[_section_at(each.where)] -= 1
        else:
            cite = next(iter([*free, *cites]))
            changes[each.where] = _quoting(quotes[cite].text, cite)
            if is_prose:
                shown.add(quotes[cite].text)
    editor = Editor(lesson).change(changes).take_out(gone).serve_objectives(()).add_minutes().prune_sources()
    made = editor.lesson.provenance
    return editor.put(provenance=made.model_copy(update={"replaced": made.replaced + len(changes)})).lesson


def settled_by_rules(lesson: Lesson, texts: Mapping[str, str], keys: Collection[str]) -> Lesson:
    """The lesson with the quote in place of what no model judged and the word rules refuse, but in the parts of `keys`.

    Not validated, as `settled` is not.
    """
    reading = Reading(lesson, texts)
    places = [where for where, _ in (*written_supported(reading), *written_answer_supported(reading))]
    refused = [
        each
        for each in judged(reading)
        if each.is_by_rules
        and _key_of(lesson, each.where) not in keys
        and any(place.is_within(each.where) for place in places)
    ]
    return settled(lesson, refused, is_by_model=False) if refused else lesson


def _section_at(where: Place) -> int:
    match where.steps:
        case ("sections", int(at), *_):
            return at
    raise ValueError(where)


def _instead(other: Statement | None, refused: Statement) -> Statement:
    return other or refused


def _quoting(text: str, cite: str) -> Callable[[Statement], Statement]:
    def quoting(refused: Statement) -> Statement:
        role = refused.role if refused.role == "gloss" else "fact"
        return Statement(text=text, cites=[cite], role=role)

    return quoting


def _is_prose(where: Place) -> bool:
    return where.steps[-2:-1] == ("sentences",)


def _is_statement(where: Place) -> bool:
    """Whether a quote may stand there by itself; rows, questions and the like are made of more."""
    return (
        _is_prose(where)
        or where.last in ("definition", "correction", "feedback", "summary", "statement")
        or (where.steps[0] == "key_points")
    )


def _item(where: Place) -> Place:
    """The item of a list that a place is in, which goes with it; of a worked example no step goes alone."""
    steps = where.steps
    if steps[-2:-1] == ("steps",):
        steps = steps[:-2]
    while steps and not isinstance(steps[-1], int):
        steps = steps[:-1]
    return Place(steps)


def _key_of(lesson: Lesson, where: Place) -> str:
    """The key of the part that a place is in (`parts.Part.key`)."""
    match where.steps:
        case ("questions", int(at), *_):
            return f"question:{lesson.questions[at].id}"
        case ("sections", int(at), *_):
            return f"section:{lesson.sections[at].id}"
    return str(where.steps[0]).replace("_", "-")


def _alone(lesson: Lesson, made: Anew) -> Lesson:
    """What is made for a part as a lesson by itself, for those who read lessons; nobody else sees it."""
    blocks = [block for block in made.blocks if not isinstance(block, Check)]  # they name questions of the whole lesson
    parts = [lesson.sections[0].model_copy(update={"blocks": blocks, "notes": []})]
    return lesson.model_copy(
        update={
            "summary": Statement(text=lesson.title, role="framing"),
            "key_points": [],
            "key_terms": [],
            "misconceptions": [],
            "sections": parts if blocks else [],
            "questions": list(made.questions),
            "sources": list(made.sources),
            "provenance": lesson.provenance.model_copy(update={"exams": [], "judge": None, "exam": None}),
        }
    )
