"""What a call to a model costs."""

from __future__ import annotations

import pytest

from lessongen.writers.openai.prices import price


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
