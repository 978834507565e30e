"""What a model wrote and the checks left, put together as a lesson; all that can be computed is computed here."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lessongen.lesson.draft import Draft
from lessongen.lesson.model import (
    Activity,
    Bloom,
    Check,
    KeyTerm,
    Lesson,
    Objective,
    Prose,
    Provenance,
    Question,
    Statement,
)
from lessongen.lesson.questions import composed
from lessongen.lesson.questions.base import Places, Solution
from lessongen.lesson.reading import with_roles
from lessongen.lesson.task import LessonRequest
from lessongen.text.words import split_title
from lessongen.writers.extractive import activities
from lessongen.writers.extractive.article import Article
from lessongen.writers.extractive.quotes import QuoteBook
from lessongen.writers.openai import forms
from lessongen.writers.openai.asked import PlannedQuestion
from lessongen.writers.openai.body import Body
from lessongen.writers.openai.forms import Material
from lessongen.writers.openai.minutes import Phase, timed
from lessongen.writers.openai.outline import Outline, Topic, Word
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.plain import plain
from lessongen.writers.openai.prose import Line
from lessongen.writers.openai.schemas import BLOOMS

_MOST_NAMED = 5


@dataclass(frozen=True, eq=False)
class Composer:
    """Everything that a lesson is put together from; `steps` are those of an activity in the model's words."""

    request: LessonRequest
    numbered: Numbered
    outline: Outline
    body: Body
    asked: Sequence[PlannedQuestion]
    steps: Sequence[str]
    rng: random.Random

    def draft(self, provenance: Provenance) -> Draft:
        """The lesson with the texts of its sources."""
        request = self.request
        summary = self._summary()
        terms = [KeyTerm(term=word.text, definition=self._quote(word.number)) for word in self.outline.words]
        # What may be worded freely depends on the quotes: all of them have to be cited first.
        statements = [[self._statement(line) for line in lines] for _, lines in self._topics]
        for asked in self.asked:
            self._quote(asked.number)
        objectives, by_topic = self._objectives()
        questions = self._questions(by_topic)
        sections = timed(self._phases(statements, questions, by_topic), request.minutes)
        lesson = Lesson(
            title=f"{capital(self.about)}: an introduction",
            subject=request.subject,
            topic=request.topic,
            language=request.language,
            level=request.level,
            variant=request.variant,
            minutes=sum(section.minutes for section in sections),
            summary=summary,
            objectives=objectives,
            key_terms=terms,
            sections=sections,
            questions=questions,
            sources=self._book.sources(),
            provenance=provenance,
        )
        return Draft(lesson=with_roles(lesson), texts=self._book.texts)

    @cached_property
    def _book(self) -> QuoteBook:
        return QuoteBook(self.numbered.article)

    @cached_property
    def _topics(self) -> list[tuple[Topic, Sequence[Line]]]:
        return self.body.kept_topics()

    @cached_property
    def about(self) -> str:
        """What the lesson is about, in running text."""
        return spoken_of(self.numbered.article)

    @cached_property
    def _material(self) -> Material:
        sources = self._book.sources()
        quotes = [text for source in sources for quote in source.quotes for text in (quote.section, quote.text)]
        asked_for = [text for text in (self.request.topic, self.request.subject) if plain(text)]
        return Material([*asked_for, *(source.title for source in sources), *quotes])

    # ------------------------------------------------------------ statements

    def _quote(self, number: int) -> Statement:
        return self._book.statement(self.numbered[number])

    def _statement(self, line: Line) -> Statement:
        if line.is_quote:
            return self._quote(line.cites[0])
        cites = [self._book.cite(self.numbered[number]) for number in line.cites]
        return Statement(text=line.text, cites=cites, origin="written")

    def _summary(self) -> Statement:
        """The article's first sentence that can be read by itself."""
        alone = [number for number in self.numbered.numbers if not self.numbered[number].points_back]
        own = [number for number in alone if self.numbered[number].article is self.numbered.article]
        return self._quote((own or alone)[0])

    # ------------------------------------------------------------ objectives

    def _objectives(self) -> tuple[list[Objective], dict[int, str]]:
        """The objectives that questions ask about, and each section's, by the section's place in the outline."""
        wanted: dict[str, Bloom] = {}
        texts: dict[int, str] = {}
        asked = {self._topic_of(each) for each in self.asked}
        for topic, _ in self._topics:
            if id(topic) in asked:
                bloom, text = self._objective(topic)
                wanted.setdefault(text, bloom)
                texts[id(topic)] = text
        ids = {text: f"o{number}" for number, text in enumerate(wanted, 1)}
        objectives = [Objective(id=ids[text], bloom=bloom, text=text) for text, bloom in wanted.items()]
        return objectives, {topic: ids[text] for topic, text in texts.items()}

    def _topic_of(self, asked: PlannedQuestion) -> int:
        """The kept section that a question belongs to."""
        topic = self.outline.topics[self.body.section_of(asked.number)]
        kept = [each for each, _ in self._topics]
        return id(topic if topic in kept else kept[0])

    def _objective(self, topic: Topic) -> tuple[Bloom, str]:
        """The model's, if its words are those of the material; else one that its key term or the topic gives."""
        if topic.objective is not None:
            text = capital(topic.objective.rstrip(". ")) + "."
            for bloom in BLOOMS:
                if topic.level == bloom and forms.is_objective(text, bloom, self._material):
                    return bloom, text
        word = next((word for word in self.outline.words if word.number in topic.numbers), None)
        if word is None:
            return "remember", f"Recall facts about {self.about}."
        return "understand", explaining(word)

    # ------------------------------------------------------------ questions

    def _questions(self, objectives: Mapping[int, str]) -> list[Question]:
        places = Places(self.rng)
        kept = [id(topic) for topic, _ in self._topics]
        ordered = sorted(self.asked, key=lambda each: kept.index(self._topic_of(each)))
        return [
            as_question(
                asked,
                name=f"q{number}",
                objective=objectives[self._topic_of(asked)],
                feedback=self._quote(asked.number),
                places=places,
            )
            for number, asked in enumerate(ordered, 1)
        ]

    # ------------------------------------------------------------ sections

    def _phases(
        self, statements: Sequence[list[Statement]], questions: Sequence[Question], objectives: Mapping[int, str]
    ) -> list[Phase]:
        """A question at the end of each section with text; the others together, and the ways in and out around them."""
        waiting = list(questions)
        phases: list[Phase] = []
        for number, ((topic, _), said) in enumerate(zip(self._topics, statements, strict=True)):
            own = objectives.get(id(topic))
            blocks: list[Prose | Activity | Check] = [Prose(sentences=said)]
            first = next((each for each in waiting if each.objective == own), None)
            if first is not None and len(waiting) > 1:
                waiting.remove(first)
                blocks.append(Check(question=first.id))
            is_last = number == len(self._topics) - 1
            if is_last:
                blocks.append(self._practice())
            phases.append(
                Phase(
                    kind="practice" if is_last and number else "explain",
                    title=self._title(topic, number),
                    objectives=(own,) if own else (),
                    blocks=tuple(blocks),
                )
            )
        served = tuple(dict.fromkeys(each.objective for each in waiting))
        closing = activities.close(self.about, self.rng)
        asking = [Check(question=each.id) for each in waiting]
        opening = activities.engage(self.about, self.rng)
        engage = Phase(kind="engage", title="What do you know already?", objectives=(), blocks=(opening,))
        if len(phases) > 3:  # six sections are the most that a lesson has
            return [
                engage,
                *phases,
                Phase(kind="check", title="Check yourself", objectives=served, blocks=(*asking, closing)),
            ]
        check = Phase(kind="check", title="Check yourself", objectives=served, blocks=tuple(asking))
        return [engage, *phases, check, Phase(kind="close", title="Looking back", objectives=(), blocks=(closing,))]

    def _practice(self) -> Activity:
        """The model's steps, if all of them instruct in words of the material; else one of the program's activities."""
        if len(self.steps) >= 2 and all(forms.is_step(step, self._material) for step in self.steps):
            return Activity(steps=list(self.steps), grouping="pairs", product="Your notes on the steps above")
        names = [word.text for word in self.outline.words][:_MOST_NAMED]
        return activities.practice(self.about, names, self.rng)

    def _title(self, topic: Topic, number: int) -> str:
        """The model's title, else the heading that the section's sentences stand under, else one of the program's."""
        heading = self.numbered[topic.numbers[0]].heading
        proposed = [topic.title, plain(heading) if number else None]
        for text in proposed:
            if text and forms.is_title(text, self._material):
                return capital(text)
        return f"About {self.about}" if number == 0 else f"More about {self.about}"


# ---------------------------------------------------------------- parts that a repair needs too


def as_question(asked: PlannedQuestion, *, name: str, objective: str, feedback: Statement, places: Places) -> Question:
    """The schema's question."""
    return composed(
        asked.kind,
        Solution(answer=asked.answer, is_true=asked.answer == "true", wrong=asked.wrong),
        places,
        id=name,
        objective=objective,
        bloom=asked.bloom,
        stem=asked.stem,
        term=asked.term,
        feedback=feedback,
        origin="written" if asked.is_written else "quoted",
        cites=feedback.cites,
    )


def spoken_of(article: Article) -> str:
    """What an article is about, in running text: "verbs", "the heart", "Brazil"."""
    if article.term is not None:
        return article.term.in_general
    name = split_title(article.title)[0]
    return name[:1].lower() + name[1:] if article.is_common_noun else name


def explaining(word: Word) -> str:
    """An objective for a key term: "Explain what a verb is." """
    term = word.term
    if term is None:
        return f"Explain the term “{word.text}”."
    if term.is_someone:
        return f"Describe {term.noun_phrase}."
    return f"Explain what {term.noun_phrase} {term.verb}."


def capital(text: str) -> str:
    """The text with a capital at its front."""
    return text[:1].upper() + text[1:]
