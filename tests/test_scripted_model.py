"""The scripted model server itself."""

from __future__ import annotations

from typing import Any

import pytest

from lessongen.system.errors import (
    Unavailable,
)
from tests.asking import (
    GOOD,
    ask,
    client_of,
)
from tests.scripted_model import ScriptedModel, error, in_turn, prompt_of, tokens_in


def test_what_a_scripted_answer_raises_comes_out_where_its_block_ends() -> None:
    def answer(request: dict[str, Any]) -> object:
        raise AssertionError("the script's own")

    with pytest.raises(AssertionError, match="the script's own"), ScriptedModel(answer) as server:
        with pytest.raises(Unavailable):
            ask(client_of(server))


def test_scripted_answers_come_in_turn_and_the_last_one_stays() -> None:
    with ScriptedModel(in_turn(error(503, "Later."), GOOD)) as server:
        client = client_of(server)
        with pytest.raises(Unavailable):
            ask(client)
        assert ask(client).data == ask(client).data == GOOD
    assert server.input_tokens == 2 * tokens_in(prompt_of(server.calls[-1]))
