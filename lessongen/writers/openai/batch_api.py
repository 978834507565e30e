"""The Batch API of OpenAI-compatible providers: files of calls go out, files of answers come back.

Shapes: OpenAI's reference of Files and Batches. Others differ: bodies come as objects (OpenAI) or as strings of JSON
(llama-stack), a failed call with a response or with an error alone, metadata may be kept or not.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import IO, Any

from lessongen.lesson.sent_batches import LineError, ProviderAnswer, ProviderBatch
from lessongen.system.errors import Cancelled, NoBatchApi
from lessongen.system.printable import printable
from lessongen.writers.openai.address import NO_KEY, address_of, usable_key
from lessongen.writers.openai.answers import Unusable
from lessongen.writers.openai.client import Server
from lessongen.writers.openai.completion import Completion, SaidError, estimated_tokens
from lessongen.writers.openai.error_body import error_of
from lessongen.writers.openai.faults import Place, Secrets, unusable
from lessongen.writers.openai.library import Failure, Library

ENDPOINT = "/v1/chat/completions"

_MARK = "lessongen_parcel"  # the key of the metadata that tells our batches from others
_IN_MEMORY_BYTES = 8 * 2**20
_LONGEST_LINE = 16 * 2**20
_PAGE = 100
_WITHOUT = (404, 405, 501)
_OVER = (404, 409, 410)  # what is said of a cancelled batch that can't be, or of a file that is gone
_GOOD = 200
_NO_RESPONSE = 500  # the status of a call that the provider could not make

Stopping = Callable[[], bool]


class OpenAIBatches:
    """The Batch API of one server; implements `sent_batches.Provider`."""

    def __init__(self, server: Server) -> None:
        """Raises `ConfigurationError` for an address or a key that can't be used. Nothing is sent yet."""
        self._address = address_of(server.base_url)
        self._key = usable_key(server.api_key, self._address)
        self._library = Library(self._address, self._key, timeout_seconds=server.timeout_seconds)

    @property
    def address(self) -> str:
        """Which provider it is, without any secret."""
        return self._address.shown

    def close(self) -> None:
        """Let go of connections."""
        self._library.close()

    def probe(self) -> None:
        """Raise `NoBatchApi` where there is no Batch API; and what else a look at it raises."""
        _, failure = self._asked(lambda: self._get("/batches", limit=1), lambda: False)
        self._require(failure)

    # ------------------------------------------------------------ sending

    def send_file(self, name: str, lines: Iterable[bytes], stopping: Stopping) -> str:
        """Give the provider a file of calls; its id there."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
            file.writelines(lines)

            def send() -> object:
                file.seek(0)
                files = self._library.opened().files.with_raw_response
                given = (name, file, "application/jsonl")
                return json.loads(files.create(file=given, purpose="batch").content)

            found, failure = self._asked(send, stopping)
        self._require(failure)
        return self._text(found, "id")

    def begin(self, file_id: str, sent_batch_id: str, stopping: Stopping) -> ProviderBatch:
        """Have the provider begin with a file, under the sent batch's id."""
        body = {
            "input_file_id": file_id,
            "endpoint": ENDPOINT,
            "completion_window": "24h",
            "metadata": {_MARK: sent_batch_id},
        }
        found, failure = self._asked(
            lambda: self._library.opened().post("/batches", cast_to=object, body=body), stopping
        )
        self._require(failure)
        return self._batch(found)

    # ------------------------------------------------------------ looking

    def find(self, sent_batch_id: str, file_id: str, stopping: Stopping) -> ProviderBatch | None:
        """The batch that was begun for a sent batch, by its metadata or its file; None where there is none."""
        after: str | None = None
        while True:
            query = {"limit": _PAGE, **({"after": after} if after else {})}
            page, failure = self._asked(partial(self._get, "/batches", **query), stopping)
            self._require(failure)
            listed = [each for each in _listed(page) if isinstance(each, Mapping)]
            for each in listed:
                metadata = each.get("metadata")
                is_marked = isinstance(metadata, Mapping) and metadata.get(_MARK) == sent_batch_id
                if is_marked or each.get("input_file_id") == file_id:
                    return self._batch(each)
            following = listed[-1].get("id") if listed else None
            if not (isinstance(page, Mapping) and page.get("has_more")) or following in (None, after):
                return None
            after = str(following)

    def look(self, provider_id: str, stopping: Stopping) -> ProviderBatch | None:
        """The batch of that id; None where the provider knows none."""
        found, failure = self._asked(lambda: self._get(f"/batches/{_in_path(provider_id)}"), stopping)
        if failure is not None and failure.status in (404, 410):
            return None
        self._require(failure, may_lack=False)
        return self._batch(found)

    def answers(self, file_id: str, stopping: Stopping) -> Iterator[ProviderAnswer]:
        """The lines of a file of answers or errors; the whole file is here before the first of them is told."""
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:

            def fetch() -> None:
                file.seek(0)
                file.truncate()
                path = f"/files/{_in_path(file_id)}/content"
                files = self._library.opened().files.with_streaming_response
                with files.content(_in_path(file_id)) as response:
                    if "html" in response.headers.get("content-type", "").lower():
                        raise Unusable(f"there is a web page at {path}")
                    for piece in response.iter_bytes():
                        file.write(piece)

            _, failure = self._asked(fetch, stopping)
            self._require(failure, may_lack=False)
            file.seek(0)
            for line in self._lines(file):
                yield self._answer(line)

    # ------------------------------------------------------------ ending

    def cancel(self, provider_id: str, stopping: Stopping) -> None:
        """Ask the provider to cancel a batch; nothing where it is over."""
        _, failure = self._asked(
            lambda: self._library.opened().post(f"/batches/{_in_path(provider_id)}/cancel", cast_to=object), stopping
        )
        if failure is not None and failure.status not in _OVER:
            raise failure.error

    def drop_file(self, file_id: str, stopping: Stopping) -> None:
        """Have a file deleted; nothing where there is none, or where the provider deletes none."""
        _, failure = self._asked(
            lambda: self._library.opened().delete(f"/files/{_in_path(file_id)}", cast_to=object), stopping
        )
        if failure is not None and failure.status not in (*_OVER, *_WITHOUT):
            raise failure.error

    # ------------------------------------------------------------ one request

    def _asked(self, work: Callable[[], object], stopping: Stopping) -> tuple[object, Failure | None]:
        """What came of a request, and what went wrong. Raises `Cancelled` once stopping."""
        found: list[object] = []

        def tick() -> None:
            if stopping():
                raise Cancelled

        failure = self._library.attempt(self._place, lambda: found.append(work()), tick)
        return (found[0] if found else None), failure

    def _get(self, path: str, **query: object) -> object:
        return self._library.opened().get(path, cast_to=object, options={"params": query})

    def _require(self, failure: Failure | None, *, may_lack: bool = True) -> None:
        if failure is None:
            return
        if may_lack and failure.status in _WITHOUT:
            raise NoBatchApi(
                f"{self.address} has no Batch API ({failure.status}).",
                hint="Submit the batch without --batch-api, at the full price; or name a provider that has one in "
                "OPENAI_BASE_URL.",
            )
        raise failure.error

    @property
    def _place(self) -> Place:
        return Place(address=self.address, model="the Batch API", secrets=Secrets(key=self._key))

    # ------------------------------------------------------------ shapes

    def _text(self, found: object, name: str) -> str:
        text = found.get(name) if isinstance(found, Mapping) else None
        if not isinstance(text, str) or not text:
            raise unusable(self._place, f"it has no {name}", "Is the address right? It mostly ends in /v1.")
        return text

    def _batch(self, found: object) -> ProviderBatch:
        batch_id, status = self._text(found, "id"), self._text(found, "status")
        batch = found if isinstance(found, Mapping) else {}
        counts = batch.get("request_counts")
        counts = counts if isinstance(counts, Mapping) else {}
        files = [batch.get("output_file_id"), batch.get("error_file_id")]
        errors = _listed(batch.get("errors"))
        return ProviderBatch(
            id=batch_id,
            status=printable(status.lower())[:40],
            total=_whole(counts.get("total")),
            answered=_whole(counts.get("completed")),
            failed=_whole(counts.get("failed")),
            files=[each for each in files if isinstance(each, str) and each],
            errors=[_line_error(each, self._place) for each in errors if isinstance(each, Mapping)],
        )

    def _lines(self, file: IO[bytes]) -> Iterator[Mapping[str, Any]]:
        key = self._key.encode()
        while line := file.readline(_LONGEST_LINE):
            if not line.strip():
                continue
            if self._key != NO_KEY and key in line:
                line = line.replace(key, b"[key]")  # answers are kept in the database, where no key may be
            try:
                data = json.loads(line)
            except (ValueError, RecursionError):
                data = None
            if not isinstance(data, Mapping):
                raise unusable(self._place, "its file of answers is no JSON Lines", "It is fetched again.")
            yield data

    def _answer(self, line: Mapping[str, Any]) -> ProviderAnswer:
        response, error = line.get("response"), line.get("error")
        status, body = _NO_RESPONSE, None
        if isinstance(response, Mapping):
            status = _whole(response.get("status_code")) or _NO_RESPONSE
            status = _GOOD if _GOOD <= status < 300 else status
            body = _body(response.get("body"))
        if body is None:
            said = error if isinstance(error, Mapping) else {"message": error if isinstance(error, str) else ""}
            status, body = status if status >= 300 else _NO_RESPONSE, {"error": dict(said)}
        completion = Completion(_LONGEST_LINE)
        if status == _GOOD:
            with contextlib.suppress(Unusable, SaidError):  # the writer says what is wrong with it
                completion.whole(body)
        used = completion.usage or (0, estimated_tokens(completion.text))
        return ProviderAnswer(
            custom_id=str(line.get("custom_id") or ""),
            status=status,
            code=error_of(body).code if status != _GOOD else "",
            body=body,
            model=completion.model,
            input_tokens=used[0],
            output_tokens=used[1],
        )


def _body(found: object) -> Mapping[str, Any] | None:
    """A response's body, an object or a string that holds one."""
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, Mapping) and found else None


def _line_error(found: Mapping[str, Any], place: Place) -> LineError:
    line, code, message = found.get("line"), found.get("code"), found.get("message")
    return LineError(
        line=line if isinstance(line, int) and not isinstance(line, bool) and line > 0 else None,
        code=code if isinstance(code, str) else "",
        message=place.secrets.cleaned(message) if isinstance(message, str) else "",
    )


def _listed(found: object) -> list[Any]:
    """The items of a list: {"data": […]}, or bare."""
    data = found.get("data") if isinstance(found, Mapping) else found
    return data if isinstance(data, list) else []


def _whole(found: object) -> int:
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else 0


def _in_path(name: str) -> str:
    """An id of the provider's as a part of a path."""
    from urllib.parse import quote

    return quote(name, safe="")
