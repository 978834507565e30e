"""What a call to a model costs."""

from __future__ import annotations

import pytest

from lessongen.app import DEFAULT_MODEL
from lessongen.writers.openai.prices import nearest_capable, price


def test_a_call_to_a_listed_model_has_a_price() -> None:
    cheap = price("gpt-4o-mini", 1_000_000, 0, None)
    assert cheap is not None
    assert 0.01 < cheap < 10
    assert price("gpt-4o-mini", 1_000_000, 0, "https://api.openai.com/v1/") == cheap
    dated = price("gpt-4o-mini-2024-07-18", 2_000_000, 0, "https://api.openai.com/v1")
    assert dated == pytest.approx(2 * cheap)


@pytest.mark.parametrize(
    ("model", "base_url"),
    [
        ("gpt-4o-mini", "http://localhost:11434/v1"),
        ("gpt-4o-mini", "http://127.0.0.1:8080/v1"),
        ("gpt-4o-mini", "http://[::1]:8080/v1"),
        ("gpt-4o-mini", "http://192.168.1.5/v1"),
        ("gpt-4o-mini", "http://models/v1"),
        ("gpt-4o-mini", "unix:///run/model.sock"),
        ("gpt-4o-mini", "https://models.school.example/v1"),
        ("gpt-4o-mini", "not an address"),
        ("no-such-model", None),
        ("", None),
    ],
)
def test_a_model_or_server_that_is_on_no_list_has_no_price(model: str, base_url: str | None) -> None:
    assert price(model, 1_000, 1_000, base_url) is None


def test_cached_input_is_told_apart_where_the_list_has_it() -> None:
    whole = price("gpt-6-luna", 100_000, 0, None)
    cached = price("gpt-6-luna", 100_000, 0, None, cached_tokens=100_000)
    assert whole is not None
    assert cached is not None
    assert 0 < cached < whole / 2
    assert price("gpt-4-turbo", 1_000, 0, None, cached_tokens=1_000) == price("gpt-4-turbo", 1_000, 0, None)


def test_the_default_model_is_on_the_list_and_cheaper_than_the_one_of_2025() -> None:
    lesson = price(DEFAULT_MODEL, 200_000, 12_000, None)
    before = price("gpt-4.1-mini", 200_000, 12_000, None)
    assert lesson is not None
    assert before is not None
    assert lesson < before


OFFERED = [
    "gpt-6.1-sol",
    "gpt-6-luna-audio",
    "gpt-5.6-luna",
    "gpt-4",
    "text-embedding-3-small",
    "gpt-6.1-terra",
    "mine",
]


@pytest.mark.parametrize(
    ("gone", "offered", "instead"),
    [
        ("gpt-4.1-mini", [*OFFERED, "gpt-6-luna"], "gpt-6-luna"),
        ("gpt-6-luna", OFFERED, "gpt-5.6-luna"),
        ("gpt-4.1-mini", OFFERED, "gpt-5.6-luna"),
        ("gpt-4.1", OFFERED, "gpt-6.1-sol"),
        ("never-heard-of", OFFERED, "gpt-5.6-luna"),
        ("gpt-4.1", ["gpt-4", "whisper-1", "gpt-realtime", "mine"], None),
        ("gpt-4.1", [], None),
    ],
)
def test_the_nearest_capable_model_that_is_offered_is_found_by_its_price(
    gone: str, offered: list[str], instead: str | None
) -> None:
    assert nearest_capable(gone, offered, None, default="gpt-6-luna") == instead
