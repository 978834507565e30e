"""A model's completion as it arrives: events of a stream, or one whole body."""

from __future__ import annotations

from typing import Any

from lessongen.writers.openai.answers import Unusable

_MOST_BYTES_A_TOKEN = 256


class SaidError(Exception):
    """The server sent an error under status 200; `body` is it."""

    def __init__(self, body: object) -> None:
        super().__init__()
        self.body = body


class Completion:
    """What has arrived so far; written by the thread that reads, `tokens` looked at by another."""

    def __init__(self, max_tokens: int) -> None:
        self._most_bytes = max_tokens * _MOST_BYTES_A_TOKEN
        self._pieces: list[str] = []
        self._bytes = 0
        self._thought = 0
        self.model = ""
        self.finish_reason: str | None = None
        self.has_choices = False
        self.is_refusal = False
        self.usage: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """What the model said so far; the halves of a character that came in two events are put together."""
        said = "".join(self._pieces)
        return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    @property
    def tokens(self) -> int:
        """About how many tokens have come so far, thoughts that are not shown with them."""
        return (self._bytes + self._thought + 3) // 4

    @property
    def output_tokens(self) -> int:
        """How many tokens the server says there were; where it does not, about how many."""
        return self.tokens if self.usage is None else self.usage[1]

    def add(self, event: object) -> None:
        """Take in one event of a stream. Raises `SaidError`, or `Unusable` for what is none."""
        self._take(event, "delta")

    def whole(self, body: object) -> None:
        """Take in a whole body, from a server that does not stream. Raises as `add` does."""
        self._take(body, "message")

    def _take(self, data: object, part: str) -> None:
        if not isinstance(data, dict):
            raise Unusable("it is no completion")
        if data.get("error"):
            raise SaidError(data["error"])
        if isinstance(data.get("model"), str):
            self.model = data["model"] or self.model
        self._count(data.get("usage"))
        choices = data.get("choices")
        if not isinstance(choices, list) or not choices:
            return
        choice = choices[0]
        said = choice.get(part) if isinstance(choice, dict) else None
        if not isinstance(choice, dict) or not isinstance(said, dict | None):
            raise Unusable("it is no completion")
        self.has_choices = True
        if isinstance(choice.get("finish_reason"), str):
            self.finish_reason = choice["finish_reason"].lower()
        if said is not None:
            self._hear(said)

    def _hear(self, said: dict[str, Any]) -> None:
        self.is_refusal = self.is_refusal or bool(said.get("refusal"))
        for name in ("reasoning_content", "reasoning"):
            if isinstance(said.get(name), str):
                self._thought += len(said[name].encode(errors="replace"))
                break  # some send the same under both names
        content = said.get("content")
        if isinstance(content, list):  # parts, as Mistral sends them
            parts = [part for part in content if isinstance(part, dict) and part.get("type") == "text"]
            content = "".join(str(part.get("text", "")) for part in parts)
        if content is None:
            return
        if not isinstance(content, str):
            raise Unusable("what it says is no text")
        self._pieces.append(content)
        self._bytes += len(content.encode(errors="replace"))
        if self._bytes > self._most_bytes:
            raise Unusable("it goes on without end")

    def _count(self, usage: object) -> None:
        if not isinstance(usage, dict):
            return
        counts = [usage.get("prompt_tokens"), usage.get("completion_tokens")]
        whole = [count for count in counts if isinstance(count, int) and not isinstance(count, bool) and count >= 0]
        if len(whole) == 2:
            self.usage = whole[0], whole[1]


def estimated_tokens(text: str) -> int:
    """About how many tokens a text is: one for four bytes of UTF-8."""
    return (len(text.encode(errors="replace")) + 3) // 4
