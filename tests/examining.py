"""A process that has one lesson's sentence judged as a worker would: `python -m tests.examining`, set up by its
environment. It says on stdout that it begins, and then which exam the lesson has in the end.
"""

from __future__ import annotations

import os
import sys

from lessongen.app import App
from lessongen.lesson.draft import Draft
from lessongen.lesson.task import LessonRequest
from lessongen.system.settings import load
from tests.attempts import PlainAttempt
from tests.lessons import JUDGED, changed, teaching, texts

_SENTENCE = {"text": JUDGED, "cites": ["keel"], "origin": "written"}


def main() -> None:
    app = App(load(os.environ))
    judging = app.generator().judging
    assert judging is not None
    lesson = changed(teaching(), {"sections[1].blocks[0].sentences[3]": _SENTENCE})
    request = LessonRequest(subject="crafts", topic="boats", writer="openai", seed=1)
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    made = judging.draft(Draft(lesson=lesson, texts=texts()), request, PlainAttempt()).draft.lesson
    (exam,) = made.provenance.exams
    sys.stdout.write(f"{exam.judge} {exam.caught} {exam.accepted}\n")


if __name__ == "__main__":
    main()
