"""What every command starts from: its options' types, and the app and the output of this run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from lessongen.app import App
from lessongen.commands import completion
from lessongen.commands.groups import Group
from lessongen.system.addresses import is_address
from lessongen.system.settings import load
from lessongen.system.terminal import Output, quoted

FIRST_LESSON = ("create", "english", "verbs")

Context = typer.Context
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Db = Annotated[str | None, typer.Option("--db", metavar="PATH", help="The database file.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask for confirmation.")]
NoStart = Annotated[bool, typer.Option("--no-start", help="Start no worker.")]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="LANG", help="The lesson's language, as a code: en."),
]
Level = Annotated[str | None, typer.Option("--level", metavar="LEVEL", help="The lesson's level.")]
Variant = Annotated[
    str | None,
    typer.Option(
        "--variant",
        metavar="NAME",
        help="Which one, where a topic has several lessons side by side.",
    ),
]
TaskId = Annotated[
    str,
    typer.Argument(
        metavar="TASK",
        help="The task's id, the beginning of it, or `last`.",
        autocompletion=completion.task_ids,
    ),
]


def words_argument(metavar: str, help: str) -> Any:
    """The words that name lessons, as an argument."""
    return typer.Argument(metavar=metavar, help=help, autocompletion=completion.lesson_words)


def version_option(help: str) -> Any:
    """An option that names one version of a lesson."""
    return typer.Option("--version", metavar="VERSION", help=help, autocompletion=completion.versions)


def output_option(help: str) -> Any:
    """An option that names a file to write to."""
    return typer.Option("--output", "-o", metavar="PATH", help=help)


LessonWords = Annotated[
    list[str],
    words_argument("SUBJECT TOPIC...|TASK", "The lesson's subject and topic, or the task that made it."),
]
OneVersion = Annotated[str | None, version_option("1.0, 1.1, …; the latest if none.")]


def whole_number(low: int, high: int) -> Callable[[str | int], int]:
    """What reads an option's whole number, and refuses others in our words."""

    def parse(given: str | int) -> int:
        text = str(given).strip()
        if not re.fullmatch(r"-?\d{1,20}", text, re.ASCII) or not low <= int(text) <= high:
            raise typer.BadParameter(f"{quoted(str(given))} is no whole number from {low:,} to {high:,}")
        return int(text)

    return parse


@dataclass(frozen=True)
class Session:
    """One run of a command."""

    app: App
    output: Output


@dataclass(frozen=True, kw_only=True)
class Edition(Group):
    """Which of a topic's lessons side by side is meant; None for what is not said."""

    language: Language = None
    level: Level = None
    variant: Variant = None

    def of(self, words: Sequence[str]) -> Which:
        """That one of the lessons that some words mean."""
        return Which(words=list(words), language=self.language, level=self.level, variant=self.variant)


@dataclass(frozen=True, kw_only=True)
class Which(Edition):
    """Which lesson is meant: by its subject and topic, or by the task that made it."""

    words: LessonWords


@dataclass(frozen=True, kw_only=True)
class Reply(Group):
    """How a command answers."""

    context: Context
    as_json: Json = False

    def output(self, *, as_json: bool = False) -> Output:
        """Where to print; as JSON also where another option asks for that."""
        output: Output = self.context.obj
        output.as_json = self.as_json or as_json
        return output

    def session(self, *, flags: Mapping[str, str | None] | None = None, as_json: bool = False) -> Session:
        """The app for this run's settings, and where to print. Raises `ConfigurationError`, `UsageError`."""
        output = self.output(as_json=as_json)
        settings = load(output.environment, flags or {})
        output.database = settings.database if (flags or {}).get("database") is not None else None
        app = App(settings)
        self.context.call_on_close(app.close)
        return Session(app=app, output=output)


@dataclass(frozen=True, kw_only=True)
class Run(Reply):
    """One run of a command: on which database, and how it answers."""

    db: Db = None

    def session(self, *, flags: Mapping[str, str | None] | None = None, as_json: bool = False) -> Session:
        """The app for this run's settings, and where to print. Raises `ConfigurationError`, `UsageError`."""
        self.output(as_json=as_json)
        if self.db is not None and not is_address(self.db):
            from lessongen.system.files import given_path

            given_path(self.db, "the database")  # a flag's mistake is a usage error, not one of the configuration
        return super().session(flags={"database": self.db, **(flags or {})}, as_json=as_json)

    def existing(self, *, flags: Mapping[str, str | None] | None = None, as_json: bool = False) -> Session:
        """As `session`, for commands that only look at, or decide on, what is there: they make no database.

        Raises `NotFound` where there is none.
        """
        session = self.session(flags=flags, as_json=as_json)
        require_database(session)
        return session


def require_database(session: Session) -> None:
    """Raise `NotFound` where there is no database."""
    from lessongen.system.errors import NotFound

    app = session.app
    if not app.has_database():
        raise NotFound(
            f"There is no database {app.settings.database} yet.",
            hint=f"Is --db, or LESSONGEN_HOME, as meant? The first task makes it: {app.command(*FIRST_LESSON)}",
        )


def no_database(session: Session, things: str) -> str:
    """The empty state of a list whose database is not there."""
    return f"There are no {things}: the database {session.app.settings.database} is not there yet."


def valid_text(value: str | None) -> str | None:
    """A text to look for. Raises `UsageError` for one that the database can't be asked for."""
    if value is not None and any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        from lessongen.system.errors import UsageError

        raise UsageError(f"{quoted(value)} is not valid UTF-8.", hint="Check your terminal's encoding.")
    return value


def confirm(output: Output, question: str, *, yes: bool) -> None:
    """Go on only if the person agrees. Raises `UsageError` where nobody can be asked."""
    from lessongen.system.errors import UsageError

    if yes:
        return
    if output.as_json or not output.can_ask:
        raise UsageError(f"{question} Nobody is there to confirm it.", hint="Add --yes.")
    if not output.ask(f"{question} [y/N] "):
        raise UsageError("Nothing was changed.")
