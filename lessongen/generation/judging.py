"""Who judges a draft's sentences: the configured judge where it has passed its exam, else the word rules alone.

A judge that can't be asked has neither passed nor failed: what it raises goes through, the task is tried again or
fails as with any server, and nothing stands meanwhile. Only a failed exam makes the rules judge in a model's place.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lessongen.check.judges import Judge
from lessongen.check.judges.exam import Exam, load_exam
from lessongen.check.judges.rules import RulesJudge
from lessongen.check.judges.sitting import ExamResults, ensure_examined, standing
from lessongen.generation.verdicts import Outcome, Seat, judged_anew, judged_draft
from lessongen.lesson.attempt import Attempt, answered_at_once
from lessongen.lesson.draft import Anew, Draft, Stored
from lessongen.lesson.judgement import Bar
from lessongen.lesson.model import Examined
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.who_judged import ABLER, RULES
from lessongen.system.clock import Clock, SystemClock

PERCENTS = (88, 90)
"""Where a task's progress is while it is judged."""
_WAIT_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Judging:
    """Makes the judge that a request means, sees to its exam, and has drafts judged; for several threads at once.

    `is_writer` says whether the model that judges for a request is the one that writes. `hold` makes this process the
    one that has a judge sit its exam, until the release is called or the process ends; it gives None where another is.
    """

    judge: Callable[[LessonRequest, Exam], Judge]
    exam: Callable[[], Exam] = load_exam
    results: Callable[[], ExamResults]
    bar: Bar = field(default_factory=Bar)
    clock: Clock = field(default_factory=SystemClock)
    is_writer: Callable[[LessonRequest], bool] = lambda _: False
    hold: Callable[[], Callable[[], None] | None] = lambda: lambda: None
    _sitting: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def draft(self, draft: Draft, request: LessonRequest, attempt: Attempt, stored: Stored | None = None) -> Outcome:
        """The draft with a verdict on each sentence that a judge found borne out, and those that it refused.

        What is kept of `stored` was judged when it was written. Raises what `Judge.judge` raises.
        """
        return judged_draft(draft, stored, attempt, lambda: self.seat(request, attempt))

    def anew(self, stored: Draft, made: Anew, request: LessonRequest, attempt: Attempt) -> tuple[Draft, Anew]:
        """The same for what is made for a part of a stored lesson, without what was refused; both as they are then."""
        return judged_anew(stored, made, attempt, lambda: self.seat(request, attempt))

    def seat(self, request: LessonRequest, attempt: Attempt) -> Seat:
        """Who judges; a model that has not sat its exam yet sits it now. Raises what `Judge.judge` raises."""
        exam = self.exam()
        judge = self.judge(request, exam)
        if judge.identity.judge == RULES:
            return Seat(judge=judge, why=f"no model is set to judge. {ABLER}")
        results = self.results()
        found = standing(judge.identity, exam.name, results, self.bar)
        if found.result is None:
            with self._alone(attempt):  # who waited here finds a result, and asks nothing
                found = ensure_examined(judge, exam, results, answered_at_once(attempt), self.clock, bar=self.bar)
        if found.has_passed and found.result is not None:
            return Seat(judge=judge, examined=Examined.of(found.result, self.bar))
        assert found.result is not None  # noqa: S101 - `ensure_examined` leaves none without
        (caught, unfaithful), (accepted, honest) = found.result.caught, found.result.accepted
        why = (
            f"{judge.identity.name} has not passed the exam (it caught {caught} of {unfaithful} unfaithful sentences "
            f"and accepted {accepted} of {honest} honest ones). {ABLER}"
        )
        return Seat(judge=RulesJudge(), why=why, mute=judge.identity.model if found.is_mute else "")

    @contextmanager
    def _alone(self, attempt: Attempt) -> Iterator[None]:
        """No two lessons have a judge sit its exam at once, in this process or another; who waits can be stopped."""

        def wait() -> None:
            attempt.progress("judge", PERCENTS[0], "Waiting for the judge to sit its exam")

        while not self._sitting.acquire(timeout=_WAIT_SECONDS):
            wait()
        try:
            while (release := self.hold()) is None:
                wait()
                time.sleep(_WAIT_SECONDS)
            try:
                yield
            finally:
                release()
        finally:
            self._sitting.release()
