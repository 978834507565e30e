"""What a row takes where it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lessongen.lesson.task import LessonRequest, Priority
from lessongen.queue.writer_choice import Writers


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What a row takes where it says nothing; `folder` is the one that its relative paths are taken from.

    `usual` is a request that does not say what it is about. Its `model` and `template` are what a person asked for with
    the batch, None where the configuration decides.
    """

    folder: Path
    writers: Writers
    usual: LessonRequest
    priority: Priority = Priority.NORMAL
