"""Foreign text made safe to show: one line, and nothing in it that a terminal or a reader's eye would be misled by."""

from __future__ import annotations

import re

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029 ]+")
# Control characters; bidirectional embeddings, overrides and isolates; byte order mark and interlinear annotations.
_MISLEADING = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def printable(text: str) -> str:
    """The text on one line, without control characters and bidirectional overrides; lone surrogates become U+FFFD."""
    visible = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _MISLEADING.sub("", _BREAKS.sub(" ", text)))
    return re.sub(" {2,}", " ", visible).strip()
