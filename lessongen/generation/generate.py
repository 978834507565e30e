"""One task, step by step: material, writer, check; nothing that fails the check comes out."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from lessongen.check.gate import examine
from lessongen.check.level import legibility, notices
from lessongen.generation.focus import require_borne
from lessongen.generation.judging import Judging
from lessongen.generation.mending import Mending, examined, refused, with_locked
from lessongen.generation.merge import kept_keys
from lessongen.generation.pictured import with_image
from lessongen.generation.qualified import told_of_level
from lessongen.generation.regenerate import with_anew
from lessongen.lesson.attempt import Attempt, Spent
from lessongen.lesson.draft import Anew, Draft, Sibling, Stored
from lessongen.lesson.limits import FEWEST_WORDS, KEY_TERMS, PRIOR_KNOWLEDGE
from lessongen.lesson.material import Material, Writer
from lessongen.lesson.model import CheckSummary, Lesson
from lessongen.lesson.parts import part_keyed, parts_of
from lessongen.lesson.records import Expected, NewVersion
from lessongen.lesson.task import CORE, LessonRequest
from lessongen.lesson.versions import version_text
from lessongen.lesson.who_judged import RULES
from lessongen.system.errors import CheckFailed, ConfigurationError, NotFound, TooThin, UnsupportedLanguage
from lessongen.text.passages import names
from lessongen.text.words import fold
from lessongen.writers.computed.practice import (
    for_writer,
    materials,
    modules_of,
    practice_anew,
    with_practice,
    without_practice,
)
from lessongen.writers.variants import core_of, variant_of, varied

FILLER = "extractive"
"""The writer whose questions take the places of those that did not pass, by its name."""
_LONGER_TEXT = (
    f"Give a longer text, or further ones with it: a lesson takes at least {FEWEST_WORDS} words in whole sentences and "
    f"{KEY_TERMS.fewest} terms that they explain."
)


@dataclass(frozen=True, kw_only=True)
class Generator:
    """Makes a checked lesson for a request. Writers are made when first needed, by name.

    Without `judging`, what is in a writer's own words stands by the word rules.
    """

    gather: Callable[[LessonRequest, Attempt], Material]
    writers: Mapping[str, Callable[[], Writer]]
    body_text: Callable[[Lesson], str]
    judging: Judging | None = None

    def __call__(self, request: LessonRequest, attempt: Attempt) -> NewVersion:
        """The next version of the lesson that was asked for.

        Raises `Uncovered` or `TooThin` where the sources don't bear a lesson or its focus, `CheckFailed` where the
        writer's lesson does not pass judge and gate, also after a repair, `Cancelled` when told to stop.
        """
        started = time.monotonic()
        writer = self._writer(request)
        if request.part is not None:
            return self._part_anew(request.part, writer, request, attempt, started)
        core = core_of(request, attempt)
        stored = attempt.stored
        locks = stored.locks if stored else frozenset[str]()
        if core is None:
            draft, rules = self._newly_written(writer, request, attempt)
        else:
            draft, rules = _of_the_core(core, request, attempt)
        draft, rules = self._finished(draft, rules, request, attempt, may_repair=writer.writes_freely)
        if request.questions and len(draft.lesson.questions) < request.questions:
            fewer = (
                f"The material bears {len(draft.lesson.questions)} questions, not the {request.questions} asked for."
            )
            draft = replace(draft, lesson=_noticed(draft.lesson, fewer))
        lesson = _stamped(draft.lesson, rules=rules, seconds=time.monotonic() - started, spent=attempt.spent())
        return NewVersion(
            name=request.lesson,
            content=lesson.model_dump_json(),
            body=self.body_text(lesson),
            texts=draft.texts,
            writer=lesson.provenance.writer,
            model=(request.model if core is None else None) or lesson.provenance.model or "",
            reason="created" + _kept_words(stored),
            # What people decide while it is written counts: the attempt is then made again, from its kept steps.
            expects=Expected(locks=locks, next_number=stored.number + 1 if stored and locks else None),
        )

    def _newly_written(self, writer: Writer, request: LessonRequest, attempt: Attempt) -> tuple[Draft, int]:
        """What the writer makes of what sources have, as it passed the gate, and by how many rules."""
        found = attempt.step("sources", {"request": request.as_json()}, lambda: self.gather(request, attempt).as_json())
        material = Material.from_json(found)
        attempt.about(material.article.title)
        told = [*require_borne(request, material), *told_of_level(request)]
        attempt.progress("write", 20, f"Writing about “{material.article.title}”")
        asked = for_writer(request)
        judge = self._judge(writer, asked, attempt)
        tried, draft = _first_that_bears_one(writer, asked, list(materials(request, material)), attempt, judge)
        draft = with_image(_with_presumed(draft, attempt.presumed), material)
        draft, rules = self._passed(draft, writer, asked, tried, attempt)
        made = draft.lesson.provenance
        asked_for = {"passed_over": list(material.passed_over), "focus": request.focus}
        provenance = made.model_copy(update={**asked_for, "notices": [*made.notices, *told]})
        return replace(draft, lesson=draft.lesson.model_copy(update={"provenance": provenance})), rules

    def _part_anew(
        self, key: str, writer: Writer, request: LessonRequest, attempt: Attempt, started: float
    ) -> NewVersion:
        """The stored lesson with one part of it made anew, from the texts that it stands on; all else is as it was."""
        stored = attempt.stored
        if stored is None:
            raise NotFound("The lesson is gone.", hint="Write it again: `lessongen create`.")
        part = part_keyed(stored.draft.lesson, key)
        title = part.title if part else key
        attempt.about(stored.draft.lesson.article.title)
        attempt.progress("write", 20, f"Making anew: {title}")
        made = _made_anew(writer, stored.draft, key, request, attempt)
        before = stored.draft
        if self.judging is not None:
            before, made = self.judging.anew(stored.draft, made, request, attempt)
        attempt.progress("check", 90, "Checking every sentence against its source")
        draft, rules = with_anew(before, key, made, kept_keys(stored.draft.lesson, stored.locks))
        lesson = _remade(draft.lesson, attempt.spent(), rules=rules, seconds=time.monotonic() - started)
        name = part.name if part else key
        if writer.name != lesson.provenance.writer:
            with_model = f" with {request.model}" if request.model else ""
            lesson = _noticed(lesson, f"Made anew by the {writer.name} writer{with_model}: {title}.")
        return NewVersion(
            name=request.lesson,
            content=lesson.model_dump_json(),
            body=self.body_text(lesson),
            texts=draft.texts,
            writer=writer.name,
            model=request.model or "",
            reason=f"{name} of {version_text(stored.number)} made anew",
            expects=Expected(locks=stored.locks, next_number=stored.number + 1),
        )

    def _writer(self, request: LessonRequest) -> Writer:
        if request.writer not in self.writers:
            known = ", ".join(sorted(self.writers))
            raise ConfigurationError(f"There is no writer {request.writer!r}.", hint=f"The writers are: {known}.")
        writer = self.writers[request.writer]()
        if request.language not in writer.languages:
            spoken = ", ".join(sorted(writer.languages))
            raise UnsupportedLanguage(
                f"The {writer.name} writer has no rules for the language {request.language!r}.",
                hint=f"It writes: {spoken}.",
            )
        return writer

    # ------------------------------------------------------------ judge and gate

    def _judge(self, writer: Writer, request: LessonRequest, attempt: Attempt) -> str:
        """Who will judge what the writer writes, known before it does: a model that sits its exam now if need be.

        Raises `CheckFailed` where that is the model that is to write, and it did not give one usable answer: it would
        give none on the lesson either.
        """
        if self.judging is None or not writer.writes_freely:
            return RULES
        seat = self.judging.seat(request, attempt)
        if seat.mute and self.judging.is_writer(request):
            raise CheckFailed(
                f"{seat.mute} is not able enough to write lessons: it gave no usable answer in the judge's exam. "
                "Nothing was saved.",
                hint="Choose a more able model with --model, or --writer extractive, which needs none; "
                "`lessongen judge exam` has it sit the exam again.",
            )
        return seat.examined.judge if seat.examined else RULES

    def _passed(
        self, draft: Draft, writer: Writer, request: LessonRequest, material: Material, attempt: Attempt
    ) -> tuple[Draft, int]:
        """The draft as it passed judge, review and gate, and by how many rules it was examined.

        What is locked of the newest version takes the place of its own parts, unless the lesson is finished later.
        """
        mending = Mending(
            judging=self.judging,
            writer=writer,
            filler=self.writers.get(FILLER),
            request=request,
            material=material,
            attempt=attempt,
            stored=None if _is_finished_later(request) else attempt.stored,
        )
        return mending.passed(draft)

    def _finished(
        self, draft: Draft, rules: int, request: LessonRequest, attempt: Attempt, *, may_repair: bool
    ) -> tuple[Draft, int]:
        """The draft as the variant that is asked for, with practice in it where it is on a skill, past the gate."""
        if not _is_finished_later(request):
            return draft, rules
        made = with_practice(varied(draft, request), request, attempt)
        made = replace(made, lesson=Lesson.model_validate(made.lesson.model_dump()))
        made = with_locked(made, attempt.stored)
        if self.judging is not None:
            made = self.judging.draft(made, request, attempt, attempt.stored).without_refused()
        attempt.progress("check", 95, "Checking the finished lesson")
        made, report = examined(made, attempt.stored, may_repair=may_repair)
        if not report.passed:
            raise refused(report.problems)
        texts = {digest: text for digest, text in made.texts.items() if digest in made.lesson.kept_texts}
        return replace(made, texts=texts), report.rules


def _of_the_core(core: Sibling, request: LessonRequest, attempt: Attempt) -> tuple[Draft, int]:
    """The stored core lesson without its practice, under the name that is asked for: what a variant is made from."""
    lesson = without_practice(core.lesson)
    attempt.about(lesson.article.title)
    attempt.progress("write", 20, f"Taking up version {core.version} of the core lesson")
    own = {"subject": request.subject, "topic": request.topic, "level": request.level, "variant": request.variant}
    provenance = lesson.provenance.model_copy(
        update={"core": core.version, "seed": attempt.seed, "tokens": 0, "cost": 0.0, "notices": []}
    )
    lesson = lesson.model_copy(update={**own, "provenance": provenance})
    if not request.images:
        lesson = lesson.model_copy(update={"image": None})
    texts = {digest: text for digest, text in core.texts.items() if digest in lesson.kept_texts}
    return Draft(lesson=lesson, texts=texts), examine(lesson, texts).rules


def _is_finished_later(request: LessonRequest) -> bool:
    """Whether what the writer makes becomes a variant, or has practice put into it.

    What is locked may stand on that, and takes its place in the whole lesson alone.
    """
    return variant_of(request) != CORE or bool(modules_of(request))


def _first_that_bears_one(
    writer: Writer, request: LessonRequest, materials: Sequence[Material], attempt: Attempt, judge: str
) -> tuple[Material, Draft]:
    """The first material that is not too thin, and what was written from it. Raises what the first one raised."""
    first, *others = materials
    try:
        return first, writer.write(request, first, attempt, judge=judge)
    except TooThin as refusal:
        for material in others:
            try:
                return material, writer.write(request, material, attempt, judge=judge)
            except TooThin:
                continue
        raise (_of_own_texts(refusal) if request.sources else refusal) from None


def _of_own_texts(refusal: TooThin) -> TooThin:
    """What is too thin is a text of the user's own: no other article helps."""
    return TooThin(refusal.message.replace("The article “", "Your text “"), hint=_LONGER_TEXT)


