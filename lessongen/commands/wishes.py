"""The options by which lessons are asked for: what each is like, what writes it, whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from lessongen.commands import completion
from lessongen.commands.groups import Group
from lessongen.commands.session import whole_number
from lessongen.lesson.limits import MINUTES, USUAL_QUESTIONS
from lessongen.lesson.task import Priority
from lessongen.system.errors import UsageError
from lessongen.system.terminal import quoted
from lessongen.system.values import seconds

_MINUTES, _QUESTIONS, _SEED = whole_number(*MINUTES), whole_number(*USUAL_QUESTIONS), whole_number(0, 2**63 - 1)


@dataclass(frozen=True, kw_only=True)
class Turn(Group):
    """Whose task it is, and when its turn comes."""

    user: Annotated[str | None, typer.Option(metavar="NAME", help="Whose task it is.")] = None
    priority: Annotated[str, typer.Option(metavar="low|normal|high", help="Which task goes first.")] = "normal"

    @property
    def urgency(self) -> Priority:
        """The priority of that name. Raises `UsageError`."""
        return Priority.named(self.priority)

    @property
    def flags(self) -> dict[str, str | None]:
        """The settings that are meant."""
        return {"user": self.user}


@dataclass(frozen=True, kw_only=True)
class Shape(Group):
    """What a lesson is like, and where its text comes from."""

    language: Annotated[str | None, typer.Option(metavar="LANG", help="As a code: en.")] = None
    level: Annotated[
        str | None,
        typer.Option(metavar="LEVEL", help="For whom: grade-1 … grade-12, A1 … C2, general."),
    ] = None
    variant: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="core, support (shorter, more help), extend (more, open questions), or a name of your own.",
        ),
    ] = None
    minutes: Annotated[
        int | None,
        typer.Option(metavar="N", parser=_MINUTES, help=f"How long, {MINUTES}; a short lesson has fewer parts."),
    ] = None
    questions: Annotated[
        int | None,
        typer.Option(metavar="N", parser=_QUESTIONS, help=f"How many questions, {USUAL_QUESTIONS}."),
    ] = None
    wikipedia: Annotated[
        bool | None,
        typer.Option("--wikipedia/--no-wikipedia", help="Ask Wikipedia where it can be reached."),
    ] = None
    images: Annotated[
        bool | None,
        typer.Option("--images/--no-images", help="Take the article's lead image, if free."),
    ] = None
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nothing on the network for text: kept pages and archives alone.")
    ] = False

    @property
    def flags(self) -> dict[str, str | None]:
        """The settings that are meant."""
        return {
            "defaults.language": self.language,
            "defaults.level": self.level,
            "defaults.variant": self.variant,
            "sources.wikipedia": None if self.wikipedia is None else "yes" if self.wikipedia else "no",
            "sources.images": None if self.images is None else "yes" if self.images else "no",
            "sources.offline": "yes" if self.offline else None,
        }


@dataclass(frozen=True, kw_only=True)
class By(Group):
    """What writes it, within which bounds."""

    writer: Annotated[str | None, typer.Option(metavar="auto|extractive|openai", help="What writes it.")] = None
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which of the server's models writes it."),
    ] = None
    template: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose prompts a model gets.", autocompletion=completion.templates),
    ] = None
    max_cost: Annotated[
        str | None,
        typer.Option(metavar="USD", help="Stop before it costs more dollars than this."),
    ] = None
    seed: Annotated[int | None, typer.Option(metavar="N", parser=_SEED, help="Repeats the same choices.")] = None

    @property
    def flags(self) -> dict[str, str | None]:
        """The settings that are meant."""
        return {"writer": self.writer, "openai.max_cost": self.max_cost, "openai.template": self.template}


@dataclass(frozen=True, kw_only=True)
class JudgedBy(By):
    """As `By`, and what judges a model's sentences."""

    judge: Annotated[
        str | None,
        typer.Option(metavar="auto|model|rules", help="What judges a model's sentences."),
    ] = None

    @property
    def flags(self) -> dict[str, str | None]:
        """The settings that are meant."""
        return {**super().flags, "judge.name": self.judge}


def duration(option: str, text: str | None) -> float | None:
    """The seconds that an option says. Raises `UsageError`."""
    try:
        return None if text is None else seconds(text)
    except ValueError as error:
        raise UsageError(f"{option} can't be {quoted(text or '')}.", hint=f"Give {error}.") from error


def timeout_of(text: str | None, *, wait: bool) -> float | None:
    """How many seconds to wait, where --timeout says so. Raises `UsageError`."""
    if text is not None and not wait:
        raise UsageError("--timeout says how long to wait, and nothing is waited for.", hint="Add --wait.")
    return duration("--timeout", text)
