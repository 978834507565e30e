"""What a call to a model costs, by the price list inside the package genai-prices; no network is asked."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

BATCH_PRICE = 0.5  # of the price: what a call by the Batch API costs; https://platform.openai.com/docs/guides/batch
_OPENAI = "https://api.openai.com/v1"


def price(model: str, input_tokens: int, output_tokens: int, base_url: str | None) -> float | None:
    """US dollars for a call; None where the server (None: OpenAI's) or its model is not on the list.

    A server on this machine or in this network has no price. Prices are those of today for plain text; no discount
    for cached input or batches is taken off.
    """
    address = base_url or _OPENAI
    if not model or _is_near(address):
        return None
    from genai_prices import Usage, calc_price

    try:
        found = calc_price(
            Usage(input_tokens=input_tokens, output_tokens=output_tokens), model, provider_api_url=address
        )
    except LookupError:
        return None
    return float(found.total_price)


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
