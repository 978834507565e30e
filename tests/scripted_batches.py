"""A provider with a Batch API for tests: `ScriptedModel` with OpenAI's Files and Batches, on a real socket.

A batch goes through `validating` and `in_progress`, a look each, `looks` of them, and is over then; its calls are
answered by the script as they would be in a chat, none before that moment. Everything that OpenAI documents can be had
otherwise: see `ScriptedBatches`.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.scripted_model import Answer, Fault, Received, ScriptedModel, _completion, _Connection, error

Fate = Literal["answered", "refused", "failed", "limited", "expired", "forgotten"]
_OVER = ("completed", "failed", "expired", "cancelled")


@dataclass
class Batch:
    """One batch at the provider: its record as it is told, the lines of its file, and how often it was looked at."""

    record: dict[str, Any]
    lines: list[dict[str, Any]]
    looks: int = 0

    @property
    def custom_ids(self) -> list[str]:
        """The ids of its calls."""
        return [line["custom_id"] for line in self.lines]


@dataclass(kw_only=True)
class Script:
    """What a provider does; may be changed while it runs.

    `looks` is after how many looks a batch is over, None for never; `ends_as` the status that it has then, and `fate`
    what becomes of a call, by its place and body. `body` is how bodies come in files of answers. `lacks` names what
    there is none of ("files", "batches", "list", "delete"), which is told with `lacking`. `refuses_file` gives the
    errors of a file that is refused. `faults` are answers in place of the next ones to "METHOD /path", by the pattern.
    """

    looks: int | None = 2
    ends_as: str = "completed"
    fate: Callable[[int, dict[str, Any]], Fate] = lambda place, body: "answered"
    body: Literal["object", "string"] = "object"
    keeps_metadata: bool = True
    lacks: Collection[str] = ()
    lacking: int = 404
    refuses_file: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = lambda lines: []
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    begins_first: bool = False  # a fault of "POST /v1/batches" comes after the batch was begun


class ScriptedBatches(ScriptedModel):
    """The provider, running inside a `with` block. `batches` are those that were begun, in order, by id."""

    def __init__(self, answer: Answer, *, script: Script | None = None, **options: Any) -> None:
        super().__init__(answer, connection=_BatchConnection, **options)
        self.script = script or Script()
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, Batch] = {}
        self.names: dict[str, str] = {}  # of files, by id
        self._state = threading.RLock()
        self._numbers = 0

    @property
    def sent(self) -> list[str]:
        """The custom ids of all calls in all batches, in order."""
        return [custom_id for batch in self.batches.values() for custom_id in batch.custom_ids]

    def requests_to(self, pattern: str) -> list[Received]:
        """The requests whose "METHOD /path" matches."""
        return [each for each in list(self.requests) if re.fullmatch(pattern, f"{each.method} {each.path}")]

    # ------------------------------------------------------------ for the connections

    def fault_for(self, asked: str) -> Fault | None:
        """The fault that stands for this request, once."""
        with self._state:
            for place, (pattern, fault) in enumerate(self.script.faults):
                if re.fullmatch(pattern, asked):
                    del self.script.faults[place]
                    return fault
        return None

    def keep_file(self, name: str, content: bytes) -> dict[str, Any]:
        """A new file's record."""
        with self._state:
            self._numbers += 1
            file_id = f"file-{self._numbers}"
            self.files[file_id], self.names[file_id] = content, name
        return {"id": file_id, "object": "file", "bytes": len(content), "filename": name, "purpose": "batch"}

    def begin(self, asked: Mapping[str, Any]) -> Fault | dict[str, Any]:
        """A new batch's record."""
        with self._state:
            content = self.files.get(asked["input_file_id"])
            if content is None or asked["endpoint"] != "/v1/chat/completions" or asked["completion_window"] != "24h":
                return error(400, "Invalid input file or endpoint.", type="invalid_request_error")
            lines = [json.loads(line) for line in content.splitlines()]
            assert all(line["method"] == "POST" and line["url"] == "/v1/chat/completions" for line in lines)
            assert not any("stream" in line["body"] for line in lines)
            assert len({line["custom_id"] for line in lines}) == len(lines)
            assert len({line["body"]["model"] for line in lines}) == 1
            self._numbers += 1
            record = {
                "id": f"batch_{self._numbers}",
                "object": "batch",
                "endpoint": asked["endpoint"],
                "input_file_id": asked["input_file_id"],
                "completion_window": "24h",
                "status": "validating",
                "created_at": 1_700_000_000 + self._numbers,
                "metadata": asked.get("metadata") if self.script.keeps_metadata else None,
                "output_file_id": None,
                "error_file_id": None,
                "errors": None,
                "request_counts": {"total": 0, "completed": 0, "failed": 0},
            }
            self.batches[record["id"]] = Batch(record, lines)
            return dict(record)

    def look(self, batch_id: str) -> dict[str, Any] | None:
        """A batch's record, one step on."""
        with self._state:
            batch = self.batches.get(batch_id)
            if batch is None:
                return None
            batch.looks += 1
            status = batch.record["status"]
            if status == "cancelling":
                self._end(batch, "cancelled")
            elif status not in _OVER:
                errors = self.script.refuses_file(batch.lines)
                if errors:
                    batch.record |= {"status": "failed", "errors": {"object": "list", "data": errors}}
                elif self.script.looks is not None and batch.looks > self.script.looks:
                    self._end(batch, self.script.ends_as)
                else:
                    counts = {"total": len(batch.lines), "completed": 0, "failed": 0}
                    batch.record |= {"status": "in_progress", "request_counts": counts}
            return dict(batch.record)

    def cancel(self, batch_id: str) -> Fault | dict[str, Any]:
        """A batch's record, which is cancelling now."""
        with self._state:
            batch = self.batches[batch_id]
            if batch.record["status"] in _OVER:
                return error(409, "It is over.")
            batch.record["status"] = "cancelling"
            return dict(batch.record)

    def page(self, after: str | None, limit: int) -> dict[str, Any]:
        """A page of the list, the latest first."""
        with self._state:
            ids = list(reversed(self.batches))
            start = ids.index(after) + 1 if after else 0
            shown = [dict(self.batches[each].record) for each in ids[start : start + limit]]
            return {"object": "list", "data": shown, "has_more": start + limit < len(ids)}

    def _end(self, batch: Batch, status: str) -> None:
        done: list[dict[str, Any]] = []
        bad: list[dict[str, Any]] = []
        for place, line in enumerate(batch.lines):
            fate = self.script.fate(place, line["body"])
            if fate == "forgotten":
                continue
            (done if fate == "answered" else bad).append(self._line(line, fate))
        files = {}
        for name, lines in (("output_file_id", done), ("error_file_id", bad)):
            if lines:
                content = "".join(json.dumps(each) + "\n" for each in lines).encode()
                files[name] = self.keep_file(name, content)["id"]
        counts = {"total": len(batch.lines), "completed": len(done), "failed": len(bad)}
        batch.record |= {"status": status, "request_counts": counts, **files}

    def _line(self, line: Mapping[str, Any], fate: Fate) -> dict[str, Any]:
        named = {"id": f"batch_req_{line['custom_id'][:8]}", "custom_id": line["custom_id"]}
        if fate == "expired":
            said = {"code": "batch_expired", "message": "This request could not be executed before it expired."}
            return {**named, "response": None, "error": said}
        if fate == "failed":  # as llama-stack tells it: no response at all
            return {**named, "error": {"type": "request_failed", "message": "the model broke"}}
        status, body = {"refused": 400, "limited": 429}.get(fate, 200), dict[str, Any]()
        if status == 200:
            answer = self._answered(dict(line["body"]))
            status = answer.status
            body = (
                dict(answer.body) if isinstance(answer.body, Mapping) else _completion(self, dict(line["body"]), answer)
            )
        else:
            body = {"error": {"message": "Not like this.", "type": "invalid_request_error", "code": None}}
        sent = json.dumps(body) if self.script.body == "string" else body
        return {**named, "response": {"status_code": status, "request_id": "r", "body": sent}, "error": None}


