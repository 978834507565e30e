"""All commands by name with what each is for; a command's module is loaded when it runs, not before."""

from __future__ import annotations

import importlib
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import typer
from typer import TyperException
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from lessongen import __version__
from lessongen.commands.groups import unfolded
from lessongen.commands.values import read_plainly
from lessongen.system.errors import UsageError
from lessongen.system.terminal import quoted

__all__ = ["COMMANDS", "Entry", "TyperException", "root"]


_TYPE = re.compile(r" <[^<>]*>$")  # Typer tells an argument's Python type


@dataclass(frozen=True)
class Entry:
    """A command: the function that runs it, as `module:function`; or a group of commands."""

    about: str
    function: str = ""
    commands: Mapping[str, Entry] | None = None
    default: str | None = None
    hidden: bool = False


COMMANDS: Mapping[str, Entry] = {
    "create": Entry("Ask for a lesson; it is written in the background.", "create:create"),
    "batch": Entry(
        "Submit many lessons from one file, and look after them.",
        commands={
            "submit": Entry("Submit a file of lessons: one row a lesson, all or none.", "batch_submit:submit"),
            "list": Entry("List batches, the latest first.", "batch_follow:list_all"),
            "show": Entry("Show where a batch stands.", "batch_follow:show"),
            "wait": Entry("Follow a batch to its end.", "batch_follow:wait"),
            "cancel": Entry("Cancel all of a batch that is not over.", "batch_cancel:cancel"),
            "retry": Entry("Try again what failed or was cancelled of a batch.", "batch_cancel:retry"),
        },
    ),
    "schedule": Entry("Have a batch submitted at set times, by cron or systemd.", "schedule:schedule"),
    "status": Entry("Show how far a task is.", "status:status"),
    "tasks": Entry("List active and recent tasks.", "tasks:tasks"),
    "show": Entry("Show a lesson, or write it to a file.", "show:show"),
    "lessons": Entry(
        "List or search stored lessons; delete or rename one.",
        default="search",
        commands={
            "list": Entry("List stored lessons.", "lessons:list_all"),
            "search": Entry("List the lessons that hold all of some words.", "lessons:search"),
            "delete": Entry("Delete a lesson with all its versions.", "lessons:delete"),
            "rename": Entry("Give a lesson another name.", "lessons:rename"),
        },
    ),
    "export": Entry("Write lessons to files: one, a subject, a batch or all.", "export:export"),
    "formats": Entry("List the formats of files, and what each can't carry of a lesson.", "formats:formats"),
    "history": Entry("List the versions of a lesson.", "versions:history"),
    "diff": Entry("Show what changed between two versions of a lesson.", "versions:diff"),
    "cite": Entry("Show each claim of a lesson beside the passage that bears it.", "versions:cite"),
    "check": Entry("Run the quality gate on a stored lesson, or on all, again.", "check:check"),
    "regenerate": Entry("Make one part of a lesson anew.", "regenerate:regenerate"),
    "edit": Entry("Change a lesson by hand, as Markdown in your editor.", "edit:edit"),
    "lock": Entry("Keep a part of a lesson in all later versions.", "locks:lock"),
    "unlock": Entry("Let later versions have a part of a lesson anew.", "locks:unlock"),
    "revert": Entry("Go back to an older version of a lesson.", "revert:revert"),
    "refresh": Entry("Look at a lesson's sources again, and follow them where they moved.", "refresh:refresh"),
    "approve": Entry("Mark a version of a lesson as reviewed.", "approve:approve"),
    "cancel": Entry("Cancel tasks.", "tasks:cancel"),
    "retry": Entry("Try failed or cancelled tasks again.", "tasks:retry"),
    "purge": Entry("Drop the tasks that are past their retention.", "tasks:purge"),
    "usage": Entry("Show the calls, tokens and dollars that models took.", "usage:usage"),
    "models": Entry("List the models that the server offers.", "models:models"),
    "judge": Entry(
        "Have a judge of sentences sit its exam, and see who has passed.",
        default="list",
        commands={
            "exam": Entry("Have the judge sit the exam, and keep what came of it.", "judge:exam"),
            "list": Entry("List the exams that judges sat here.", "judge:list_all"),
            "show": Entry("Show what came of an exam, by kind.", "judge:show"),
        },
    ),
    "template": Entry(
        "Show the prompts that a model gets, or make your own.",
        default="list",
        commands={
            "list": Entry("List the templates.", "template:list_all"),
            "show": Entry("Show a template's prompts and defaults.", "template:show"),
            "new": Entry("Make a template of your own, as files to edit.", "template:new"),
        },
    ),
    "worker": Entry(
        "Run a worker, or look after those that run.",
        default="run",
        commands={
            "run": Entry("Run a worker in the foreground.", "worker:run"),
            "status": Entry("List the workers that are alive.", "worker:status"),
            "stop": Entry("Ask all workers to leave, and wait until they have.", "worker:stop"),
            "logs": Entry("Show the end of the detached worker's log.", "worker:logs"),
        },
    ),
    "db": Entry(
        "Back up, check, compact or copy the database.",
        commands={
            "backup": Entry("Write a copy of the database, while workers may run.", "db:backup"),
            "check": Entry("Check that the database holds what it should.", "db:check"),
            "vacuum": Entry("Give unused space back to the disk.", "db:vacuum"),
            "copy": Entry("Copy all of a database into an empty one, of either kind.", "db_copy:copy"),
        },
    ),
    "config": Entry(
        "Show or change settings.",
        default="list",
        commands={
            "list": Entry("Show each setting and where it comes from.", "config:list_all"),
            "set": Entry("Keep a setting in config.toml.", "config:set_value"),
            "unset": Entry("Take a setting out of config.toml.", "config:unset"),
            "path": Entry("Say where config.toml is.", "config:path"),
        },
    ),
    "serve": Entry("Serve the web API and its pages.", "serve:serve"),
    "token": Entry(
        "Say who may use the web API.",
        default="list",
        commands={
            "create": Entry("Make a token for a user; it is shown once.", "token:create"),
            "list": Entry("List the tokens.", "token:list_all"),
            "revoke": Entry("Make tokens worthless.", "token:revoke"),
        },
    ),
    "doctor": Entry("Check what works here and what does not.", "doctor:doctor"),
}


