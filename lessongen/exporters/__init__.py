"""A lesson in a file format: one pure function each, with the shape of `ports.content.Exporter`; found by its name."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from lessongen.lesson.material import Exporter

FORMATS: Mapping[str, str] = {"md": "md", "json": "json", "html": "html", "worksheet": "html"}
"""The formats of files, each with the ending of its files' names."""

_MODULES = {"md": "markdown", "json": "json", "html": "html", "worksheet": "worksheet"}


def exporter(form: str) -> Exporter:
    """The exporter of a format; its module is loaded by this."""
    return cast("Exporter", importlib.import_module(f"lessongen.exporters.{_MODULES[form]}").export)
