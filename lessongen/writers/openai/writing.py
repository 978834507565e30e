"""One lesson while a model writes it: its steps from the outline to the draft, and when what comes of it is refused."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Draft
from lessongen.lesson.limits import FEWEST_WORDS, USUAL_QUESTIONS
from lessongen.lesson.material import Material
from lessongen.lesson.model import CheckSummary, Lesson, Provenance
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import CheckFailed, DataError, TooThin
from lessongen.system.levels import limits_of
from lessongen.text.words import split_title, word_count
from lessongen.writers.openai import telling
from lessongen.writers.openai.asked import PlannedQuestion, choose
from lessongen.writers.openai.blanks import blanks_on, told
from lessongen.writers.openai.body import Body
from lessongen.writers.openai.calls import Call, Calls
from lessongen.writers.openai.compose import Composer
from lessongen.writers.openai.outline import Outline, read_outline
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.plain import given, plain, speaks_to_a_program
from lessongen.writers.openai.prose import Judge, Line, Prose
from lessongen.writers.openai.quiz import Quiz
from lessongen.writers.openai.schemas import loosened
from lessongen.writers.openai.shortening import shortenable
from lessongen.writers.openai.unaided import above_recall

NAME = "openai"

_FEWEST_SENTENCES = 8  # of the sources
_SPARE_QUESTIONS = 3  # asked for besides those wanted: some are thrown out
_HOPELESS = 0.8  # share of sentences refused at first sight, beyond which nothing more is paid for
_FEWEST_OF_MODEL = 6  # sentences
_MOST_LOST = 0.5  # share of the model's sentences that may end replaced or left out
_FEWEST_A_SECTION, _MOST_A_SECTION = 3, 12
_LAYERS = ["deterministic", "model"]
_ACTIVITY = "Then give 2 or 3 steps of an activity on these facts; each begins with a verb."
_OTHER_SOURCES = "Name a longer article with --article TITLE, or ask for a broader topic."
_OTHER_MODEL = "Choose a more able model with --model, another --seed, or --writer extractive."


@dataclass(frozen=True, eq=False, kw_only=True)
class Writing:
    """One lesson while it is written."""

    request: LessonRequest
    material: Material
    attempt: Attempt
    numbered: Numbered
    calls: Calls
    uses: Counter[telling.Use]

    def draft(self) -> Draft:
        """All steps from the outline to the lesson."""
        started = time.monotonic()
        self._refuse_unusable_sources()
        outline = self._outline()
        prose, steps = self.sections(outline)
        quiz, asked = self.quiz(self.askable(number for line in prose.lines for number in line.cites))
        self.verify(prose, outline)
        self._refuse_nonsense(prose, quiz, asked)
        body = Body(prose.lines, outline, self.numbered)
        for word in outline.words:
            body.name(word)
        taught = {number for line in body.lines for number in line.cites}
        unaided = above_recall(self.numbered, taught, outline.words, self.rng("unaided"))
        chosen = choose([*asked, *unaided], self.wanted, self.uses, self.numbered)
        if len(chosen) < USUAL_QUESTIONS.fewest:
            raise self._unusable(prose, quiz, len(chosen))
        for each in chosen:
            body.show(each)
        body.fill()
        self._refuse_patchwork(body, prose, quiz, asked)
        terms = [split_title(word.text)[0] for word in outline.words]
        body.put(self.shortened(list(body.lines), chosen, terms, body.words - FEWEST_WORDS))
        composer = Composer(self.request, self.numbered, outline, body, chosen, steps, self.rng("compose"))
        draft = composer.draft(self._provenance(prose, len(chosen), started))
        minutes = draft.lesson.minutes
        if self.request.minutes and minutes != self.request.minutes:
            draft = _noticed(draft, f"The lesson takes at least {minutes} minutes, not {self.request.minutes}.")
        return draft

    # ------------------------------------------------------------ what everything stands on

    @property
    def wanted(self) -> int:
        """How many questions the lesson is to have."""
        default = int(self.calls.template.defaults["questions"])
        return max(USUAL_QUESTIONS.fewest, min(self.request.questions or default, USUAL_QUESTIONS.most))

    @cached_property
    def judge(self) -> Judge:
        """The deterministic layer."""
        return Judge(self.numbered, self.calls.recitation)

    def askable(self, taught: Iterable[int]) -> list[int]:
        """The sentences to ask about: those that stand alone, if there are enough of them only taught or fresh ones."""
        alone, enough = self.numbered.stand_alone(), self.wanted + _SPARE_QUESTIONS
        used = {digest for digest, _ in self.uses}
        for narrower in (set(taught), {number for number in alone if self.numbered[number].sha256 not in used}):
            narrowed = [number for number in alone if number in narrower]
            alone = narrowed if len(narrowed) >= enough else alone
        return alone

    def rng(self, use: str) -> random.Random:
        """The seed's random choices for one use, the same in every attempt."""
        return random.Random(f"{self.attempt.seed} {use}")  # noqa: S311 - choices, not secrets

    def _refuse_unusable_sources(self) -> None:
        words = sum(word_count(passage.text) for passage in self.numbered.passages)
        title, found = self.numbered.article.title, len(self.numbered.passages)
        if plain(title) is None or speaks_to_a_program(title):
            raise DataError(
                "The title of the source is no title that a lesson could have: it holds markup or speaks to a program.",
                hint="Give the source another title, or another source.",
            )
        alone = len(self.numbered.stand_alone())
        if words < FEWEST_WORDS or found < _FEWEST_SENTENCES or alone < USUAL_QUESTIONS.fewest:
            raise TooThin(
                f"The article “{title}” is too thin for a lesson: its sources give {found} usable sentences with "
                f"{words} words, {alone} of them clear by themselves; {_FEWEST_SENTENCES} with "
                f"{FEWEST_WORDS} words are needed, {USUAL_QUESTIONS.fewest} of them clear.",
                hint=_OTHER_SOURCES,
            )

    # ------------------------------------------------------------ steps

    def _outline(self) -> Outline:
        defaults, request = self.calls.template.defaults, self.request
        sections, terms = int(defaults["sections"]), int(defaults["terms"])
        if request.minutes:
            sections = max(2, min(sections, request.minutes))
        instruction = self.calls.template.fill(
            "outline",
            topic=given(request.topic),
            subject=given(request.subject),
            level=given(request.level),
            sections=sections,
            terms=terms,
            avoid=telling.to_avoid(self.uses, self.numbered),
        )
        answer = self.calls.ask(
            Call(
                key="outline",
                data=self.numbered.block,
                instruction=instruction,
                schema=self.calls.schemas.outline(sections, terms),
                doing="Planning the lesson",
                percent=25,
                expected_tokens=220,
            )
        )
        return read_outline(answer, self.numbered, sections, terms)

    def sections(self, outline: Outline) -> tuple[Prose, list[str]]:
        """All sections' sentences, judged; and the steps of an activity, where all of them are plain words."""
        prose, steps = Prose(judge=self.judge), list[str]()
        count = len(outline.topics)
        each = -(-int(self.calls.template.defaults["sentences"]) // count)
        sentences = max(_FEWEST_A_SECTION, min(each, _MOST_A_SECTION))
        for index, topic in enumerate(outline.topics):
            is_last = index == count - 1
            title = topic.title or f"part {index + 1}"
            instruction = self.calls.template.fill(
                "section",
                number=index + 1,
                count=count,
                title=given(title),
                level=given(limits_of(self.request.level)),
                numbers=telling.spelled(topic.numbers),
                sentences=sentences,
                activity=_ACTIVITY if is_last else "",
            )
            answer = self.calls.ask(
                Call(
                    key=f"section-{index + 1}",
                    data=self.numbered.block,
                    instruction=instruction,
                    schema=self.calls.schemas.section(sentences, has_activity=is_last),
                    doing=f"Writing section {index + 1} of {count}",
                    percent=30 + 30 * index // count,
                    expected_tokens=sentences * 34 + 60 * is_last,
                )
            )
            prose.add(index, answer["sentences"], self.numbered)
            steps = [plain(step, may_instruct=True) or "" for step in answer.get("activity", ())]
        if len(prose.refused) + prose.dropped > _HOPELESS * prose.total:
            raise self._unusable(prose, None, 0)
        return prose, steps if not any(self.calls.recitation.is_in(step) for step in steps) else []

    def quiz(self, numbers: Sequence[int]) -> tuple[Quiz, list[PlannedQuestion]]:
        """The questions whose keys the blind check finds; asked for a second time where some are good, but too few."""
        quiz = Quiz(self.numbered, self.judge, self.calls.recitation)
        asked = self._questions(quiz, "questions", 62, numbers, [])
        kept = self.blind_check(asked, "answers", 68)
        quiz.rules["blind"] += len(asked) - len(kept)
        if 0 < len(kept) < USUAL_QUESTIONS.fewest:
            used = {each.number for each in kept}
            others = [number for number in numbers if number not in used]
            asked = self._questions(quiz, "questions-2", 72, others or numbers, kept)
            more = self.blind_check(asked, "answers-2", 75)
            quiz.rules["blind"] += len(asked) - len(more)
            kept += more
        return quiz, kept

    def _questions(
        self, quiz: Quiz, key: str, percent: int, numbers: Sequence[int], besides: Sequence[PlannedQuestion]
    ) -> list[PlannedQuestion]:
        count = self.wanted + _SPARE_QUESTIONS - len(besides)
        blanks = blanks_on(numbers, count, self.numbered, self.uses, self.rng(key))
        if not blanks:
            return []
        instruction = self.calls.template.fill(
            "questions",
            count=len(blanks),
            plan=told(blanks),
            avoid=telling.to_avoid(self.uses, self.numbered),
        )
        answer = self.calls.ask(
            Call(
                key=key,
                data=self.numbered.block,
                instruction=instruction,
                schema=(schema := self.calls.schemas.questions(blanks)),
                accepts=loosened(schema),
                doing="Writing questions" if not besides else "Writing more questions",
                percent=percent,
                expected_tokens=len(blanks) * 45,
            )
        )
        return quiz.read(answer, blanks, besides)

    def blind_check(self, asked: Sequence[PlannedQuestion], key: str, percent: int) -> list[PlannedQuestion]:
        """The questions whose keys the model itself finds when it sees the quotes alone."""
        if not asked:
            return []
        rng = self.rng(key)
        offered = [each.offered(self.numbered[each.number], rng) for each in asked]
        answer = self.calls.ask(
            Call(
                key=key,
                data=telling.quizzed(asked, offered, self.numbered),
                instruction=self.calls.template.fill("answers"),
                schema=(schema := self.calls.schemas.answers(offered)),
                accepts=loosened(schema),
                doing="Answering the questions from their quotes alone",
                percent=percent,
                expected_tokens=len(asked) * 10,
                is_judgement=True,
            )
        )
        said = [str(answer[str(number)]) for number in range(1, len(asked) + 1)]
        return [each for each, text in zip(asked, said, strict=True) if each.agrees(text, self.numbered[each.number])]

    def verify(self, prose: Prose, outline: Outline) -> None:
        """The second layer; one more wording for what either layer refused; the second layer on those; their quotes."""
        self.second_layer(prose, prose.to_verify(), "verify", 78)
        if prose.refused:
            lines = [prose.lines[at] for at in prose.refused]
            told = telling.refused(lines, self.numbered, [topic.numbers for topic in outline.topics])
            answer = self.calls.ask(
                Call(
                    key="rewrite-1",
                    data=self.numbered.block,
                    instruction=f"{self.calls.template.fill('rewrite')}\n{told}",
                    schema=self.calls.schemas.rewritten(range(1, len(lines) + 1)),
                    doing=f"Rewriting {len(lines)} {'sentence' if len(lines) == 1 else 'sentences'}",
                    percent=82,
                    expected_tokens=len(lines) * 38,
                )
            )
            anew = prose.take_rewritten(answer, self.numbered)
            self.second_layer(prose, prose.to_verify(anew), "verify-rewritten", 86)
        prose.settle(self.numbered)

    def second_layer(self, prose: Prose, places: Sequence[int], key: str, percent: int) -> None:
        """Have the judging model refuse those of these lines that it does not call supported."""
        if not places:
            return
        verdicts = self.calls.ask(
            Call(
                key=key,
                data=telling.judged([prose.lines[at] for at in places], self.numbered),
                instruction=self.calls.template.fill("verify"),
                schema=self.calls.schemas.verdicts(len(places)),
                doing="Judging each sentence by its quotes alone",
                percent=percent,
                expected_tokens=len(places) * 6,
                is_judgement=True,
                by_judge=True,
            )
        )
        prose.take_verdicts(places, verdicts)

    def shortened(
        self, lines: Sequence[Line], asked: Sequence[PlannedQuestion], terms: Sequence[str], spare_words: int
    ) -> list[Line]:
        """The lines with as much of each quote as the model chooses, at most so many words less together."""
        kept = list(lines)
        found = shortenable(lines, asked, terms, self.judge, spare_words)
        if not found:
            return kept
        answer = self.calls.ask(
            Call(
                key="shorten",
                data=telling.shortenable(found),
                instruction=self.calls.template.fill("shorten", level=given(limits_of(self.request.level))),
                schema=(schema := self.calls.schemas.cuts([each.letters for each in found])),
                accepts=loosened(schema),
                doing=f"Shortening {len(found)} {'sentence' if len(found) == 1 else 'sentences'}",
                percent=88,
                expected_tokens=len(found) * 6,
            )
        )
        for number, each in enumerate(found, 1):
            kept[each.at] = each.chosen(answer[str(number)])
        return kept

    # ------------------------------------------------------------ refusing

    def _refuse_nonsense(self, prose: Prose, quiz: Quiz, asked: Sequence[PlannedQuestion]) -> None:
        if prose.lost > _MOST_LOST * prose.total or len(asked) < USUAL_QUESTIONS.fewest:
            raise self._unusable(prose, quiz, len(asked))

    def _refuse_patchwork(self, body: Body, prose: Prose, quiz: Quiz, asked: Sequence[PlannedQuestion]) -> None:
        """Refuse a body that is too short, or mostly of quotes that the program put there."""
        own = prose.total - prose.lost
        is_patchwork = own < _FEWEST_OF_MODEL or 2 * own < sum(1 for _ in body.lines)
        if is_patchwork or body.words < FEWEST_WORDS or len(body.kept_topics()) < 2:
            raise self._unusable(prose, quiz, len(asked))

    def _unusable(self, prose: Prose, quiz: Quiz | None, questions: int) -> CheckFailed:
        """The report: how many sentences and questions were refused, by rule."""
        lost = max(prose.lost, len(prose.refused))
        why = f" (refused: {prose.told()})" if prose.rules else ""
        told = f"{lost} of its {prose.total} sentences do not stand{why}"
        if quiz is not None:
            rules = ", ".join(f"{rule} {count}" for rule, count in quiz.rules.most_common() if count)
            told += f"; {questions} of its {quiz.total} questions can be used{f' (refused: {rules})' if rules else ''}"
        return CheckFailed(f"What the model wrote can't be made a lesson: {told}.", hint=_OTHER_MODEL)

    # ------------------------------------------------------------ how it came to be

    def spent_on(self, provenance: Provenance) -> Provenance:
        """The provenance with what all calls took so far, and with all prompts."""
        spent = self.attempt.spent()
        return provenance.model_copy(
            update={"tokens": spent.tokens, "cost": spent.cost, "prompt_sha256": self.calls.prompts_sha256}
        )

    def _provenance(self, prose: Prose, questions: int, started: float) -> Provenance:
        layers = {layer: prose.layers[layer] for layer in _LAYERS}
        provenance = Provenance(
            writer=NAME,
            model=self.calls.answered_by or self.calls.model,
            seed=self.attempt.seed,
            temperature=self.calls.temperature,
            template=self.calls.template.mark,
            duration_seconds=round(time.monotonic() - started, 3),
            check=CheckSummary(passed=False, rules=0, layers=_LAYERS, refused=layers),
            resolution=self.material.resolution or None,
            rewritten=prose.rewritten,
            replaced=prose.replaced,
            notices=self._notices(questions),
        )
        return self.spent_on(provenance)

    def _notices(self, questions: int) -> list[str]:
        notices: list[str] = []
        if self.request.questions and questions < self.request.questions:
            notices.append(f"{questions} questions passed the checks, not the {self.request.questions} asked for.")
        if self.numbered.left_out:
            notices.append(
                f"Sentences of the sources that speak to a program, not to a reader, were left out: "
                f"{self.numbered.left_out}."
            )
        return notices


def _noticed(draft: Draft, notice: str) -> Draft:
    provenance = draft.lesson.provenance
    changed = provenance.model_copy(update={"notices": [*provenance.notices, notice]})
    lesson: Lesson = draft.lesson.model_copy(update={"provenance": changed})
    return Draft(lesson=lesson, texts=draft.texts)
