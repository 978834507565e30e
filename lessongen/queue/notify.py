"""Telling of a batch's end: a command that gets the summary as JSON on standard input, and a POST to an address."""

from __future__ import annotations

import json
import logging
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lessongen.lesson.records import Batch
from lessongen.system.errors import UsageError
from lessongen.system.privacy import users_umask
from lessongen.system.terminal import quoted

log = logging.getLogger("lessongen.queue.worker")

_COMMAND_SECONDS = 300.0
_ADDRESS_SECONDS = 15.0
_TRIES = 3
_SECRETS = ("OPENAI_API_KEY", "LESSONGEN_JUDGE_API_KEY")
_SHELL = frozenset(("|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1"))


def command_at_end(text: str | None) -> str | None:
    """The command, as a worker in another folder finds it. Raises `UsageError` for one that is not there."""
    if text is None:
        return None
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"--on-done {quoted(text)} can't be understood: {error}.", hint="Mind the quotes.") from error
    if not words:
        raise UsageError("--on-done is empty.", hint="Give a command; it gets the batch's summary as JSON.")
    program = shutil.which(os.path.expanduser(words[0]))
    if program is None:
        raise UsageError(
            f"--on-done: there is no command {quoted(words[0])}.", hint="Give the path of an executable file."
        )
    if not _SHELL.isdisjoint(words):
        raise UsageError("--on-done is run without a shell.", hint=f"Give sh -c {shlex.quote(text)}.")
    return shlex.join([os.path.abspath(program), *words[1:]])


def address_at_end(text: str | None) -> str | None:
    """The address to post to. Raises `UsageError` for one that nothing can be posted to."""
    if text is None:
        return None
    hint = "Give one such as https://example.org/done, without a space, and without a name and password."
    try:
        parts = urlsplit(text)
        is_address = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        is_address = False
    if not is_address or any(character.isspace() or not character.isprintable() for character in text):
        raise UsageError("--webhook is no address that can be asked.", hint=hint)
    if parts.scheme not in ("http", "https"):
        raise UsageError(f"--webhook can't be asked by {quoted(parts.scheme)}.", hint=hint)
    if not text.isascii():
        raise UsageError("--webhook holds characters that an address can't.", hint="Write them percent-encoded.")
    return text


# ---------------------------------------------------------------- at the end


def tell(batch: Batch, summary: Mapping[str, Any]) -> None:
    """Carry out what the batch wants at its end; what goes wrong is logged, and changes nothing about the batch."""
    body = json.dumps(summary, ensure_ascii=False).encode()
    if batch.on_done:
        _run(batch.on_done, body)
    if batch.webhook:
        _post(batch.webhook, body)


def _run(command: str, body: bytes) -> None:
    try:
        # The user's own command, split like a shell does and run without one; it has no business with the key.
        done = subprocess.run(  # noqa: S603
            shlex.split(command),
            input=body,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_COMMAND_SECONDS,
            env={name: value for name, value in os.environ.items() if name not in _SECRETS},
            umask=users_umask(),
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        log.error("the command for the batch's end could not be run: %s", error)
        return
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[-500:]
        log.error("the command for the batch's end failed with exit code %d: %s", done.returncode, said)


def _post(address: str, body: bytes) -> None:
    import urllib.error
    import urllib.request

    request = urllib.request.Request(  # noqa: S310 - http and https alone are taken at submission
        address, data=body, headers={"Content-Type": "application/json", "User-Agent": "lessongen"}, method="POST"
    )
    for attempt in range(1, _TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=_ADDRESS_SECONDS):  # noqa: S310
                return
        except (OSError, urllib.error.URLError, ValueError) as error:
            log.error("telling the webhook of the batch's end failed, try %d of %d: %s", attempt, _TRIES, error)
