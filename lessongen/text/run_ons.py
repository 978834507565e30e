"""Two sentences of a text that have lost the stop between them."""

from __future__ import annotations

import re

from lessongen.text.sentences import points_back
from lessongen.text.words import word_count

# "in the imperial period The first Stoics".
RUN_ON = re.compile(r"(?<=[a-z]{3} )(?:The|This|These|They|He|She|It|However|Its|His|Her) [a-z]{2,}")
_FEWEST_WORDS_OF_A_PART = 10  # less may be a title: "the novel The old man"
VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|may|might|will|would|must|should|do|does|did)\b|\w{3,}ed\b"
)


def after_a_lost_stop(text: str) -> int:
    """Where the second of two sentences begins that have lost the stop between them, if it can be read by itself; or 0.

    What stands before has no end of its own and can't be quoted.
    """
    found = RUN_ON.search(text)
    if found is None:
        return 0
    before, after = text[: found.start()], text[found.start() :]
    are_whole = all(word_count(part) >= _FEWEST_WORDS_OF_A_PART and VERB.search(part) for part in (before, after))
    return 0 if not are_whole or points_back(after) or RUN_ON.search(after) else found.start()
