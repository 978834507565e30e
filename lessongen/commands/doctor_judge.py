"""`doctor`'s look at who judges sentences, and by which exam."""

from __future__ import annotations

from collections.abc import Iterator

from lessongen.app import App
from lessongen.commands.doctor_sources import Finding
from lessongen.commands.judge_figures import figures_of
from lessongen.system.errors import ConfigurationError, ExitCode

_NAME = "judge"


def judge(app: App) -> Iterator[Finding]:
    """Whether a model may judge. Nothing is asked: what counts are the exams that were sat here."""
    from lessongen.check.judges.exam import exam_name

    chosen = app.judge_for(app.settings.judge)
    if chosen == "rules":
        yield Finding(_NAME, "ok", "rules: words, numbers and names are compared, strictly")
        return
    if chosen != "model":
        yield Finding(_NAME, "fail", f"there is no judge {chosen}", "lessongen config set judge.name auto")
        return
    sit = app.command("judge", "exam")
    try:
        standing = app.judge_standing()
    except ConfigurationError as error:
        yield Finding(_NAME, "fail", error.message, error.hint, ExitCode.CONFIGURATION)
        return
    if standing is None:
        yield Finding(_NAME, "ok", "a model, the one that the judge's server offers", f"Have it examined: {sit}")
        return
    if standing.result is None:
        detail = "the judging model has not sat the exam; it sits the short one before its first lesson"
        yield Finding(_NAME, "ok", detail, f"Or now, and the whole: {sit}")
        return
    figures = figures_of(standing.result, app.bar, exam_name())
    name = standing.result.identity.name
    if standing.has_passed:
        yield Finding(_NAME, "ok", f"{name} has passed: {figures.shares}")
        return
    remedy = "Name an abler judge: lessongen config set judge.model NAME"
    yield Finding(_NAME, "warn", f"{name} has not passed: {figures.shares}; the rules judge in its place", remedy)
