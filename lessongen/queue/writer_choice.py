"""What writes here, and the writer, the model and the template that a request means."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lessongen.system.errors import UnsupportedLanguage, UsageError
from lessongen.system.terminal import quoted

if TYPE_CHECKING:
    from lessongen.writers.templates import Templates

_WITH_A_MODEL = "openai"


class Choice(NamedTuple):
    """What of a request decides on its writer; `model` and `template` are None unless they were asked for."""

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
    `templates` are asked for when they are needed.
    """

    automatic: str
    languages: Mapping[str, frozenset[str]]
    model_for: Callable[[str | None], str]
    templates: Callable[[], Templates]
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
        return Choice(choice.language, writer, model, self.known_template(choice.template), choice.max_cost)

    def known_template(self, asked: str | None = None) -> str:
        """The template that is asked for, or else the usual one. Raises `UsageError`, or what its files are told by."""
        name = asked or self.template
        if name == "default":
            return name
        templates = self.templates()
        names = templates.names()
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            raise UsageError(
                f"There is no template {quoted(name)}.",
                hint=f"Did you mean {near[0]}?" if near else "`lessongen template new NAME` makes one.",
            )
        templates.load(name)
        return name


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
