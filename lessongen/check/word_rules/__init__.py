"""Whether a sentence stands on the quotes that it cites, as far as words, numbers, names and their order can tell.

Deterministic, pure, English. It catches altered facts; it proves no sentence. What it catches is measured by
`bench/support.py`. May import `lessongen.text` and nothing else of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lessongen.check.word_rules.passage import plain, stands_verbatim
from lessongen.check.word_rules.rules import ALL_RULES, case_of
from lessongen.text.sentences import split_sentences

__all__ = ["RULES", "Refusal", "refusal", "refusals", "stands_verbatim"]

_NO_QUOTE = "no-quote"

RULES: Mapping[str, str] = {_NO_QUOTE: "It cites at least one quote."} | {
    code: (rule.__doc__ or "").strip() for code, rule in ALL_RULES.items()
}
"""What each rule asks of a sentence, by its code, in the order in which they are asked."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a sentence does not stand on its quotes: the code of a rule (see `RULES`) and what to mend."""

    rule: str
    message: str


def refusal(sentence: str, quotes: Sequence[str], *, title: str = "", article: Sequence[str] = ()) -> Refusal | None:
    """The first reason why the sentence does not stand on the quotes that it cites; None where it stands.

    `title` is that of the article (and its topic), whose names and words need no quote. `article` is all sentences of
    the source: where one of them says the same better than the quotes, the wrong one was cited. A sentence that is word
    for word one of the quotes, or whole sentences of one, always stands. Whether the quotes stand in the source is for
    the caller to check (`stands_verbatim`).
    """
    return next(refusals(sentence, quotes, title=title, article=article), None)


def refusals(
    sentence: str, quotes: Sequence[str], *, title: str = "", article: Sequence[str] = ()
) -> Iterator[Refusal]:
    """All reasons why the sentence does not stand on its quotes, in the order of `RULES`."""
    if not any(quote.strip() for quote in quotes):
        yield Refusal(rule=_NO_QUOTE, message="the sentence cites no quote")
        return
    if _is_verbatim(sentence, quotes):
        return
    case = case_of(sentence, quotes, title, article)
    for code, rule in ALL_RULES.items():
        for message in rule(case):
            yield Refusal(rule=code, message=message)


def _is_verbatim(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether the sentence is a quote or a row of whole sentences of one: a part of a sentence may lack its "not"."""
    wanted = plain(sentence).strip(" .")
    for quote in quotes:
        if wanted == plain(quote).strip(" ."):
            return True
        if wanted and stands_verbatim(sentence, quote):
            parts = [plain(part.text).strip(" .") for part in split_sentences(quote)]
            if any(wanted.startswith(part) for part in parts) and any(wanted.endswith(part) for part in parts):
                return True
    return False
