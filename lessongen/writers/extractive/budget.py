"""How much a lesson of so many minutes holds: a short one has fewer sections and questions, not all of them thinner."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lessongen.lesson.limits import FEWEST_WORDS, USUAL_QUESTIONS

_CHAPTERS = 3
_MOST_CHAPTERS = 5  # where fewer bear too few questions
_WORDS = 420  # a lead has about 76, a full article thousands
_FEWEST_WORDS = FEWEST_WORDS + 50  # whole sentences seldom make the fewest exactly
_WHOLE_MINUTES = 35  # from here on a lesson holds all that it would hold without a limit
_TWO_CHAPTERS_MINUTES = 22
_MINUTES_A_QUESTION = 3.5  # with its share of what is read and done before it


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Sections of a full article, words of a short one and as many of its neighbours, and questions, at most."""

    chapters: int = _CHAPTERS
    words: int = _WORDS
    questions: int = USUAL_QUESTIONS.most

    @classmethod
    def of(cls, minutes: int | None, questions: int | None) -> Budget:
        """What so many minutes hold; all without a limit, and where more questions are asked for than they hold."""
        if minutes is None or minutes >= _WHOLE_MINUTES:
            return AMPLE
        held = max(USUAL_QUESTIONS.fewest, round(minutes / _MINUTES_A_QUESTION))
        if (questions or 0) > held:
            return AMPLE
        return cls(
            chapters=2 if minutes >= _TWO_CHAPTERS_MINUTES else 1,
            words=max(_FEWEST_WORDS, _WORDS * minutes // _WHOLE_MINUTES),
            questions=held,
        )

    @property
    def wider(self) -> tuple[Budget, ...]:
        """Itself, then what to try where that bears no lesson: more text first, at last more questions too."""
        sections = (replace(self, chapters=count) for count in range(self.chapters, _CHAPTERS + 1))
        more = (replace(AMPLE, chapters=count) for count in range(_CHAPTERS + 1, _MOST_CHAPTERS + 1))
        return tuple(dict.fromkeys((*sections, replace(AMPLE, questions=self.questions), AMPLE, *more)))


AMPLE = Budget()
