"""What a row takes where it says nothing, and the writer that it means."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from lessongen.lesson.task import Priority
from lessongen.system.errors import UnsupportedLanguage, UsageError
from lessongen.system.terminal import quoted

_WITH_A_MODEL = "openai"


class Templates(Protocol):
    """The prompts of model writers."""

    def names(self) -> Sequence[str]:
        """Those that there are."""
        ...

    def load(self, name: str) -> object:
        """One of them; raises the error that a mistake in it is told by."""
        ...


class Choice(NamedTuple):
    """What of a row decides on its writer; `model` and `template` are None unless they were asked for."""

    language: str
    writer: str
    model: str | None
    template: str | None
    max_cost: float | None


@dataclass(frozen=True, kw_only=True)
class Writers:
    """What writes here.

    `automatic` is the writer that `auto` means, `languages` what each known writer speaks, `model_for` the model that a
    name or none means (empty where a server is to choose), `template` the one that counts where none is asked for.
    """

    automatic: str
    languages: Mapping[str, frozenset[str]]
    model_for: Callable[[str | None], str]
    templates: Templates
    template: str = "default"

    def known(self, name: str) -> str:
        """The name of a writer. Raises `UsageError`."""
        if name != "auto" and name not in self.languages:
            raise UsageError(
                f"There is no writer {quoted(name)}.", hint=f"The writers are: auto, {', '.join(self.languages)}."
            )
        return name

    def settle(self, choice: Choice) -> Choice:
        """The choice as a worker takes it: `auto` resolved, model and template named, a budget only for a model.

        Raises `UnsupportedLanguage`; `UsageError` for a model or template of a writer that has none.
        """
        writer = self.automatic if choice.writer == "auto" else choice.writer
        spoken = self.languages[writer]
        if choice.language not in spoken:
            raise UnsupportedLanguage(
                f"The {writer} writer has no rules for the language {quoted(choice.language)}.",
                hint=f"It writes: {', '.join(sorted(spoken))}.",
            )
        if writer != _WITH_A_MODEL:
            _refuse_model(choice, writer)
            return Choice(choice.language, writer, None, None, None)
        model = self.model_for(choice.model) or None
        return Choice(choice.language, writer, model, self._template(choice.template), choice.max_cost)

    def _template(self, asked: str | None) -> str:
        name = asked or self.template
        if name == "default":
            return name
        names = self.templates.names()
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            raise UsageError(
                f"There is no template {quoted(name)}.",
                hint=f"Did you mean {near[0]}?" if near else "`lessongen template new NAME` makes one.",
            )
        self.templates.load(name)
        return name


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What a row takes where it says nothing; `folder` is the one that its relative paths are taken from.

    `model` and `template` are those that a person asked for with the batch, None where the configuration decides.
    """

    folder: Path
    writers: Writers
    language: str = "en"
    level: str = "general"
    variant: str = "core"
    minutes: int | None = None
    questions: int | None = None
    wikipedia: bool = True
    images: bool = True
    offline: bool = False
    writer: str = "auto"
    model: str | None = None
    template: str | None = None
    seed: int | None = None
    max_cost: float | None = None
    priority: Priority = Priority.NORMAL


def _refuse_model(choice: Choice, writer: str) -> None:
    for column, value in (("model", choice.model), ("template", choice.template)):
        if value is None:
            continue
        if choice.writer == "auto":
            raise UsageError(
                f"A {column} is for a model server, and none is set.",
                hint="Set OPENAI_API_KEY, or for a server of your own OPENAI_BASE_URL; or leave it out.",
            )
        raise UsageError(
            f"A {column} is for a model, and the {writer} writer has none.",
            hint="Leave it out, or let the writer be openai.",
        )
