"""The gate of an open database's uses: who wants to be alone comes in as soon as the last other one has left."""

from __future__ import annotations

import threading
import time

from lessongen.database.sqlite.gate import Gate


def test_the_last_one_to_leave_lets_in_who_waits_to_be_alone() -> None:
    gate, is_inside, may_leave = Gate(), threading.Event(), threading.Event()

    def use() -> None:
        with gate:
            is_inside.set()
            may_leave.wait(20)

    other = threading.Thread(target=use)
    other.start()
    assert is_inside.wait(20)
    threading.Timer(0.1, may_leave.set).start()
    begun = time.monotonic()
    with gate, gate.alone():
        assert time.monotonic() - begun < 10, "it slept until its patience ended"
    other.join()