class _BatchConnection(_Connection):
    @property
    def provider(self) -> ScriptedBatches:
        """The provider that this is a connection of."""
        found = self.server.model
        assert isinstance(found, ScriptedBatches)
        return found

    def do_GET(self) -> None:
        """A list, a batch, a file's content; or what the model answers."""
        if self._is_ours():
            self._receive_raw()
            self._tell(self._found())
        else:
            super().do_GET()

    def do_POST(self) -> None:
        """A new file, a new batch, a cancellation; or a completion."""
        if not self._is_ours():
            super().do_POST()
            return
        raw = self._receive_raw()
        path = urlsplit(self.path).path
        fault = self.provider.fault_for(f"POST {path}")
        begun: Fault | dict[str, Any] | None = None
        if path == "/v1/batches" and (fault is None or self.provider.script.begins_first):
            begun = self._lacking("batches") or self.provider.begin(json.loads(raw))
        if fault is not None:
            self._tell(fault)
        elif begun is not None:
            self._tell(begun)
        elif path == "/v1/files":
            self._tell(self._lacking("files") or self.provider.keep_file(*self._multipart(raw)))
        else:
            self._tell(self.provider.cancel(path.split("/")[3]))

    def do_DELETE(self) -> None:
        """A file goes."""
        self._receive_raw()
        file_id = urlsplit(self.path).path.split("/")[3]
        fault = self.provider.fault_for(f"DELETE {self.path}") or self._lacking("delete")
        if fault is None and self.provider.files.pop(file_id, None) is None:
            fault = error(404, "No such file.")
        self._tell(fault or {"id": file_id, "object": "file", "deleted": True})

    def _found(self) -> Fault | dict[str, Any]:
        address = urlsplit(self.path)
        parts, query = address.path.split("/")[2:], parse_qs(address.query)
        fault = self.provider.fault_for(f"GET {address.path}") or self._lacking(parts[0])
        if fault is not None:
            return fault
        if parts == ["batches"]:
            page = self.provider.page(query.get("after", [None])[0], int(query.get("limit", ["20"])[0]))
            return self._lacking("list") or page
        if parts[0] == "batches":
            return self.provider.look(parts[1]) or error(404, "No batch found with that id.")
        content = self.provider.files.get(parts[1])
        if content is None:
            return error(404, "No such File object.")
        return Fault(headers={"Content-Type": "application/octet-stream"}, body=content.decode())

    def _lacking(self, what: str) -> Fault | None:
        script = self.provider.script
        return error(script.lacking, "Not Found") if what in script.lacks else None

    def _is_ours(self) -> bool:
        return self.path.startswith(("/v1/files", "/v1/batches"))

    def _receive_raw(self) -> bytes:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = urlsplit(self.path).path
        self.provider.requests.append(Received(method=self.command, path=path, headers=headers, body={}))
        return raw

    def _multipart(self, raw: bytes) -> tuple[str, bytes]:
        kind = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = {
            part.get_param("name", header="content-disposition"): part
            for part in BytesParser(policy=HTTP).parsebytes(kind + raw).iter_parts()
        }
        assert parts["purpose"].get_content().strip() == "batch"
        content = parts["file"].get_payload(decode=True)
        assert isinstance(content, bytes)
        return str(parts["file"].get_filename()), content

    def _tell(self, answer: Fault | dict[str, Any]) -> None:
        key = self.provider.api_key
        if key is not None and self.headers.get("Authorization") != f"Bearer {key}":
            answer = error(401, "Incorrect API key provided.", code="invalid_api_key")
        self._answer({}, answer if isinstance(answer, Fault) else Fault(body=answer))
