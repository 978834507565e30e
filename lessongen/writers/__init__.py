"""Writers turn source text into a lesson: each by its name, its module loaded when it is first asked for.

To add one: a module here that implements `lessongen.lesson.material.Writer`, and a line in `WRITERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lessongen.lesson.encyclopedia import Encyclopedia
    from lessongen.lesson.material import Writer
    from lessongen.system.settings import Settings
    from lessongen.writers.openai.client import ModelClient
    from lessongen.writers.templates import Template


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What writers are made from: settings, the default model, a client for a model, a template by its name."""

    settings: Settings
    model: str
    client: Callable[[str], ModelClient]
    template: Callable[[str], Template]
    encyclopedia: Callable[[], Encyclopedia | None]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A writer that can be asked for: its languages, known before its module is loaded, and what makes it."""

    languages: frozenset[str]
    make: Callable[[Tools], Writer]


def _extractive(tools: Tools) -> Writer:
    from lessongen.writers.extractive import ExtractiveWriter

    return ExtractiveWriter(tools.encyclopedia())


def _openai(tools: Tools) -> Writer:
    from lessongen.writers.openai.prices import price
    from lessongen.writers.openai.writer import OpenAIWriter, Setup

    settings = tools.settings
    setup = Setup(
        model=tools.model,
        verify_model=settings.verify_model,
        temperature=settings.temperature,
        source_tokens=settings.source_tokens,
        template=tools.template,
        price=lambda model, tokens_in, tokens_out: price(model, tokens_in, tokens_out, settings.base_url or None),
    )
    return OpenAIWriter(setup, tools.client, tools.encyclopedia())


_ENGLISH = frozenset({"en"})

WRITERS: Mapping[str, Entry] = {
    "extractive": Entry(languages=_ENGLISH, make=_extractive),
    "openai": Entry(languages=_ENGLISH, make=_openai),
}
"""Each writer by its name."""
