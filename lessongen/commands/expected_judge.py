"""Who will judge a lesson's sentences, and how good that judge is by its exam: said before the lesson is asked for."""

from __future__ import annotations

from lessongen.app import App
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.who_judged import ABLER, RULES
from lessongen.system.errors import ConfigurationError


def who_will_judge(app: App, request: LessonRequest) -> tuple[str, str]:
    """Who judges what a model writes, in a line, and what a person can do about it; the latter may be empty.

    Where no exam is kept, with the price of the short one. Nothing is asked.
    """
    if app.judge_for(request.judge or app.settings.judge) == RULES:
        return "judged by word rules alone, strictly: no model is to judge", ABLER
    try:
        standing = app.judge_standing(request.model)
    except ConfigurationError as error:  # the worker may know a server
        return error.message, error.hint or ""
    if standing is None:
        return "judged by the model that its server offers, once that has passed a short exam", ""
    if standing.result is None:
        from lessongen.check.judges.exam import load_exam

        name = app.judge("model", exam=load_exam(), writing=request.model).identity.name
        price = app.exam_before(request)
        told = f": about {price.words} more" if price is not None else ""
        return f"{name} is to judge, and sits a short exam before{told}", ""
    from lessongen.check.judges.exam import exam_name
    from lessongen.commands.judge_figures import figures_of

    name, figures = standing.result.identity.name, figures_of(standing.result, app.bar, exam_name())
    if standing.has_passed:
        return f"judged by {name}, which has passed its exam: {figures.shares}", ""
    return f"judged by word rules alone, strictly: {name} has not passed its exam ({figures.shares})", ABLER
