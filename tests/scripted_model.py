"""A model server for tests: a real HTTP server on 127.0.0.1 that speaks chat completions as OpenAI does.

    with ScriptedModel(lambda request: {"title": "Verbs"}) as server:
        ...  # server.base_url, server.calls

`answer` is called with each chat request's body, in that connection's thread. A string that it returns is what the
model says, word for word; a `Fault` is an answer that goes wrong; anything else is said as JSON. What `answer` raises
is sent as status 500, and raised again where the `with` block ends, so that no assertion in it is lost.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

Answer = Callable[[dict[str, Any]], object]
Ending = Literal["reset", "cut", "stall", "trickle"]

HTML = "<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"
_PIECE = 24  # characters of text in one event of a stream


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An answer that goes wrong; what is not named goes as it does in a good one.

    `body`: the whole body in place of a completion (a mapping is sent as JSON), with `status` and `headers`.
    `content`: what the model says, a string or what is said as JSON; None is a null content. `ends`: how the
    connection goes on after `after` events of it: "reset" breaks it, "cut" closes it in mid-body, "stall" says no
    more, "trickle" sends one character every `trickle_seconds` without end. With `after` None that happens in place
    of the status line.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | Mapping[str, Any] | None = None
    content: object = "{}"
    ends: Ending | None = None
    after: int | None = 1
    trickle_seconds: float = 0.05
    delay_seconds: float = 0.0
    finish_reason: str | None = "stop"
    refusal: str | None = None
    event: Mapping[str, Any] | None = None  # sent as one more event of the stream, before its end
    says_done: bool = True
    says_usage: bool = True
    has_choices: bool = True


def html(status: int = 200) -> Fault:
    """A page, such as a proxy's, in place of an answer."""
    return Fault(status=status, headers={"Content-Type": "text/html"}, body=HTML)


def error(status: int, message: str, /, *, headers: Mapping[str, str] | None = None, **more: Any) -> Fault:
    """An error in OpenAI's shape; `more` are its other fields: code, type, param."""
    body = {"error": {"message": message, "type": None, "param": None, "code": None, **more}}
    return Fault(status=status, headers=headers or {}, body=body)


def in_turn(*answers: object) -> Answer:
    """These answers, one a call; the last one again and again."""
    left, lock = list(answers), threading.Lock()

    def answer(_request: dict[str, Any]) -> object:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    return answer


def tokens_in(text: str) -> int:
    """How many tokens this server says a text has: its words."""
    return len(text.split())


