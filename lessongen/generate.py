"""One task, step by step: sources, writer, check; nothing that fails the check comes out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lessongen.check import examine
from lessongen.errors import CheckFailed, ConfigurationError, UnsupportedLanguage
from lessongen.lesson import CheckSummary, Lesson
from lessongen.ports.content import Attempt, Draft, Material, Source, Writer
from lessongen.ports.store import NewVersion
from lessongen.task import LessonRequest

_PROBLEMS_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Generator:
    """Makes a checked lesson for a request. Sources and writers are made when first needed, by name."""

    sources: Mapping[str, Callable[[], Source]]
    writers: Mapping[str, Callable[[], Writer]]
    body_text: Callable[[Lesson], str]

    def __call__(self, request: LessonRequest, attempt: Attempt) -> NewVersion:
        """The next version of the lesson that was asked for.

        Raises `Uncovered` or `TooThin` where the sources don't bear a lesson, `CheckFailed` where the writer's lesson
        does not pass the gate, `Cancelled` when told to stop.
        """
        started = time.monotonic()
        writer = self._writer(request)
        material = self._material(request, attempt)
        attempt.about(material.article.title)
        attempt.progress("write", 20, f"Writing about “{material.article.title}”")
        draft = writer.write(request, material, attempt)
        attempt.progress("check", 90, "Checking every sentence against its source")
        lesson = self._checked(draft, seconds=time.monotonic() - started)
        return NewVersion(
            name=request.lesson,
            content=lesson.model_dump_json(),
            body=self.body_text(lesson),
            texts=draft.texts,
            writer=writer.name,
            model=request.model or "",
            reason="created",
        )

    def _writer(self, request: LessonRequest) -> Writer:
        name = "extractive" if request.writer == "auto" else request.writer
        if name not in self.writers:
            known = ", ".join(sorted(self.writers))
            raise ConfigurationError(f"There is no writer {name!r}.", hint=f"The writers are: {known}.")
        writer = self.writers[name]()
        if request.language not in writer.languages:
            spoken = ", ".join(sorted(writer.languages))
            raise UnsupportedLanguage(
                f"The {name} writer has no rules for the language {request.language!r}.", hint=f"It writes: {spoken}."
            )
        return writer

    def _material(self, request: LessonRequest, attempt: Attempt) -> Material:
        source = self.sources["offline"]()
        inputs = {"source": "offline", "request": request.as_json()}
        found = attempt.step("sources", inputs, lambda: source.find(request, attempt).as_json())
        return Material.from_json(found)

    def _checked(self, draft: Draft, *, seconds: float) -> Lesson:
        report = examine(draft.lesson, draft.texts)
        if not report.passed:
            shown = "; ".join(f"{problem.rule} at {problem.where}" for problem in report.problems[:_PROBLEMS_SHOWN])
            more = len(report.problems) - _PROBLEMS_SHOWN
            raise CheckFailed(
                f"The lesson did not pass its checks, so it was not saved: {shown}"
                + (f" and {more} more." if more > 0 else "."),
                hint="Try again with another --seed, or with --article TITLE.",
            )
        summary = CheckSummary(passed=True, rules=report.rules, layers=["deterministic"])
        provenance = draft.lesson.provenance.model_copy(
            update={"check": summary, "duration_seconds": round(seconds, 3)}
        )
        return draft.lesson.model_copy(update={"provenance": provenance})
