"""No setting lets a judge judge that has failed its exam, but what it has to reach; and that is told in the lesson."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from lessongen.app import App
from lessongen.check.reading import Reading
from lessongen.check.verdicts import judged
from lessongen.lesson.draft import Draft
from lessongen.lesson.model import Lesson
from lessongen.lesson.task import LessonRequest
from lessongen.lesson.who_judged import who_judged
from lessongen.system.errors import ConfigurationError, UsageError
from lessongen.system.settings import KEYS, load
from tests import good_model
from tests.attempts import PlainAttempt
from tests.judging import LABELS, Shown
from tests.lessons import JUDGED, changed, teaching, texts
from tests.scripted_model import ScriptedModel

WHAT_IT_HAS_TO_REACH = {"judge.caught", "judge.accepted"}
WHERE = {
    "database",
    "openai.base_url",
    "judge.base_url",
}  # another place has other results, another server other judges
VALUES = (
    "model",
    "auto",
    "yes",
    "no",
    "0",
    "0.01",
    "1",
    "2",
    "1000",
    "100000",
    "1s",
    "none",
    "grade-2",
    "fr",
    "localhost",
)
WRITTEN = {"sections[1].blocks[0].sentences[3]": {"text": JUDGED, "cites": ["keel"], "origin": "written"}}


def carelessly(item: Shown) -> str:
    is_honest = LABELS.get(item.sentence, True)
    return "supported" if is_honest or sum(map(ord, item.sentence)) % 7 == 0 else "not said"


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    """A server whose model accepts what is honest, and one in seven of what is not."""
    with ScriptedModel(lambda request: good_model.judged(request, carelessly), models=None) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("LESSONGEN_OPENAI_MODEL", "scripted-1")
        monkeypatch.setenv("LESSONGEN_JUDGE_NAME", "auto")
        yield server


def judged_under(setting: str, value: str, monkeypatch: pytest.MonkeyPatch) -> Lesson | None:
    """The lesson as it is judged with that setting; None where the setting can't have that value."""
    with monkeypatch.context() as patched:
        patched.setenv(KEYS[setting].variable, value)
        try:
            app = App(load(os.environ))
        except ConfigurationError:
            return None
        request = LessonRequest(subject="crafts", topic="boats", writer="openai", seed=1)
        judging: Any = app.generator().judging
        try:
            draft = Draft(lesson=changed(teaching(), WRITTEN), texts=texts())
            return judging.draft(draft, request, PlainAttempt()).draft.lesson  # type: ignore[no-any-return]
        except UsageError:
            return None
        finally:
            app.close()


def by_a_model(lesson: Lesson) -> list[str]:
    found = judged(Reading(lesson, texts()))
    return [each.claim.sentence for each in found if each.verdict and each.verdict.judge != "rules"]


@pytest.mark.usefixtures("careless")
def test_no_setting_has_a_failed_judge_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each setting at the first value of the list that it may have and that is not its own."""
    tried = 0
    for setting in sorted(KEYS.keys() - WHAT_IT_HAS_TO_REACH - WHERE):
        lessons = (judged_under(setting, value, monkeypatch) for value in VALUES if value != KEYS[setting].default)
        lesson = next((each for each in lessons if each is not None), None)
        if lesson is not None:
            tried += 1
            assert by_a_model(lesson) == [], setting
            assert lesson.provenance.judge == "rules"
            assert lesson.provenance.exams == []
    assert tried > len(KEYS) / 2


@pytest.mark.usefixtures("careless")
def test_a_lowered_bar_alone_does_and_the_lesson_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = judged_under("judge.caught", "0.5", monkeypatch)
    assert lesson is not None
    assert JUDGED in by_a_model(lesson)
    (notice,) = [each for each in lesson.provenance.notices if "asked of it" in each]
    assert "only 50 % and 90 % were asked of it, less than the usual 95 % and 90 %" in notice
    assert notice == who_judged(lesson.provenance.model_dump())
