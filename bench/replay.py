"""Answers of judging models, kept so that a bench can be run again without a key, and a server that gives them again.

A recording is a file of JSON Lines in `data/judge_answers/`: what it is on the first line, an answer on each other, by
the hash of the messages and the schema that it answers; null for one that could not be used, whatever it was. The
server speaks chat completions like any other, so that nothing of the way to a model is left out; what was never
answered, it does not answer.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lessongen.lesson.attempt import Usage
from lessongen.queue.null_attempt import NullAttempt
from lessongen.writers.openai.judge import MOST_ITEMS

_SHOWN = "\n\nAnswer with JSON that meets this JSON Schema"
"""Where the schema begins that a client adds to its prompt after an answer that it could not use."""
FOLDER = Path(__file__).parent / "data" / "judge_answers"


def key_of(messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
    """What an answer is kept under."""
    return hashlib.sha256(json.dumps([list(messages), schema], sort_keys=True).encode()).hexdigest()


@dataclass(kw_only=True)
class Recording:
    """The answers of one model; `model` is what it is called to the program, `about` how they came to be.

    It was asked on so many `items` in a call at most, and on so many pairs of each set as `drawn` says, None for all.
    """

    path: Path
    model: str
    about: str
    items: int = MOST_ITEMS
    drawn: int | None = None
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The recording in a file."""
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        told = json.loads(head)
        answers = {answer["key"]: answer for answer in map(json.loads, lines)}
        return cls(path=path, **told, answers=answers)

    def add(self, answer: dict[str, Any]) -> None:
        """Keep one more answer, in the file too."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        told = {"model": self.model, "about": self.about, "items": self.items, "drawn": self.drawn}
        lines = [answer] if self.path.exists() else [told, answer]
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        self.answers[answer["key"]] = answer


@dataclass(kw_only=True)
class RecordingAttempt(NullAttempt):
    """An attempt that keeps each answer as it comes, and asks for none that it has."""

    recording: Recording

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """The recorded answer to these inputs, or one that is made and recorded now."""
        if "messages" not in inputs:
            return make()
        digest = key_of(inputs["messages"], inputs["schema"])
        known = self.recording.answers.get(digest)
        if known is None:
            made = make()
            last = self.usages[-1]
            tokens = {"input_tokens": last.input_tokens, "output_tokens": last.output_tokens}
            known = {"key": digest, **tokens, "answered_by": made["model"], "answer": made["answer"]}
            self.recording.add(known)
        else:
            self.used(
                Usage(
                    step=key,
                    model=self.recording.model,
                    input_tokens=known["input_tokens"],
                    output_tokens=known["output_tokens"],
                    cost=None,
                )
            )
        return {"answer": known["answer"], "model": known["answered_by"], "why": "This was no usable answer."}


class Replay:
    """A server on the loopback that answers as a recording does, inside a `with` block."""

    def __init__(self, recording: Recording) -> None:
        self.missing: set[str] = set()
        """What was asked and is not in the recording."""
        handler = type("Handler", (_Handler,), {"recording": recording, "missing": self.missing})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base_url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    recording: Recording
    missing: set[str]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing on stderr."""

    def do_GET(self) -> None:
        """The list of its one model."""
        self._send({"object": "list", "data": [{"id": self.recording.model, "object": "model"}]})

    def do_POST(self) -> None:
        """The recorded answer; words that are no answer for one that could not be used, and where there is none."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        form = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
        key = key_of([{**each, "content": each["content"].partition(_SHOWN)[0]} for each in body["messages"]], form)
        known = self.recording.answers.get(key)
        if known is None:
            self.missing.add(key)
        answer = known and known["answer"]
        text = "This is no answer." if answer is None else json.dumps(answer, ensure_ascii=False)
        tokens = [0, 0] if known is None else [known["input_tokens"], known["output_tokens"]]
        self._send(
            {
                "id": "replayed",
                "object": "chat.completion",
                "model": self.recording.model,
                "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
                "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)},
            }
        )

    def _send(self, answer: Mapping[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
