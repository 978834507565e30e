"""Telling of a batch's end: a command that gets the summary as JSON on standard input, and a POST to an address."""

from __future__ import annotations

import json
import logging
import os
import shlex
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from lessongen.lesson.records import Batch
from lessongen.system.privacy import users_umask

log = logging.getLogger("lessongen.queue.worker")

_COMMAND_SECONDS = 300.0
_ADDRESS_SECONDS = 15.0
_TRIES = 3
_SECRETS = ("OPENAI_API_KEY", "LESSONGEN_JUDGE_API_KEY")


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
    request = urllib.request.Request(  # noqa: S310 - http and https alone are taken at submission
        address, data=body, headers={"Content-Type": "application/json", "User-Agent": "lessongen"}, method="POST"
    )
    for attempt in range(1, _TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=_ADDRESS_SECONDS):  # noqa: S310
                return
        except (OSError, urllib.error.URLError, ValueError) as error:
            log.error("telling the webhook of the batch's end failed, try %d of %d: %s", attempt, _TRIES, error)
