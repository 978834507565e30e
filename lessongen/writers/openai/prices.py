"""What a call to a model costs, by the price list inside the package genai-prices; no network is asked."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from genai_prices.types import PriceCalculation

BATCH_PRICE = 0.5  # of the price: what a call by the Batch API costs; https://platform.openai.com/docs/guides/batch
_OPENAI = "https://api.openai.com/v1"


_NO_WRITER = re.compile(  # what is on the list for sounds, pictures, searches, or a trade of its own
    r"audio|realtime|live|image|vision|search|transcri|translat|tts|whisper|embed|moderation|codex|computer|cyber"
    r"|rosalind|research|safeguard|instruct|gpt-oss|-pro\b|^(?:ft:|davinci|babbage|ada|curie|text-)"
)
_LEAST_CONTEXT = 128_000  # tokens: a lesson's sources, what is asked of them, and what was written so far
_LESSON = (20_000, 1_000)  # tokens of one of its calls, in and out: what models are compared by


def price(
    model: str, input_tokens: int, output_tokens: int, base_url: str | None, *, cached_tokens: int = 0
) -> float | None:
    """US dollars for a call; None where the server (None: OpenAI's) or its model is not on the list.

    A server on this machine or in this network has no price. Prices are those of today for plain text; no discount
    for batches is taken off, and one for cached input for that many of the `input_tokens` alone.
    """
    found = _listed(model, input_tokens, output_tokens, base_url, cached_tokens)
    return None if found is None else float(found.total_price)


def nearest_capable(model: str, offered: Sequence[str], base_url: str | None, *, default: str) -> str | None:
    """Of the models that a server offers the one to take instead of `model`; None where the list knows none.

    That is the `default` where it is offered, else, of those that write text and read as much as a lesson needs, the
    one whose price for it is nearest to that of `model`, or of the default where that has none.
    """
    if default in offered:
        return default
    meant = price(model, *_LESSON, base_url) or price(default, *_LESSON, None)
    costs = {name: cost for name in offered if (cost := _cost_of_capable(name, base_url))}
    if not costs or not meant:
        return None
    return min(costs, key=lambda name: (abs(math.log(costs[name] / meant)), len(name), name))


def _cost_of_capable(model: str, base_url: str | None) -> float | None:
    found = None if _NO_WRITER.search(model) else _listed(model, *_LESSON, base_url)
    if found is None or (found.model.context_window or 0) < _LEAST_CONTEXT:
        return None
    return float(found.total_price)


def _listed(
    model: str, input_tokens: int, output_tokens: int, base_url: str | None, cached_tokens: int = 0
) -> PriceCalculation | None:
    address = base_url or _OPENAI
    if not model or _is_near(address):
        return None
    from genai_prices import Usage, calc_price

    used = Usage(input_tokens=input_tokens, cache_read_tokens=cached_tokens, output_tokens=output_tokens)
    try:
        return calc_price(used, model, provider_api_url=address)
    except LookupError:
        return None


def _is_near(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not set(".:") & set(host):
        return True
    if re.search(r"\.(?:local|localhost|internal|lan|home|test)$", host):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