def _kept_words(stored: Stored | None) -> str:
    """ ", keeping s2 and q3 of 1.4"; "" where nothing is locked."""
    if stored is None or not stored.locks:
        return ""
    names = [part.name for part in parts_of(stored.draft.lesson) if part.key in stored.locks]
    return f", keeping {', '.join(names)} of {version_text(stored.number)}"


def _with_presumed(draft: Draft, presumed: Sequence[str]) -> Draft:
    """The draft with what earlier lessons taught among its prior knowledge, where its quotes speak of it."""
    lesson = draft.lesson
    quoted = " ".join(quote.text for source in lesson.sources for quote in source.quotes)
    taught = {fold(entry.term) for entry in lesson.key_terms}
    known = [term for term in presumed if fold(term) not in taught and names(quoted, term)]
    prior = list(dict.fromkeys([*known, *lesson.prior_knowledge]))[: PRIOR_KNOWLEDGE.most]
    return replace(draft, lesson=lesson.model_copy(update={"prior_knowledge": prior}))


def _made_anew(writer: Writer, stored: Draft, key: str, request: LessonRequest, attempt: Attempt) -> Anew:
    """What takes the part's place: computed anew where it was computed, else the writer's."""
    computed = practice_anew(stored.lesson, key, request, attempt)
    _, _, name = key.partition(":")
    is_computed = any(each.id == name and each.origin == "computed" for each in stored.lesson.questions)
    if computed.blocks or (is_computed and computed.questions):
        return computed
    made = writer.anew(stored, key, request, attempt)
    return dataclasses.replace(made, questions=[*computed.questions, *made.questions])


