"""Tokens for the web API: how one is made, and what is kept of it."""

from __future__ import annotations

import hashlib
import secrets

_PREFIX = "lg_"


def new_token() -> str:
    """A token nobody can guess: 256 bits."""
    return _PREFIX + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token. It is random and long, so that a plain hash can't be searched back."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