def prompt_of(request: Mapping[str, Any]) -> str:
    """All that a chat request says to the model."""
    return "\n".join(str(message["content"]) for message in request["messages"])


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request as it arrived; `headers` have lower-case names, `body` is {} where there was none."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class ScriptedModel:
    """The server, running inside a `with` block.

    `models` is what it lists (None: it has no list; a `Fault`: that); it takes any model unless it `knows_models`.
    `refuses` names what is answered with 400: parameters of a request ("seed", "temperature", "stream_options",
    "max_tokens"), or kinds of response_format ("json_schema", "json_object"). With an `api_key` every other key gets
    401. `answers_as` is the model named in answers, if not the one asked for. Each call takes `delay_seconds`.
    """

    def __init__(
        self,
        answer: Answer,
        *,
        models: Sequence[str] | Fault | None = ("scripted-1",),
        knows_models: bool = False,
        refuses: Collection[str] = (),
        api_key: str | None = None,
        answers_as: str | None = None,
        delay_seconds: float = 0.0,
        connection: type[_Connection] | None = None,
    ) -> None:
        self.answer = answer
        self.models = models
        self.knows_models = knows_models
        self.refuses = refuses
        self.api_key = api_key
        self.answers_as = answers_as
        self.delay_seconds = delay_seconds
        self.requests: list[Received] = []
        self.input_tokens = 0
        self.output_tokens = 0
        self.most_at_once = 0
        self.client_left = threading.Event()  # a client closed its connection in mid-answer
        self._running = 0
        self._failures: list[BaseException] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._http = _Server(self, connection or _Connection)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return int(self._http.server_address[1])

    @property
    def base_url(self) -> str:
        """What OPENAI_BASE_URL should be."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The bodies of all chat requests so far, refused ones too."""
        return [request.body for request in list(self.requests) if request.path.endswith("/chat/completions")]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._open:
                _hang_up(connection)
        self._http.server_close()  # joins the connections' threads
        if self._failures and value is None:
            raise self._failures[0]

    # ------------------------------------------------------------ for the connections

    def _opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def _closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def _answered(self, request: dict[str, Any]) -> Fault:
        refused = self._refusal(request)
        if refused is not None:
            return refused
        try:
            answer = self.answer(request)
        except BaseException as failure:  # noqa: BLE001 - raised again where the `with` block ends
            self._failures.append(failure)
            return error(500, "the script failed")
        return answer if isinstance(answer, Fault) else Fault(content=answer)

    def _refusal(self, request: dict[str, Any]) -> Fault | None:
        listed = () if self.models is None or isinstance(self.models, Fault) else self.models
        if self.knows_models and request.get("model") not in listed:
            return error(404, "The model does not exist.", code="model_not_found", type="invalid_request_error")
        kind = request.get("response_format", {}).get("type")
        if kind in self.refuses:
            text = f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this model."
            return error(400, text, type="invalid_request_error", param="response_format")
        for name in request:
            if name in self.refuses:
                instead = " Use 'max_completion_tokens' instead." if name == "max_tokens" else ""
                text = f"Unsupported parameter: '{name}' is not supported with this model.{instead}"
                kind = "invalid_request_error"
                return error(400, text, type=kind, param=name, code="unsupported_parameter")
        return None

    def _begun(self) -> None:
        with self._lock:
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)

    def _ended(self) -> None:
        with self._lock:
            self._running -= 1

    def _count(self, input_tokens: int, output_tokens: int) -> None:
        with self._lock:
            self.input_tokens += input_tokens
            self.output_tokens += output_tokens


# ---------------------------------------------------------------- HTTP


class _Left(Exception):
    """The client, or the end of the test, closed the connection."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, model: ScriptedModel, connection: type[_Connection]) -> None:
        self.model = model
        super().__init__(("127.0.0.1", 0), connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no error; all else is handled where it arises."""


