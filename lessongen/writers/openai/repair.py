"""Mends a draft by what the quality gate objects to: the blamed parts go, and what is then missing is asked for once.

Questions, sentences and terms are dropped, titles and objectives worded by the program. Only where too little is left
the model writes more; that passes the same two layers and the same blind check as all it writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessongen.lesson.draft import Draft, Problem
from lessongen.lesson.limits import FEWEST_WORDS, KEY_TERMS, USUAL_QUESTIONS, USUAL_SECTIONS
from lessongen.lesson.model import Lesson, Statement, sha256
from lessongen.lesson.questions.base import Places
from lessongen.text.words import word_count
from lessongen.writers.extractive import activities
from lessongen.writers.openai import telling
from lessongen.writers.openai.asked import PlannedQuestion
from lessongen.writers.openai.blanks import Blank, blanks_on, told
from lessongen.writers.openai.calls import Call
from lessongen.writers.openai.compose import as_question, spoken_of
from lessongen.writers.openai.plain import as_data, fenced
from lessongen.writers.openai.prose import Line, Prose
from lessongen.writers.openai.quiz import Quiz
from lessongen.writers.openai.schemas import loosened
from lessongen.writers.openai.writing import Writing

_WORDS_A_SENTENCE = 12
_MOST_ASKED = 8
_MOST_PROBLEMS_TOLD = 12
_OF_ALL_CHOICES = ("choice-answer-place", "choice-answer-length")
_MENDED_BY_TIDYING = ("quote-used", "source-used", "minutes-add-up", "objective-has-section", "objective-has-question")

Content = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MendedDraft(Draft):
    """A draft with how often it was repaired."""

    repairs: int = 0


class Repair:
    """One repair of one draft."""

    def __init__(self, draft: Draft, problems: Sequence[Problem], writing: Writing) -> None:
        self._draft = draft
        self._problems = problems
        self._writing = writing
        self._round = (draft.repairs if isinstance(draft, MendedDraft) else 0) + 1
        self._about = spoken_of(writing.numbered.article)

    def draft(self) -> Draft | None:
        """The mended draft; None where a problem can't be blamed on a part, or too little would be left."""
        content = self._draft.lesson.model_dump()
        if not all([self._mark(content, problem) for problem in self._problems]):
            return None
        _drop_marked(content)
        questions = max(0, USUAL_QUESTIONS.fewest - len(content["questions"]))
        sentences = max(0, -(-(FEWEST_WORDS - _words(content)) // _WORDS_A_SENTENCE))
        if len(content["key_terms"]) < KEY_TERMS.fewest or not content["sections"]:
            return None
        if questions or sentences:
            self._ask_for_more(content, questions, sentences)
        _tidy(content)
        if (
            len(content["questions"]) < USUAL_QUESTIONS.fewest
            or len(content["sections"]) < USUAL_SECTIONS.fewest
            or not content["objectives"]
        ):
            return None
        lesson = Lesson.model_validate(content)
        provenance = self._writing.spent_on(lesson.provenance)
        mended = lesson.model_copy(update={"provenance": provenance})
        kept = {source.text_sha256 for source in mended.sources}
        texts = {digest: text for digest, text in self._draft.texts.items() if digest in kept}
        return MendedDraft(lesson=mended, texts=texts, repairs=self._round)

    # ------------------------------------------------------------ what is blamed

    def _mark(self, content: Content, problem: Problem) -> bool:
        """Mark what has to go with None, or word it anew; False where nothing can be blamed."""
        if problem.rule in _MENDED_BY_TIDYING:
            return True
        if problem.rule in _OF_ALL_CHOICES:
            choices = [at for at, each in enumerate(content["questions"]) if each and each["kind"] == "choice"]
            for at in choices[1:]:
                content["questions"][at] = None
            return bool(choices)
        if problem.rule == "body-length":
            return True
        match problem.where.steps:
            case (("questions" | "key_terms" | "prior_knowledge" | "misconceptions") as field, int(at), *_):
                content[field][at] = None
            case ("objectives", int(at), *_):
                self._word_objective(content, at)
            case ("sections", int(section), "title"):
                self._word_title(content, section)
            case ("sections", int(section), "blocks", int(block), "sentences", int(at), *_):
                content["sections"][section]["blocks"][block]["sentences"][at] = None
            case ("sections", int(section), "blocks", int(block), "steps" | "product", *_):
                self._word_activity(content, section, block)
            case ("summary", *_):
                self._word_summary(content)
            case _:
                return False
        return True

    def _word_objective(self, content: Content, at: int) -> None:
        content["objectives"][at] |= {"bloom": "remember", "text": f"Recall facts about {self._about}."}

    def _word_title(self, content: Content, at: int) -> None:
        content["sections"][at]["title"] = f"{'More about' if at > 1 else 'About'} {self._about}"

    def _word_activity(self, content: Content, section: int, block: int) -> None:
        activity = activities.close(self._about, self._writing.rng("repair"))
        content["sections"][section]["blocks"][block] = activity.model_dump()

    def _word_summary(self, content: Content) -> None:
        content["summary"] = content["key_terms"][0]["definition"] if content["key_terms"][0] else content["summary"]

    # ------------------------------------------------------------ what is missing

    def _ask_for_more(self, content: Content, questions: int, sentences: int) -> None:
        writing = self._writing
        numbers = self._numbers(content)
        if not numbers:
            return
        calls = writing.calls
        asked_for = min(questions and questions + 1, _MOST_ASKED), min(sentences and sentences + 1, _MOST_ASKED)
        blanks = blanks_on(numbers, asked_for[0], writing.numbered, writing.uses, writing.rng(f"repair-{self._round}"))
        faults = [f"{each.rule}: {as_data(each.message)}" for each in self._problems[:_MOST_PROBLEMS_TOLD]]
        instruction = calls.template.fill(
            "repair",
            problems=fenced("FAULTS", faults),
            questions=len(blanks),
            plan=told(blanks),
            sentences=asked_for[1],
            numbers=telling.spelled(numbers),
        )
        answer = calls.ask(
            Call(
                key=f"repair-{self._round}",
                data=writing.numbered.block,
                instruction=instruction,
                schema=(schema := calls.schemas.repair(asked_for[1], blanks)),
                accepts=loosened(schema),
                doing="Writing anew what the check refused",
                percent=92,
                expected_tokens=60 + 55 * asked_for[0] + 34 * asked_for[1],
            )
        )
        self._add_sentences(content, answer["sentences"] if sentences else ())
        self._add_questions(content, answer["questions"], blanks)

    def _numbers(self, content: Content) -> list[int]:
        """Sentences that stand alone and that no question asks about, of sources that the lesson has already."""
        writing = self._writing
        sources = {source["text_sha256"] for source in content["sources"]}
        cited = {cite for question in content["questions"] for cite in question["cites"]}
        texts = {quote["text"] for source in content["sources"] for quote in source["quotes"] if quote["id"] in cited}
        alone = [writing.numbered[number] for number in writing.numbered.stand_alone()]
        return [
            writing.numbered.number_of[passage.sha256]
            for passage in alone
            if passage.text not in texts and sha256(passage.article.document.text) in sources
        ]

    def _add_sentences(self, content: Content, sentences: Iterable[Mapping[str, Any]]) -> None:
        writing = self._writing
        prose = Prose(judge=writing.judge)
        prose.add(0, sentences, writing.numbered)
        writing.second_layer(prose, prose.to_verify(), f"verify-repair-{self._round}", 94)
        prose.settle(writing.numbered)
        shown = {each["text"] for each in _sentences(content)}
        _last_prose(content)["sentences"] += [
            self._statement(content, line).model_dump() for line in prose.lines if line.text not in shown
        ]

    def _add_questions(
        self, content: Content, filled: Mapping[str, Mapping[str, Any]], blanks: Sequence[Blank]
    ) -> None:
        writing = self._writing
        quiz = Quiz(writing.numbered, writing.judge, writing.calls.recitation)
        asked = writing.blind_check(quiz.read(filled, blanks), f"answers-repair-{self._round}", 96)
        taken = {question["stem"] for question in content["questions"]}
        places = Places(writing.rng("repair"))
        for each in asked:
            if each.stem in taken:
                continue
            name = next(name for at in range(1, 100) if (name := f"q{at}") not in _ids(content))
            feedback = self._quote(content, each)
            objective = _least_asked(content)
            question = as_question(each, name=name, objective=objective, feedback=feedback, places=places)
            content["questions"].append(question.model_dump())
            shown = next((each for each in content["sections"] if each["kind"] == "check"), content["sections"][-1])
            shown["blocks"].append({"kind": "check", "question": name})
            if not any(feedback.text == said["text"] for said in _sentences(content)):
                _last_prose(content)["sentences"].append(feedback.model_dump())

    def _quote(self, content: Content, asked: PlannedQuestion) -> Statement:
        passage = self._writing.numbered[asked.number]
        return Statement(text=passage.text, cites=[self._cite(content, asked.number)], origin="quoted")

    def _statement(self, content: Content, line: Line) -> Statement:
        cites = [self._cite(content, number) for number in line.cites]
        return Statement(text=line.text, cites=cites, origin="quoted" if line.is_quote else "written")

    def _cite(self, content: Content, number: int) -> str:
        """The id of the sentence's quote, which is added to its source if it is not there."""
        passage = self._writing.numbered[number]
        digest = sha256(passage.article.document.text)
        source = next((each for each in content["sources"] if each["text_sha256"] == digest), content["sources"][0])
        for quote in source["quotes"]:
            if quote["sha256"] == passage.sha256:
                return str(quote["id"])
        taken = {quote["id"] for quote in source["quotes"]}
        name = next(name for at in range(1, 1000) if (name := f"{source['id']}.{at}") not in taken)
        source["quotes"].append(
            {"id": name, "section": passage.heading, "text": passage.text, "sha256": passage.sha256}
        )
        return name


# ---------------------------------------------------------------- the content of a lesson


def _drop_marked(content: Content) -> None:
    for name in ("questions", "key_terms", "misconceptions", "prior_knowledge"):
        content[name] = [each for each in content[name] if each is not None]
    for section in content["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "prose":
                block["sentences"] = [each for each in block["sentences"] if each is not None]


def _tidy(content: Content) -> None:
    """Leave out what nothing refers to any more, and empty sections; then the minutes add up again."""
    names = {question["id"] for question in content["questions"]}
    asked = {question["objective"] for question in content["questions"]}
    content["objectives"] = [each for each in content["objectives"] if each["id"] in asked]
    for section in content["sections"]:
        section["blocks"] = [block for block in section["blocks"] if _is_filled(block, names)]
        section["objectives"] = [each for each in section["objectives"] if each in asked]
    content["sections"] = [section for section in content["sections"] if section["blocks"]]
    if not content["sections"]:
        return
    served = {each for section in content["sections"] for each in section["objectives"]}
    content["sections"][0]["objectives"] += [each["id"] for each in content["objectives"] if each["id"] not in served]
    spent = sum(section["minutes"] for section in content["sections"])
    content["sections"][0]["minutes"] += max(0, content["minutes"] - spent)
    content["minutes"] = sum(section["minutes"] for section in content["sections"])
    cited = set(_cites(content))
    for source in content["sources"]:
        source["quotes"] = [quote for quote in source["quotes"] if quote["id"] in cited]
    first, *others = content["sources"]
    content["sources"] = [first, *(source for source in others if source["quotes"])]


def _is_filled(block: Mapping[str, Any], questions: set[str]) -> bool:
    if block["kind"] == "check":
        return block["question"] in questions
    return block["kind"] != "prose" or bool(block["sentences"])


def _blocks(content: Content) -> list[Content]:
    return [block for section in content["sections"] for block in section["blocks"]]


def _last_prose(content: Content) -> Content:
    return next(block for block in reversed(_blocks(content)) if block["kind"] == "prose")


def _sentences(content: Content) -> list[Content]:
    return [each for block in _blocks(content) if block["kind"] == "prose" for each in block["sentences"]]


def _words(content: Content) -> int:
    return sum(word_count(each["text"]) for each in _sentences(content))


def _ids(content: Content) -> set[str]:
    return {question["id"] for question in content["questions"]}


def _least_asked(content: Content) -> str:
    asked = [question["objective"] for question in content["questions"]]
    return str(min((each["id"] for each in content["objectives"]), key=asked.count))


def _cites(content: Content) -> Iterable[str]:
    statements = [content["summary"], *_sentences(content)]
    statements += [term["definition"] for term in content["key_terms"]]
    statements += [each["correction"] for each in content["misconceptions"]]
    for question in content["questions"]:
        statements += [question["feedback"], question]
    return (cite for statement in statements for cite in statement["cites"])
