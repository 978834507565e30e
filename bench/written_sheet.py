"""Written sentences drawn from saved lessons, to be read each beside its quotes alone, to find the unsupported.

python -m bench.written_sheet draw DATABASE… FILE --seed N [--count 100]     the sentences with their quotes, to FILE
python -m bench.written_sheet judge DATABASE… FILE --seed N --verdicts FILE  the table of the verdicts, to FILE

A sentence is told as `shortened` where it is a quote without some of its parts (`lessongen.text.asides`), else
as `reworded`. VERDICTS is what a language model answered, another one than wrote the sentences: a line a sentence, its
number, `supported` or `unsupported`, and a remark, divided by tabs. The table names a sentence by article and SHA-256,
with the words that it has and its quotes have not; it holds no passage. The same seed draws the same sentences of the
same databases.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from lessongen.text.asides import asides, without
from lessongen.text.words import stem, tokens

COUNT = 100
UNSUPPORTED_AT_MOST = 0.05
_VERSIONS = "SELECT content FROM versions ORDER BY lesson, number"


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A sentence in a model's words with what it cites."""

    article: str
    model: str
    text: str
    quotes: Sequence[str]

    @property
    def how(self) -> str:
        """Whether the model chose a cut of a quote, or wrote it itself."""
        return "shortened" if any(self.text in cuts(quote) for quote in self.quotes) else "reworded"

    @property
    def new_words(self) -> str:
        """The words that no quote has in any form."""
        said = {stem(word) for quote in self.quotes for word in tokens(quote)}
        return " ".join(dict.fromkeys(word for word in tokens(self.text) if stem(word) not in said))


def cuts(quote: str) -> set[str]:
    """The quote without any set of its asides."""
    parts = asides(quote)
    sets = (chosen for count in range(1, len(parts) + 1) for chosen in combinations(parts, count))
    return {without(quote, chosen) for chosen in sets}


def _versions_in(databases: Iterable[Path]) -> Iterator[Mapping[str, Any]]:
    for database in databases:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            for (content,) in connection.execute(_VERSIONS):
                yield json.loads(content)


def written_in(databases: Iterable[Path]) -> Iterator[Drawn]:
    """Every written sentence of every version, each once."""
    seen: set[str] = set()
    for lesson in _versions_in(databases):
        quotes = {quote["id"]: quote["text"] for source in lesson["sources"] for quote in source["quotes"]}
        for section in lesson["sections"]:
            for block in section["blocks"]:
                for each in block.get("sentences", ()):
                    if each["origin"] == "written" and each["text"] not in seen:
                        seen.add(each["text"])
                        cited = [quotes[cite] for cite in each["cites"]]
                        model = lesson["provenance"]["model"] or ""
                        article = lesson["sources"][0]["title"]
                        yield Drawn(article=article, model=model, text=each["text"], quotes=cited)


def shown(drawn: Sequence[Drawn]) -> str:
    """The sentences as the model gets them that judges them."""
    blocks = (
        "\n".join([f"{number}. [{each.article}] {each.text}", *(f"     > {quote}" for quote in each.quotes)])
        for number, each in enumerate(drawn, 1)
    )
    return "\n\n".join(blocks) + "\n"


_HEAD = "# Each sentence was judged by a language model, given it and its quotes alone; no person has read them."


def judged(drawn: Sequence[Drawn], verdicts: str) -> str:
    """A table of tab-separated values."""
    given = dict(line.split("\t", 1) for line in verdicts.splitlines() if line.strip())
    lines = [_HEAD, "number\tarticle\twritten_by\tsentence_sha256\thow\tnew_words\tmodel_verdict\tmodel_remark"]
    for number, each in enumerate(drawn, 1):
        verdict, _, remark = given[str(number)].partition("\t")
        digest = hashlib.sha256(each.text.encode()).hexdigest()[:16]
        lines.append(
            "\t".join((str(number), each.article, each.model, digest, each.how, each.new_words, verdict, remark))
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Draw, or judge; exit code 1 where more than one in twenty is unsupported."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("draw", "judge"))
    parser.add_argument("databases", type=Path, nargs="+")
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--verdicts", type=Path)
    asked = parser.parse_args()
    found = list(written_in(asked.databases))
    drawn = random.Random(asked.seed).sample(found, min(asked.count, len(found)))
    by_kind = Counter(each.how for each in drawn)
    told = ", ".join(f"{count} {how}" for how, count in sorted(by_kind.items()))
    print(f"{len(drawn)} of {len(found)} written sentences: {told}")
    if asked.what == "draw":
        asked.file.write_text(shown(drawn), encoding="utf-8")
        return 0
    table = judged(drawn, asked.verdicts.read_text(encoding="utf-8"))
    asked.file.write_text(table, encoding="utf-8")
    unsupported = table.count("\tunsupported\t")
    print(f"{unsupported} of them unsupported")
    return 0 if unsupported <= UNSUPPORTED_AT_MOST * len(drawn) else 1


if __name__ == "__main__":
    sys.exit(main())
