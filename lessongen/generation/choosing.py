"""Which of a draft's questions are shown, where a writer wrote more of a role than a lesson has room for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from lessongen.lesson.draft import Problem
from lessongen.lesson.model import Lesson
from lessongen.lesson.place import Place
from lessongen.lesson.questions.base import Question


def surplus(
    lesson: Lesson,
    problems: Sequence[Problem],
    shown: Mapping[str, int],
    kept: Collection[str] = (),
    least: Mapping[str, int] | None = None,
) -> frozenset[str]:
    """The ids of the questions that are not shown: those with most against them, and of the others what is like more.

    Of a role that `shown` names so many stay, over as many objectives and in as many kinds as there are. Where `least`
    names fewer, those go too that something besides a reason is wrong with, down to so many: nobody mends them;
    the last one on an objective stays, to be mended. Questions of the ids `kept` stay before all others.
    """
    named: list[tuple[str, Place]] = []
    for problem in problems:
        match problem.where.steps:
            case ("questions", int(at), *_):
                named.append((lesson.questions[at].id, problem.where))
    against = Counter(name for name, _ in named)
    flawed = {name for name, where in named if where.steps[2:3] not in (("feedback",), ("why",))}
    gone: set[str] = set()
    for role, most in shown.items():
        written = [question for question in lesson.questions if question.role == role]
        chosen: list[Question] = []
        while len(chosen) < min(most, len(written)):
            goals = Counter(each.objective for each in chosen)
            kinds = Counter(each.kind for each in chosen)
            rest = [each for each in written if each not in chosen]
            chosen.append(
                min(
                    rest,
                    key=lambda each: (each.id not in kept, against[each.id], goals[each.objective], kinds[each.kind]),
                )
            )
        fewest = (least or {}).get(role, most)
        elsewhere = Counter(each.objective for each in lesson.questions if each.role not in (role, "starter"))
        for each in sorted(chosen, key=lambda each: -against[each.id]):
            goals = elsewhere + Counter(other.objective for other in chosen)
            may_go = each.id in flawed and each.id not in kept and (role == "starter" or goals[each.objective] > 1)
            if may_go and len(chosen) > fewest:
                chosen.remove(each)
        gone |= {each.id for each in written if each not in chosen and each.id not in kept}
    return frozenset(gone)


def without_surplus(lesson: Lesson, problems: Sequence[Problem], gone: Collection[str]) -> list[Problem]:
    """The problems of all but those questions."""
    places = {("questions", at) for at, question in enumerate(lesson.questions) if question.id in gone}
    return [problem for problem in problems if problem.where.steps[:2] not in places]
