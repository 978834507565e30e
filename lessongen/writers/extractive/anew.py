"""One part of a stored lesson in another way: other questions on what it shows, other sentences, another activity."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lessongen.lesson.attempt import Attempt
from lessongen.lesson.draft import Anew, Draft
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Document, Material, documents_of
from lessongen.lesson.model import Activity, Prose, Section
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import TooThin
from lessongen.text.words import stems, word_count
from lessongen.writers.extractive import activities, compose, questions
from lessongen.writers.extractive.article import Article, Passage, Run
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.chapters import Chapter
from lessongen.writers.extractive.choose import Used, choose, uses_of
from lessongen.writers.extractive.lifting import can_be_lifted
from lessongen.writers.extractive.objectives import Goals
from lessongen.writers.extractive.outline import Plan
from lessongen.writers.extractive.quotes import QuoteBook

_FEWEST_WORDS, _MOST_WORDS = 40, 160  # of a section's other sentences
_RUN_SENTENCES = 3


@dataclass(frozen=True, kw_only=True)
class Regeneration:
    """A stored lesson while one part of it is made anew."""

    stored: Draft
    request: LessonRequest
    attempt: Attempt
    encyclopedia: Encyclopedia | None

    @cached_property
    def _shelf(self) -> Articles:
        return Articles(self.encyclopedia)

    @cached_property
    def _rng(self) -> random.Random:
        return random.Random(self.attempt.seed)  # noqa: S311 - choices, not secrets

    # ------------------------------------------------------------ questions

    def questions(self) -> Anew:
        """All questions that can be asked on what the lesson shows, a good choice of fresh ones first."""
        plan = self._plan
        candidates = questions.candidates(plan, self._rng)
        used = uses_of(self.attempt.earlier)
        before = {question.stem for question in self.stored.lesson.questions}
        others = [each for each in candidates if each.stem not in before and self.tells(each.answer)]
        spare = [each for each in questions.spare(plan) if each.stem not in before and self.tells(each.answer)]
        if not others and not spare:
            raise TooThin("What the lesson says bears no other question.", hint="Write it again: `lessongen create`.")
        first = choose(others, max(len(before), 1), Used(earlier=used), self._rng, fewest=len(before))
        pool = [*first, *(each for each in others if each not in first)]
        pool.sort(key=lambda each: bool(each.uses & set(used)))
        self._rng.shuffle(spare)
        pool += spare
        book = QuoteBook(plan.main)
        asked = compose.questions(pool, Goals(pool, plan), book, self._rng)
        return Anew(questions=asked, sources=book.sources(), texts=book.texts)

    @cached_property
    def _plan(self) -> Plan:
        """The lesson's own sections as if they had been chosen now."""
        sections = [(section.title, tuple(self.shown_in(section))) for section in self.stored.lesson.sections]
        first, *rest = [(title, run) for title, run in sections if run] or [("", ())]
        chapters = tuple(Chapter(heading=title, runs=(run,)) for title, run in rest)
        return Plan(main=self.main, opening=first[1], chapters=chapters)

    # ------------------------------------------------------------ a section

    def section(self, name: str) -> Anew:
        """Other sentences for a section, and another activity where it has one."""
        section = self.section_named(name)
        book = QuoteBook(self.main)
        blocks: list[Prose | Activity] = []
        words = sum(
            word_count(each.text) for block in section.blocks if isinstance(block, Prose) for each in block.sentences
        )
        if words:
            said = [passage for run in self.other_runs(section, words) for passage in run]
            blocks += [Prose(sentences=[book.statement(passage) for passage in said])] if said else []
        activity = self.other_activity(section)
        blocks += [activity] if activity else []
        return Anew(blocks=blocks, sources=book.sources(), texts=book.texts)

    def section_named(self, name: str) -> Section:
        """The lesson's section of that id."""
        return next(each for each in self.stored.lesson.sections if each.id == name)

    def other_runs(self, section: Section, words: int) -> list[Run]:
        """Runs that the lesson does not show, under the section's own headings."""
        cited = {
            cite for block in section.blocks if isinstance(block, Prose) for s in block.sentences for cite in s.cites
        }
        own = {(passage.article, passage.heading) for quote, passage in self._by_quote.items() if quote in cited}
        room = max(_FEWEST_WORDS, min(words, _MOST_WORDS))
        runs = [run for article in dict.fromkeys(article for article, _ in own) for run in self._runs(article, own)]
        self._rng.shuffle(runs)
        chosen: list[Run] = []
        for run in runs:
            length = sum(word_count(passage.text) for passage in run)
            if room > 0 and length <= room + _FEWEST_WORDS:
                chosen.append(run)
                room -= length
        return sorted(chosen, key=lambda run: (run[0].article.title, run[0].sentence.start))

    def _runs(self, article: Article, places: set[tuple[Article, str]]) -> Iterator[Run]:
        """Sentences in a row that the lesson does not show, the first clear by itself, under one of these headings."""
        run: list[Passage] = []
        shown = self.shown
        for passage in article.passages:
            is_there = (article, passage.heading) in places and self._is_placed(passage) and passage not in shown
            is_usable = is_there and (can_be_lifted(passage.text) or not article.is_full)
            goes_on = bool(run) and passage.follows(run[-1]) and len(run) < _RUN_SENTENCES
            if run and not (is_usable and goes_on):
                yield tuple(run)
                run = []
            if is_usable and (run or passage.stands_alone):
                run.append(passage)
        if run:
            yield tuple(run)

    def _is_placed(self, passage: Passage) -> bool:
        """Whether it is known under which heading a passage stands: a stored text has lost its headings."""
        document = passage.article.document
        if passage.article.entry is not None and passage.article.entry.document.text == document.text:
            return True
        return any(part.start <= passage.sentence.start < part.end for part in document.parts)

    def other_activity(self, section: Section) -> Activity | None:
        """Another activity than the section has; None where it has none, or there is no other."""
        was = [block for block in section.blocks if isinstance(block, Activity)]
        other = activities.practice(self._plan, self._rng, was) if was else None
        return other if other not in was else None

    # ------------------------------------------------------------ what the lesson stands on

    @cached_property
    def _articles(self) -> Mapping[str, Article]:
        """The articles of the lesson's sources by the SHA-256 of their texts, its own first."""
        documents = documents_of(self.stored)
        digests = [
            source.text_sha256 for source in self.stored.lesson.sources if source.text_sha256 in self.stored.texts
        ]
        return {digest: self._read(document) for digest, document in zip(digests, documents, strict=True)}

    def _read(self, document: Document) -> Article:
        """The document as an article: the encyclopedia's own where it has this very text, with its headings."""
        entry = self.encyclopedia.entry_titled(document.title) if self.encyclopedia else None
        if entry is not None and entry.document.text == document.text:
            return self._shelf.article(entry.id)
        return self._shelf.read(document)

    @cached_property
    def material(self) -> Material:
        """The texts that the lesson stands on, as if they had just been found."""
        article, *others = documents_of(self.stored)
        return Material(article=article, others=tuple(others))

    @property
    def main(self) -> Article:
        """What the lesson is about."""
        return next(iter(self._articles.values()))

    @cached_property
    def _by_quote(self) -> Mapping[str, Passage]:
        """The passages that the lesson quotes, by the quotes' ids."""
        found: dict[str, Passage] = {}
        for source in self.stored.lesson.sources:
            article = self._articles.get(source.text_sha256)
            by_digest = {passage.sha256: passage for passage in article.passages} if article else {}
            found |= {quote.id: by_digest[quote.sha256] for quote in source.quotes if quote.sha256 in by_digest}
        return found

    def tells(self, answer: str) -> bool:
        """Whether the words of an answer can be read in the lesson: of a quote, a model may have said a part alone."""
        return set(stems(answer)) <= self._stems_of_text

    @cached_property
    def _stems_of_text(self) -> frozenset[str]:
        lesson = self.stored.lesson
        said = [each.text for section in lesson.sections for block in section.blocks if isinstance(block, Prose)
                for each in block.sentences]  # fmt: skip
        said += [
            lesson.summary.text,
            *(text for term in lesson.key_terms for text in (term.term, term.definition.text)),
        ]
        return frozenset(stems(" ".join(said)))

    @cached_property
    def shown(self) -> Sequence[Passage]:
        """The passages that the sections' text cites, in the order of the lesson, each once."""
        sections = self.stored.lesson.sections
        return list(dict.fromkeys(passage for section in sections for passage in self.shown_in(section)))

    def shown_in(self, section: Section) -> list[Passage]:
        """The passages that one section's text cites."""
        said = [each for block in section.blocks if isinstance(block, Prose) for each in block.sentences]
        return [self._by_quote[cite] for each in said for cite in each.cites if cite in self._by_quote]