class _Connection(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.model._opened(self.connection)

    def finish(self) -> None:
        self.server.model._closed(self.connection)
        super().finish()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing on stderr."""

    def do_GET(self) -> None:
        """The list of models."""
        models = self.server.model.models
        self._receive()
        if not self._may_enter():
            self._answer({}, error(401, "Incorrect API key provided.", code="invalid_api_key"))
        elif not self.path.endswith("/models") or models is None:
            self._answer({}, error(404, "Not found."))
        elif isinstance(models, Fault):
            self._answer({}, models)
        else:
            listed = [{"id": name, "object": "model", "created": 0, "owned_by": "tests"} for name in models]
            self._answer({}, Fault(body={"object": "list", "data": listed}))

    def do_POST(self) -> None:
        """One completion."""
        model = self.server.model
        request = self._receive()
        if not self._may_enter():
            self._send_whole(error(401, "Incorrect API key provided.", code="invalid_api_key"))
            return
        if not self.path.endswith("/chat/completions"):
            self._send_whole(error(404, "Not found."))
            return
        model._begun()
        try:
            answer = model._answered(request)
            self._answer(request, answer)
        finally:
            model._ended()

    def _receive(self) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else {}
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.model.requests.append(Received(method=self.command, path=self.path, headers=headers, body=body))
        return dict(body)

    def _may_enter(self) -> bool:
        key = self.server.model.api_key
        return key is None or self.headers.get("Authorization") == f"Bearer {key}"

    # ------------------------------------------------------------ answers

    def _answer(self, request: dict[str, Any], answer: Fault) -> None:
        try:
            self._wait(self.server.model.delay_seconds + answer.delay_seconds)
            self._send(request, answer)
        except (_Left, BrokenPipeError, ConnectionResetError):
            self.server.model.client_left.set()
            self.close_connection = True

    def _send(self, request: dict[str, Any], answer: Fault) -> None:
        if answer.ends is not None and answer.after is None:
            self._end_badly(answer)
        elif answer.body is not None:
            self._send_whole(answer)
        elif request.get("stream"):
            self._send_stream(request, answer)
        else:
            self._send_whole(answer, _completion(self.server.model, request, answer))

    def _send_whole(self, answer: Fault, body: Mapping[str, Any] | None = None) -> None:
        found = answer.body if body is None else body
        payload = (found if isinstance(found, str) else json.dumps(found)).encode()
        self._open_body(answer, "application/json")
        if answer.ends is not None and answer.after is not None:
            self._chunk(payload[: answer.after * _PIECE])
            self._end_badly(answer)
            return
        self._chunk(payload)
        self._close_body()

    def _send_stream(self, request: dict[str, Any], answer: Fault) -> None:
        self._open_body(answer, "text/event-stream")
        for number, event in enumerate(_events(self.server.model, request, answer)):
            if answer.ends is not None and number >= (answer.after or 0):
                self._end_badly(answer)
                return
            self._event(json.dumps(event))
        if answer.ends is not None:
            self._end_badly(answer)
            return
        if answer.says_done:
            self._event("[DONE]")
        self._close_body()

    def _end_badly(self, answer: Fault) -> None:
        self.close_connection = True
        if answer.ends == "stall":
            self._wait(None)
        while answer.ends == "trickle":
            if answer.after is None:
                self.wfile.write(b"H")
            else:
                self._chunk(b" ")
            self._wait(answer.trickle_seconds)
        if answer.ends == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.server.model._closed(self.connection)
            self.connection.close()

    def _open_body(self, answer: Fault, kind: str) -> None:
        self.send_response(answer.status)
        headers = {"Content-Type": kind, "Transfer-Encoding": "chunked", **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _event(self, data: str) -> None:
        self._chunk(f"data: {data}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        if data:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _close_body(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def _wait(self, seconds: float | None) -> None:
        """Wait so long (None: for ever). Raises `_Left` as soon as nobody is there to wait for."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while deadline is None or time.monotonic() < deadline:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if select.select([self.connection], [], [], left)[0] and not self.connection.recv(1, socket.MSG_PEEK):
                raise _Left


def _said(answer: Fault) -> str | None:
    if answer.content is None or isinstance(answer.content, str):
        return answer.content
    return json.dumps(answer.content, ensure_ascii=False)


def _usage(model: ScriptedModel, request: dict[str, Any], answer: Fault) -> dict[str, int]:
    used = tokens_in(prompt_of(request)), tokens_in(_said(answer) or "")
    model._count(*used)
    return {"prompt_tokens": used[0], "completion_tokens": used[1], "total_tokens": sum(used)}


def _head(model: ScriptedModel, request: dict[str, Any], kind: str) -> dict[str, Any]:
    name = model.answers_as or request.get("model")
    return {"id": "chatcmpl-1", "object": kind, "created": 1_700_000_000, "model": name}


def _completion(model: ScriptedModel, request: dict[str, Any], answer: Fault) -> dict[str, Any]:
    message = {"role": "assistant", "content": _said(answer), "refusal": answer.refusal}
    choice = {"index": 0, "message": message, "finish_reason": answer.finish_reason}
    body = {**_head(model, request, "chat.completion"), "choices": [choice] if answer.has_choices else []}
    usage = _usage(model, request, answer)
    return {**body, "usage": usage} if answer.says_usage else body


def _events(model: ScriptedModel, request: dict[str, Any], answer: Fault) -> list[dict[str, Any]]:
    head = _head(model, request, "chat.completion.chunk")

    def event(delta: Mapping[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}

    events = []
    if answer.has_choices:
        said = _said(answer)
        pieces = [] if said is None else [said[at : at + _PIECE] for at in range(0, len(said), _PIECE)]
        events += [event({"role": "assistant", "content": None if said is None else ""})]
        events += [event({"content": piece}) for piece in pieces]
        events += [event({"refusal": answer.refusal})] if answer.refusal is not None else []
    if answer.event is not None:
        events += [dict(answer.event)]
    if answer.has_choices and answer.finish_reason is not None:
        events += [event({}, answer.finish_reason)]
    usage = _usage(model, request, answer)
    if answer.says_usage and (request.get("stream_options") or {}).get("include_usage"):
        events += [{**head, "choices": [], "usage": usage}]
    return events


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # the other side was quicker
        return