class Command(TyperCommand):
    """A command whose help fits the terminal."""

    def get_params(self, ctx: Any) -> list[Any]:
        return read_plainly(super().get_params(ctx))

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        arguments = (each.metavar for each in self.params if each.param_type_name == "argument")
        return ["[OPTIONS]", *(name for name in arguments if name)]

    def get_help(self, ctx: Any) -> str:
        return _fitted_help(self, ctx)


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and loads one when it is asked for.

    What does not name a command goes to the default one, where there is one: `lessons verbs` is `lessons search verbs`.
    """

    entries: ClassVar[Mapping[str, Entry]] = {}
    default: ClassVar[str | None] = None

    def get_params(self, ctx: Any) -> list[Any]:
        return read_plainly(super().get_params(ctx))

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.entries)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        entry = self.entries.get(cmd_name)
        return None if entry is None else _load(cmd_name, entry)

    def get_help(self, ctx: Any) -> str:
        return _fitted_help(self, ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        is_completing = ctx.resilient_parsing and not args
        if self.default is not None and "--help" not in args[:1] and not is_completing:
            args = self._with_command(ctx, args)
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """The names of commands, and the options of the default one."""
        found = super().shell_complete(ctx, incomplete)
        known = {item.value for item in found}
        default = [] if self.default is None else self.get_command(ctx, self.default).shell_complete(ctx, incomplete)
        return [*found, *(item for item in default if item.value not in known)]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.entries and not ctx.resilient_parsing:
            raise self._no_command(ctx, args[0])
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        if self.default is not None:
            with formatter.section(f"Without a command, `{self.default}` is meant"):
                self.get_command(ctx, self.default).format_options(ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.about) for name, entry in self.entries.items()])

    def _with_command(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments with a command in front: the one named after --json and --db, or else the default."""
        at = 0
        while at < len(args) and (args[at] == "--json" or args[at].startswith("--db")):
            at += 2 if args[at] == "--db" else 1
        if at < len(args) and args[at] in self.entries:
            return [args[at], *args[:at], *args[at + 1 :]]
        if at < len(args) and not args[at].startswith("-") and not self._default_takes_words(ctx):
            raise self._no_command(ctx, args[at])
        return [str(self.default), *args]

    def _default_takes_words(self, ctx: Any) -> bool:
        return any(each.param_type_name == "argument" for each in self.get_command(ctx, str(self.default)).params)

    def _no_command(self, ctx: Any, word: str) -> UsageError:
        import difflib

        inside = [f"{name} {word}" for name, entry in self.entries.items() if entry.commands and word in entry.commands]
        near = inside if len(inside) == 1 else difflib.get_close_matches(word, self.entries, n=1)
        hint = f"Did you mean `{ctx.command_path} {near[0]}`?" if near else f"`{ctx.command_path} --help` lists all."
        return UsageError(f"There is no command {quoted(word)}.", hint=hint)


def _fitted_help(command: TyperCommand | TyperGroup, context: Any) -> str:
    """The help text; Typer's own is never narrower than 50 columns, however narrow the terminal."""
    columns = shutil.get_terminal_size().columns
    context.terminal_width = max(20, min(columns, 80) - 2)
    formatter = context.make_formatter()
    write_rows, left = formatter.write_dl, min(30, context.terminal_width // 3)

    def write_named(rows: Sequence[tuple[str, str]]) -> None:
        write_rows([(_TYPE.sub("", name), about) for name, about in rows], col_max=left)

    formatter.write_dl = write_named
    command.format_help(context, formatter)
    text: str = formatter.getvalue()
    return text.rstrip("\n")


def _load(name: str, entry: Entry) -> Any:
    if entry.commands is not None:
        return _group(name, entry)
    module, _, function = entry.function.partition(":")
    app = _app()
    app.command(name, cls=Command, help=_help(entry, module, function))(unfolded(_function(module, function)))
    return get_command(app)


def _group(name: str, entry: Entry) -> Any:
    group = type("Group", (LazyGroup,), {"entries": entry.commands, "default": entry.default})
    app = _app()
    app.callback(cls=group, help=entry.about)(_nothing)
    command = get_command(app)
    command.name = name
    return command


def _app() -> typer.Typer:
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _function(module: str, function: str) -> Any:
    return getattr(importlib.import_module(f"lessongen.commands.{module}"), function)


def _help(entry: Entry, module: str, function: str) -> str:
    """What the command is for, and then what its function's docstring adds after the first line."""
    _, _, more = (_function(module, function).__doc__ or "").partition("\n")
    return entry.about + "\n" + more


def _nothing() -> None:
    """A group does nothing by itself."""


class _Root(LazyGroup):
    entries = COMMANDS


def root() -> Any:
    """The whole command line, ready to be called."""
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(cls=_Root, help=_ABOUT)(_start)
    return get_command(app)


_ABOUT = """Lessons that stand on their sources, written in the background.

`lessongen create english verbs` asks for a lesson, `lessongen show english verbs` shows it."""


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lessongen {__version__}")
        raise typer.Exit


def _start(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Nothing but --version happens before a command."""
