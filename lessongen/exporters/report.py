"""The report of `check`: the figures of each lesson on one page of HTML, for screen and paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lessongen.exporters.page import template
from lessongen.lesson.questions import KINDS
from lessongen.system.clock import to_text
from lessongen.system.printable import printable


def export_report(shape: Mapping[str, Any], now: datetime) -> bytes:
    """The page, from what `check --json` prints of all lessons, or an equal shape."""
    return template("report.html").render(shape=_readable(shape), kinds=KINDS, made=to_text(now)[:16] + "Z").encode()


def _readable(value: Any) -> Any:
    """The same with all text printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _readable(each) for key, each in value.items()}
    return [_readable(each) for each in value] if isinstance(value, list | tuple) else value
