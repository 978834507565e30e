"""What a model said of a lesson, put together as the schema has it; ids, minutes and places of options are ours."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from lessongen.check.forms import BLOOM_VERBS, is_heading, objective_verb
from lessongen.check.items import in_sequence
from lessongen.check.pointers import BACK_TO_THE_START
from lessongen.lesson.limits import KEY_POINTS, KEY_TERMS, MISCONCEPTIONS, OBJECTIVES, PRIOR_KNOWLEDGE, QUESTIONS
from lessongen.lesson.model import (
    Analogy,
    Block,
    Bloom,
    Check,
    Entry,
    Example,
    KeyTerm,
    Misconception,
    Objective,
    Prose,
    Question,
    Row,
    Section,
    Statement,
    Table,
    Task,
    Timeline,
)
from lessongen.lesson.questions import composed
from lessongen.lesson.questions.base import Places, QuestionRole, Solution, Why
from lessongen.text.words import split_title
from lessongen.writers.extractive.quotes import QuoteBook
from lessongen.writers.openai.budget import Budget, shares
from lessongen.writers.openai.said import Asked, Cycle, Likening, Plan, Practice, Quizzes, Said, Shown, Worked
from lessongen.writers.openai.sources import Numbered

_OUTCOME = "I can "
_EXPLAINING = 0.55  # of a cycle's minutes, with its checks in the rest
_FEWEST_TOGETHER, _MOST_TOGETHER = 3, 5  # sentences of a paragraph
_BLOOMS: Sequence[Bloom] = ("understand", "apply", "analyze", "evaluate", "create", "remember")


class Composer:
    """Makes parts of a lesson of what a model said, and keeps the book of what they quote."""

    def __init__(self, numbered: Numbered, rng: random.Random) -> None:
        self._numbered = numbered
        self._places = Places(rng)
        self.book = QuoteBook(numbered.article)

    # ------------------------------------------------------------ sentences and blocks

    def statement(self, said: Said) -> Statement:
        """A sentence."""
        return Statement(text=said.text, role=said.role, cites=self.cites(said.cites), origin="written")

    def cites(self, numbers: Iterable[int]) -> list[str]:
        """The ids of the quotes of these sentences."""
        return [self.book.cite(self._numbered[number]) for number in numbers]

    def explained(self, cycle: Cycle) -> list[Block]:
        """The text of a cycle, with its analogy where that belongs, what is shown, and the worked example."""
        said = list(map(self.statement, cycle.explain))
        blocks: list[Block] = []
        if cycle.analogy is not None and said:
            at = min(max(cycle.analogy.after, 1), len(said))
            blocks += [*_paragraphs(said[:at]), self.analogy(cycle.analogy), *_paragraphs(said[at:])]
        elif said:
            blocks += _paragraphs(said)
        if cycle.show is not None:
            blocks.append(self.shown(cycle.show))
        if cycle.activity is not None:
            blocks.append(cycle.activity)
        if cycle.example is not None:
            blocks.append(self.example(cycle.example))
        return blocks

    def analogy(self, likening: Likening) -> Analogy:
        """A comparison with where it ends."""
        return Analogy(
            text=Statement(text=likening.comparison, role="analogy", origin="written"),
            statement=self.statement(likening.fact),
            ends=Statement(text=likening.ends, role="analogy", origin="written"),
        )

    def example(self, worked: Worked) -> Example:
        """A worked example."""
        return Example(
            problem=worked.problem,
            steps=list(map(self.statement, worked.steps)),
            answer=worked.answer,
            origin="written",
            cites=self.cites(worked.cites),
            supposes=worked.supposes,
        )

    def shown(self, shown: Shown) -> Table | Timeline:
        """A table or a timeline."""
        title = shown.title or "On the board"
        if shown.kind == "timeline":
            entries = [
                Entry(when=cells[0], what=cells[1], cites=self.cites(cites), origin="written")
                for cells, cites in shown.rows
            ]
            return Timeline(title=title, entries=entries)
        rows = [Row(cells=list(cells), cites=self.cites(cites), origin="written") for cells, cites in shown.rows]
        return Table(title=title, headings=list(shown.headings), rows=rows)

    def practised(self, practice: Practice) -> list[Block]:
        """The task in its parts, the first behind what sets it."""
        if not practice.parts:
            return []
        intro = [Prose(sentences=[self.statement(practice.intro)])] if practice.intro.is_usable else []
        last = len(practice.parts) - 1
        tasks = [
            Task(
                prompt=part.prompt,
                answer=(part.answer or None) if part.cites else None,
                criteria=list(part.criteria),
                support=(practice.support or None) if at == last else None,
                stretch=(practice.stretch or None) if at == last else None,
                cites=self.cites(part.cites) if part.answer else [],
                origin="written",
                supposes=part.supposes,
            )
            for at, part in enumerate(practice.parts)
        ]
        return [*intro, *tasks]

    # ------------------------------------------------------------ questions

    def question(self, asked: Asked, *, name: str, objective: str, role: QuestionRole, term: str) -> Question:
        """A question; the right option, the items of an order and the pairs of a match get places by chance.

        What is to be judged true or false becomes a short question, which asks for the reason too.
        """
        if asked.kind == "true_false":
            asked = _with_reason(asked)
        cites = self.cites(asked.cites)
        ordered = in_sequence([text for text, _ in asked.options]) if asked.kind == "choice" else None
        solution = Solution(
            answer=asked.answer,
            is_true=asked.answer.casefold() == "true",
            wrong=[text for text, _ in asked.options if text != asked.answer],
            options=ordered or (),
            pairs=asked.pairs,
            items=asked.items,
        )
        whys = [
            Why(option=text, reason=Statement(text=why, role="inference", cites=cites, origin="written"))
            for text, why in asked.options
            if asked.kind == "choice" and why and text != asked.answer
        ]
        feedback = Statement(text=asked.explanation, role="inference", cites=cites, origin="written")
        return composed(
            asked.kind,
            solution,
            self._places,
            id=name,
            objective=objective,
            bloom=asked.bloom,
            stem=asked.stem,
            term=asked.term or term,
            feedback=feedback,
            origin="written",
            cites=cites,
            role=role,
            why=whys,
            supposes=asked.supposes,
        )

    def starter(self, ask: str, listen: Sequence[str], *, name: str, objective: str, term: str) -> Question:
        """What is asked before anything is taught: open, with what to listen for, which no source says."""
        told = " ".join(listen)
        return composed(
            "open",
            Solution(answer=told),
            self._places,
            id=name,
            objective=objective,
            bloom="apply",
            stem=ask,
            term=term,
            feedback=Statement(text=told, role="background", origin="written"),
            origin="written",
            role="starter",
        )


def _with_reason(asked: Asked) -> Asked:
    """What is to be judged true or false, asked with its reason: a guess alone is worth nothing."""
    verdict = asked.answer.capitalize()
    return replace(
        asked,
        kind="short",
        stem=f"{asked.stem} True or false? Give your reason.",
        answer=f"{verdict}: {asked.explanation[:1].lower()}{asked.explanation[1:]}",
    )


def _paragraphs(said: Sequence[Statement]) -> list[Prose]:
    """Sentences in paragraphs of a few, that open with a question of the text where there is one."""
    found: list[list[Statement]] = [[]]
    for at, each in enumerate(said):
        size, left = len(found[-1]), len(said) - at
        opens = each.role == "framing" and each.text.endswith("?")
        if left >= _FEWEST_TOGETHER and (size >= _MOST_TOGETHER or (opens and size >= _FEWEST_TOGETHER)):
            found.append([])
        found[-1].append(each)
    return [Prose(sentences=each) for each in found if each]


class Composition:
    """A whole lesson's parts, of the plan, the cycles and the quizzes."""

    def __init__(
        self, plan: Plan, cycles: Sequence[Cycle], quizzes: Quizzes, composer: Composer, budget: Budget
    ) -> None:
        self._plan = plan
        self._cycles = cycles
        self._quizzes = quizzes
        self._composer = composer
        self._budget = budget

    def parts(self, names: Sequence[str]) -> dict[str, Any]:
        """The fields of a lesson but those that the request gives; `names` are what headings may hold."""
        plan, composer = self._plan, self._composer
        objectives = self._objectives()
        questions, placed = self._questions(objectives)
        return {
            "title": plan.title if plan.title and is_heading(plan.title, tuple(names)) else split_title(names[0])[0],
            "outcome": plan.outcome if plan.outcome.startswith(_OUTCOME) else "",
            "summary": composer.statement(plan.summary),
            "objectives": objectives,
            "prior_knowledge": list(plan.prior[: PRIOR_KNOWLEDGE.most]),
            "key_points": [composer.statement(each) for each in plan.key_points[: KEY_POINTS.most]],
            "key_terms": [
                KeyTerm(term=name, definition=composer.statement(said)) for name, said in plan.terms[: KEY_TERMS.most]
            ],
            "misconceptions": [
                Misconception(belief=each.text, tempting=each.tempts, correction=composer.statement(each.correction))
                for each in plan.misconceptions[: MISCONCEPTIONS.most]
            ],
            "materials": list(plan.materials),
            "safety": list(plan.safety),
            "sections": self._sections(objectives, placed),
            "questions": questions,
        }

    def _objectives(self) -> list[Objective]:
        found: list[Objective] = []
        for number, planned in enumerate(self._plan.cycles[: OBJECTIVES.most], 1):
            text = planned.objective
            verb = objective_verb(text)
            bloom = next((each for each in _BLOOMS if verb in BLOOM_VERBS[each]), None)
            if bloom is None:
                bloom, text = "understand", f"Explain {planned.title[:1].lower()}{planned.title[1:]}."
            found.append(Objective(id=f"o{number}", bloom=bloom, text=text))
        return found

    # ------------------------------------------------------------ questions

    def _questions(self, objectives: Sequence[Objective]) -> tuple[list[Question], dict[str, list[str]]]:
        """All questions, and the ids of those of each place: "starter", "exit", and cycles by their number."""
        composer, terms = self._composer, [name for name, _ in self._plan.terms]
        term = terms[0] if terms else self._plan.title
        questions: list[Question] = []
        placed: dict[str, list[str]] = {}

        def add(place: str, question: Question) -> None:
            if len(questions) < QUESTIONS.most:
                questions.append(question)
                placed.setdefault(place, []).append(question.id)

        def name() -> str:
            return f"q{len(questions) + 1}"

        told = {cite for cycle in self._cycles for each in cycle.explain for cite in each.cites}
        for ask, listen in [(ask, listen) for ask, listen, settled_by in self._plan.starters if told & {*settled_by}]:
            add("starter", composer.starter(ask, listen, name=name(), objective=objectives[0].id, term=term))
        for number, cycle in enumerate(self._cycles):
            own = objectives[min(number, len(objectives) - 1)].id
            for asked in cycle.checks:
                add(str(number), composer.question(asked, name=name(), objective=own, role="check", term=term))
        for asked in self._quizzes.exit:
            own = objectives[self._cycle_of(asked, len(objectives))].id
            add("exit", composer.question(asked, name=name(), objective=own, role="exit", term=term))
        return questions, placed

    def _cycle_of(self, asked: Asked, count: int) -> int:
        """The place of the cycle that teaches what is asked: the one with most of its cites."""
        taught = [
            set(planned.sentences).union(*(each.cites for each in cycle.explain))
            for planned, cycle in zip(self._plan.cycles, self._cycles, strict=False)
        ]
        shared = [len(set(asked.cites) & each) for each in taught[:count]]
        return shared.index(max(shared)) if shared else 0

    # ------------------------------------------------------------ sections

    def _sections(self, objectives: Sequence[Objective], placed: dict[str, list[str]]) -> list[Section]:
        plan, composer, budget = self._plan, self._composer, self._budget
        asking = {place: [Check(question=name) for name in names] for place, names in placed.items()}
        hook = [Prose(sentences=[composer.statement(each) for each in plan.hook])] if plan.hook else []
        pieces: list[tuple[float, dict[str, object]]] = [
            (
                budget.opening,
                {
                    "kind": "starter",
                    "title": "To start",
                    "blocks": [*hook, *asking.get("starter", ())],
                    "notes": list(map(composer.statement, plan.notes)),
                },
            )
        ]
        weights = [each.minutes for each in plan.cycles]
        for number, (planned, cycle) in enumerate(zip(plan.cycles, self._cycles, strict=True)):
            minutes = budget.working * weights[number] / sum(weights)
            common = {"cycle": number + 1, "objectives": [objectives[min(number, len(objectives) - 1)].id]}
            title = planned.title or f"Part {number + 1}"
            notes = [composer.statement(each) for each in cycle.notes]
            explained, practised = composer.explained(cycle), composer.practised(cycle.practice)
            checks = asking.get(str(number), [])
            pieces.append(
                (
                    minutes * _EXPLAINING,
                    {"kind": "explain", "title": title, "blocks": explained, "notes": notes, **common},
                )
            )
            if checks or practised:
                own = {
                    "kind": "practice",
                    "title": f"Your turn: {title}",
                    "blocks": [*checks, *practised],
                    "notes": list(map(composer.statement, cycle.practice.notes)),
                }
                pieces.append((minutes * (1 - _EXPLAINING), {**own, **common}))
        closing = list(self._closing(asking.get("exit", []), asks_before="starter" in asking))
        pieces.append((budget.closing, {"kind": "exit", "title": "To finish", "blocks": closing}))
        filled = [(weight, fields) for weight, fields in pieces if fields["blocks"]]
        shared = shares([weight for weight, _ in filled], budget.minutes)
        return [
            Section.model_validate({"id": f"part{number}", "minutes": own, **fields})
            for number, (own, (_, fields)) in enumerate(zip(shared, filled, strict=True), 1)
        ]

    def _closing(self, exit_questions: Sequence[Check], *, asks_before: bool) -> Iterator[Block]:
        yield from exit_questions
        if asks_before:
            yield Prose(sentences=[Statement(text=BACK_TO_THE_START, role="framing", origin="written")])
        if self._quizzes.homework and self._quizzes.criteria:
            yield Task(prompt=self._quizzes.homework, criteria=list(self._quizzes.criteria), origin="written")
