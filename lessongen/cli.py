"""The command line's one door: runs a command and turns each error into text and exit code.

What is imported here at the top is small on purpose: Ctrl-C during the slow imports must not show a traceback either.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from typing import NoReturn, TextIO

from lessongen.system.errors import CannotWrite, ExitCode, Interrupted, LessongenError, UsageError
from lessongen.system.importing import forget_folder_of_start
from lessongen.system.leaving import end_if_told, raise_when_told, was_told
from lessongen.system.privacy import keep_private
from lessongen.system.terminal import Output, ReaderGone

# Typer shows a value as Python writes it; what can't be shown looks the same in all our messages.
_ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")


def run() -> NoReturn:
    """The process's own command line."""
    forget_folder_of_start()
    keep_private()
    raise_when_told()
    code = main()
    end_if_told()
    if code == ExitCode.INTERRUPTED:
        # An interpreter that was interrupted inside an import ends itself by SIGINT, whatever exit code is asked for.
        os._exit(code)
    sys.exit(code)


def main(
    arguments: Sequence[str] | None = None,
    *,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run one command; its exit code. Only a bug in lessongen comes out as an exception.

    The streams and the environment are the process's own unless others are given.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    output = Output(
        _utf_8(sys.stdout) if stdout is None else stdout,
        _utf_8(sys.stderr) if stderr is None else stderr,
        os.environ if environment is None else environment,
    )
    output.as_json = _wants_json(arguments)
    try:
        # Typer prints help, the version and completions to `sys.stdout`.
        with contextlib.redirect_stdout(sys.stdout if stdout is None else stdout):
            return _run(arguments, output)
    except LessongenError as error:
        output.error(error)
        if isinstance(error, CannotWrite):
            output.give_up()
        return int(error.exit_code)
    except KeyboardInterrupt:
        if not was_told():
            output.error(Interrupted())
        return int(ExitCode.INTERRUPTED)
    except ReaderGone:
        output.give_up()
        return int(ExitCode.DONE)


def _run(arguments: Sequence[str], output: Output) -> int:
    from lessongen.queue import DETACHED

    if arguments[:1] == [DETACHED]:
        from lessongen.commands import detached

        detached.run(arguments[1], output)
        return int(ExitCode.DONE)
    from lessongen.commands.tree import TyperException, root

    try:
        # Ctrl-C comes back as an exit code of Typer's, anything else that it raises is about the command line.
        code = root()(args=list(arguments) or ["--help"], prog_name="lessongen", standalone_mode=False, obj=output)
    except TyperException as error:
        raise _usage_error(error) from error
    except OSError as error:
        if isinstance(error, BrokenPipeError) or error.filename is not None:
            raise
        raise CannotWrite(f"The output can't be written: {error.strerror}.", hint="Free some space.") from error
    if code == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    return code if isinstance(code, int) else int(ExitCode.DONE)


def _usage_error(error: Exception) -> UsageError:
    """Typer's complaint about the command line in our words; its hint names the command that it is about."""
    command = getattr(getattr(error, "ctx", None), "command_path", "lessongen")
    text = getattr(error, "format_message", error.__str__)().strip() or "The command line is incomplete."
    text = _ESCAPE.sub("\N{REPLACEMENT CHARACTER}", text)
    return UsageError(text if text.endswith((".", "?")) else text + ".", hint=f"`{command} --help` says more.")


def _wants_json(arguments: Sequence[str]) -> bool:
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def _utf_8(stream: TextIO | None) -> TextIO | None:
    """The stream, writing UTF-8 whatever the locale says, so that no character can make it fail."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="replace")
    return stream
