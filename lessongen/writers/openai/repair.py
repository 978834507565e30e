"""Mends a draft in one call: each part that something was found wrong with is written anew, or goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from lessongen.lesson.draft import Draft, Problem
from lessongen.lesson.editor import Editor, quotes_of
from lessongen.lesson.in_words import place_in_words
from lessongen.lesson.model import Entry, Example, Lesson, Question, Row, Statement, Task
from lessongen.lesson.place import Place
from lessongen.lesson.questions.choice import Choice
from lessongen.lesson.questions.match import Match
from lessongen.lesson.questions.order import Order
from lessongen.writers.openai import telling
from lessongen.writers.openai.compose import Composer
from lessongen.writers.openai.said import sentence, text, texts
from lessongen.writers.openai.writing import Writing

Sort = Literal["sentences", "rows", "tasks", "questions", "texts"]

_TOKENS = {"sentences": 60, "rows": 40, "tasks": 160, "questions": 260, "texts": 30}
_MOST_PARTS = 80
# What is one text by itself, and may be put in other words.
_TEXTS = (
    ("title",),
    ("outcome",),
    ("objectives", int, "text"),
    ("prior_knowledge", int),
    ("misconceptions", int, "belief"),
    ("misconceptions", int, "tempting"),
    ("materials", int),
    ("safety", int),
    ("sections", int, "title"),
    ("sections", int, "blocks", int, "title"),
    ("sections", int, "blocks", int, "headings", int),
)


@dataclass(kw_only=True)
class _Part:
    """A part to mend: its place, what stands there, which sort it is, and all that was found wrong."""

    where: Place
    was: Any
    sort: Sort
    faults: list[str] = field(default_factory=list)


def repaired(draft: Draft, problems: Sequence[Problem], writing: Writing) -> Draft | None:
    """The mended draft; None where nothing that was found is about a part that a model can write anew.

    A part that the model says nothing usable about stays as it is. Raises what `Calls.ask` raises.
    """
    parts = _parts(draft.lesson, problems)
    if not parts:
        return None
    calls = writing.calls
    quotes = quotes_of(draft.lesson.sources)
    numbers = {name: writing.numbered.number_of.get(quote.sha256) for name, quote in quotes.items()}

    def numbered(cites: Iterable[str]) -> list[int]:
        return [number for cite in cites if (number := numbers.get(cite)) is not None]

    told = [(place_in_words(each.where, draft.lesson), _shown(each, numbered), each.faults) for each in parts]
    sorts = Counter[str](each.sort for each in parts)
    schema = calls.schemas.repair(sorts)
    rules = calls.template.fill("items") if sorts["questions"] else ""
    instruction = writing.fill("repair", parts=telling.parts(told), questions=rules)
    tokens = 100 + sum(_TOKENS[each.sort] for each in parts)
    answer = writing.ask("repair", instruction, schema, f"Mending what was found wrong ({len(parts)})", 91, tokens)
    mended = _Mending(draft.lesson, parts, writing).lesson(answer)
    if mended is None:
        return None
    lesson, composer = mended
    provenance = lesson.provenance
    rewritten = provenance.rewritten + sum(each.sort != "questions" for each in parts)
    lesson = lesson.model_copy(
        update={"provenance": writing.spent_on(provenance.model_copy(update={"rewritten": rewritten}))}
    )
    return Draft(lesson=lesson, texts={**draft.texts, **composer.book.texts})


# ---------------------------------------------------------------- what is to be mended


def _parts(lesson: Lesson, problems: Sequence[Problem]) -> list[_Part]:
    """Each part once; what is wrong with a reason alone is mended there, unless its question is written anew anyway."""
    found: dict[Place, _Part] = {}
    anew = {each.where.steps[:2] for each in problems if each.where.steps[2:3] not in (("feedback",), ("why",))}
    for problem in problems:
        part = _part_at(lesson, problem.where, is_whole=problem.where.steps[:2] in anew)
        if part is None or (isinstance(part.was, Question) and part.was.asks_prior_knowledge):
            continue  # a starter cites nothing, and one to spare takes its place
        if part.where in found or len(found) < _MOST_PARTS:
            found.setdefault(part.where, part).faults.append(problem.message)
    return list(found.values())


def _part_at(lesson: Lesson, where: Place, *, is_whole: bool) -> _Part | None:
    """The least part around a place that a model can write anew; of a question all of it, or a reason alone."""
    sorts: Mapping[type, Sort] = {
        Question: "questions",
        Statement: "sentences",
        Row: "rows",
        Entry: "rows",
        Task: "tasks",
        Example: "tasks",
    }
    inner: Any = lesson
    example: _Part | None = None
    for depth, step in enumerate(where.steps, 1):
        try:
            inner = inner[step] if isinstance(step, int) else getattr(inner, step)
        except (IndexError, AttributeError, TypeError):
            return example
        place = Place(where.steps[:depth])
        if isinstance(inner, Question) and not is_whole:
            continue
        sort = next((sort for kind, sort in sorts.items() if isinstance(inner, kind)), None)
        if isinstance(inner, Example):
            example = _Part(where=place, was=inner, sort="tasks")  # unless it is one of its steps
        elif sort is not None and getattr(inner, "origin", "written") in ("written", "quoted"):
            return _Part(where=place, was=inner, sort=sort)
    if example is not None:
        return example
    is_text = any(_fits(where, pattern) for pattern in _TEXTS) and isinstance(inner, str)
    return _Part(where=where, was=inner, sort="texts") if is_text else None


def _fits(where: Place, pattern: Sequence[object]) -> bool:
    return len(where.steps) == len(pattern) and all(
        isinstance(step, int) if wanted is int else step == wanted
        for step, wanted in zip(where.steps, pattern, strict=True)
    )


def _shown(part: _Part, numbered: Callable[[Iterable[str]], list[int]]) -> dict[str, Any]:
    """What the part says now, in the shape in which it is to be given."""
    was = part.was
    if isinstance(was, Statement):
        return {"text": was.text, "role": was.role, "cites": numbered(was.cites)}
    if isinstance(was, Row):
        return {"cells": was.cells, "cites": numbered(was.cites)}
    if isinstance(was, Entry):
        return {"cells": [was.when, was.what], "cites": numbered(was.cites)}
    if isinstance(was, Example):
        return {"prompt": was.problem, "answer": was.answer, "cites": numbered(was.cites), "supposes": was.supposes}
    if isinstance(was, Task):
        return {
            "prompt": was.prompt,
            "answer": was.answer or "",
            "criteria": was.criteria,
            "support": was.support or "",
            "stretch": was.stretch or "",
            "cites": numbered(was.cites),
            "supposes": was.supposes,
        }
    if isinstance(was, Question):
        return _shown_question(was, numbered(was.cites))
    return {"text": was}


def _shown_question(was: Question, cites: list[int]) -> dict[str, Any]:
    whys = {each.option: each.reason.text for each in was.why}
    options = was.options if isinstance(was, Choice) else was.spare if isinstance(was, Match) else ()
    return {
        "kind": was.kind,
        "stem": was.stem,
        "options": [{"text": each, "why": whys.get(each, "")} for each in options],
        "answer": ""
        if isinstance(was, (Order, Match))
        else was.answer_text.casefold()
        if was.kind == "true_false"
        else was.answer_text,
        "items": was.in_order if isinstance(was, Order) else [],
        "pairs": [{"left": left, "right": right} for left, right in was.pairs] if isinstance(was, Match) else [],
        "term": was.term,
        "explanation": was.feedback.text,
        "cites": cites,
        "supposes": was.supposes,
        "level": was.bloom,
    }


# ---------------------------------------------------------------- what is put in its place


class _Mending:
    """The answer to a repair, put into the lesson."""

    def __init__(self, lesson: Lesson, parts: Sequence[_Part], writing: Writing) -> None:
        self._lesson = lesson
        self._parts = parts
        self._reader = writing.reader
        self._composer = Composer(writing.numbered, writing.rng("repair"))
        self._new: dict[Place, Any] = {}
        self._spare: list[tuple[str, Question]] = []
        self._gone: set[Place] = set()

    def lesson(self, answer: Mapping[str, Any]) -> tuple[Lesson, Composer] | None:
        """The lesson with what was mended, and who kept the book of its quotes; None where nothing was."""
        for sort in _TOKENS:
            for each in answer.get(sort, ()):
                part = self._part(each["part"], sort)
                if part is None:
                    continue
                if each["drop"] is True:
                    self._drop(part)
                    continue
                try:
                    made = self._made(part, each)
                except ValidationError:
                    continue
                if made is not None and part.where in self._new and isinstance(made, Question):
                    self._spare.append((part.was.id, made))
                elif made is not None:
                    self._new[part.where] = made
        if not self._new and not self._gone:
            return None
        editor = Editor(self._lesson)
        sources = self._composer.book.sources()
        carried = {place: editor.carry(made, sources) for place, made in self._new.items()}
        changes: dict[Place, Callable[[Any], Any]] = {place: _putting(made) for place, made in carried.items()}
        editor.change(changes).take_out(self._gone)
        for beside, spare in self._spare:
            editor.ask_beside(editor.carry(spare, sources), beside)
        lesson = editor.serve_objectives(()).prune_sources().lesson
        return Lesson.model_validate(lesson.model_dump()), self._composer

    def _part(self, number: object, sort: str) -> _Part | None:
        is_one = isinstance(number, int) and 1 <= number <= len(self._parts)
        part = self._parts[number - 1] if is_one and isinstance(number, int) else None
        return part if part is not None and part.sort == sort else None

    def _drop(self, part: _Part) -> None:
        """Note what goes: the item of a list that the part is, or is the point of.

        The summary, titles and a question's explanation stay.
        """
        steps = part.where.steps
        end = max((depth for depth, step in enumerate(steps, 1) if isinstance(step, int)), default=0)
        if end and steps[-1] != "feedback":
            self._gone.add(Place(steps[:end]))

    def _made(self, part: _Part, said: Mapping[str, Any]) -> Any:
        """What takes the part's place; None where what is said can't be used."""
        composer, reader, was = self._composer, self._reader, part.was
        if isinstance(was, Statement):
            new = reader.said({"role": was.role, **said})
            if not new.is_usable:
                return None
            made = composer.statement(new)
            return made.model_copy(update={"role": "analogy", "cites": []}) if was.role == "analogy" else made
        if isinstance(was, Question):
            asked = reader.asked(said)
            if not asked.is_usable:
                return None
            return composer.question(asked, name=was.id, objective=was.objective, role=was.role, term=was.term)
        if isinstance(was, (Row, Entry)):
            return self._row(was, *reader.shown_row(said))
        cites = composer.cites(reader.cites(said.get("cites", ())))
        if isinstance(was, Example):
            problem, result = sentence(said["prompt"]), sentence(said["answer"])
            changes = {"problem": problem, "answer": result, "cites": cites, "verdict": None}
            return was.model_copy(update=changes) if problem and result and cites else None
        if isinstance(was, Task):
            return self._task(was, said, cites)
        return text(said["text"]) or None

    def _row(self, was: Row | Entry, cells: Sequence[str], numbers: Sequence[int]) -> Row | Entry | None:
        width = len(was.cells) if isinstance(was, Row) else 2
        if len(cells) != width or not all(cells) or not numbers:
            return None
        cites = self._composer.cites(numbers)
        if isinstance(was, Row):
            return Row(cells=list(cells), cites=cites, origin="written")
        return Entry(when=cells[0], what=cells[1], cites=cites, origin="written")

    def _task(self, was: Task, said: Mapping[str, Any], cites: list[str]) -> Task | None:
        prompt, answer = sentence(said["prompt"]), sentence(said["answer"])
        criteria = list(texts(said["criteria"]))
        if not prompt or not ((answer and cites) or criteria):
            return None
        return Task(
            prompt=prompt,
            answer=answer if answer and cites else None,
            criteria=criteria,
            support=sentence(said["support"]) or None,
            stretch=sentence(said["stretch"]) or None,
            cites=cites if answer else [],
            origin="written",
            supposes=said["supposes"] is True,
        )


def _putting(made: Any) -> Callable[[Any], Any]:
    return lambda _: made