def _remade(lesson: Lesson, spent: Spent, *, rules: int, seconds: float) -> Lesson:
    """The lesson with what making a part of it anew took on top of what it had taken."""
    before = lesson.provenance
    check = before.check or CheckSummary(passed=True, rules=rules, layers=["deterministic"])
    provenance = before.model_copy(
        update={
            "check": check.model_copy(update={"passed": True, "rules": rules}),
            "tokens": before.tokens + spent.tokens,
            "cost": before.cost + spent.cost,
            "duration_seconds": round(before.duration_seconds + seconds, 3),
        }
    )
    return lesson.model_copy(update={"provenance": provenance})


def _noticed(lesson: Lesson, notice: str) -> Lesson:
    """The lesson with something more that a teacher should know, said once."""
    notices = list(dict.fromkeys([*lesson.provenance.notices, notice]))
    return lesson.model_copy(update={"provenance": lesson.provenance.model_copy(update={"notices": notices})})


def _stamped(lesson: Lesson, *, rules: int, seconds: float, spent: Spent) -> Lesson:
    """The lesson with what only its generation knows: that it passed, how hard it reads, what it took."""
    before = lesson.provenance.check
    summary = CheckSummary(
        passed=True,
        rules=rules,
        layers=before.layers if before else ["deterministic"],
        refused=before.refused if before else {},
    )
    found = legibility(lesson)
    provenance = lesson.provenance.model_copy(
        update={
            "legibility": found,
            "notices": [*lesson.provenance.notices, *notices(found, lesson.level)],
            "check": summary,
            "duration_seconds": round(seconds, 3),
        }
    )
    if spent.calls:  # those of the judge too, which no writer knows of
        provenance = provenance.model_copy(update={"tokens": spent.tokens, "cost": spent.cost})
    return lesson.model_copy(update={"provenance": provenance})
