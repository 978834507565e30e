"""Do sentences end where they should, at the abbreviations of all leads of the encyclopedia and of full articles?

    python -m bench.sentence_ends [--list]

A place is a full stop behind an abbreviation, an initial or a short word that texts here also use in mid-sentence,
where a capital, a figure or a bracket follows on the same line. `bench/data/sentence_ends.tsv` says of each place
whether the sentence ends there; a language model read them. Exits with 1 where a sentence is cut at an abbreviation,
where more than 4 % of the real ends are passed over, or where a place has not been read (`--list` shows all of these).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.full_articles import full_articles
from lessongen.sources.offline.encyclopedia import open_encyclopedia
from lessongen.text.abbreviations import kinds_of
from lessongen.text.sentences import split_sentences

READ = Path(__file__).parent / "data" / "sentence_ends.tsv"
PASSED_OVER_AT_MOST = 0.04
_BEFORE, _AFTER = 40, 30  # characters by which a place is known
_STOP = re.compile(r"(?:(?<=[\s(\[“\"‘–—-])|^)([^\s(\[“\"‘–—-]+)\.[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9À-Þ])")  # noqa: RUF001
_GOES_ON = re.compile(r"(?<![\w.])([^\W\d_]{1,6})\.(?:,| [a-z])")
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*$")
# A word that stands twice before a lower-case word or a comma is none that merely ended a sentence carelessly.
_TWICE = 2

Place = tuple[str, str]


@dataclass(kw_only=True)
class Ends:
    """Places by what became of them."""

    cut: list[Place] = field(default_factory=list)
    passed_over: list[Place] = field(default_factory=list)
    unlabelled: list[tuple[Place, bool]] = field(default_factory=list)
    sentences: int = 0
    places: int = 0
    ends: int = 0

    @property
    def is_met(self) -> bool:
        """Whether the targets are met."""
        return not self.cut and not self.unlabelled and len(self.passed_over) <= PASSED_OVER_AT_MOST * self.ends


def texts() -> list[str]:
    """All leads of the pack, and the full articles of the sample."""
    with tempfile.TemporaryDirectory() as folder:
        encyclopedia = open_encyclopedia(Path(folder))
        leads = [text for (text,) in encyclopedia.index.rows("SELECT text FROM entries ORDER BY id")]
        encyclopedia.close()
    return [*leads, *(document.text for document in full_articles())]


def used_inside(corpus: Iterable[str]) -> frozenset[str]:
    """Short words with a full stop that stand before a lower-case word or a comma: abbreviations by their use."""
    counted = Counter(word for text in corpus for word in _GOES_ON.findall(text))
    return frozenset(word for word, count in counted.items() if count >= _TWICE)


def places(text: str, by_use: frozenset[str]) -> Iterator[tuple[Place, int]]:
    """Each place of a text, with where what follows begins."""
    for stop in _STOP.finditer(text):
        word, between = stop[1], text[stop.start() : stop.end()]
        if "\n" not in between and (kinds_of(word) or _LETTERS.fullmatch(word) or word in by_use):
            at = stop.end()
            before, after = text[max(0, at - _BEFORE) : at].split(), text[at : at + _AFTER].split()
            yield (" ".join(before), " ".join(after)), at


def measure(corpus: Iterable[str], read: dict[Place, bool]) -> Ends:
    """What the splitter does at each place against what was read."""
    corpus, found = list(corpus), Ends()
    by_use = used_inside(corpus)
    for text in corpus:
        starts = {sentence.start for sentence in split_sentences(text)}
        found.sentences += len(starts)
        for place, at in places(text, by_use):
            found.places += 1
            is_end, is_split = read.get(place), at in starts
            if is_end is None:
                found.unlabelled.append((place, is_split))
                continue
            found.ends += is_end
            if is_split and not is_end:
                found.cut.append(place)
            elif is_end and not is_split:
                found.passed_over.append(place)
    return found


def read_places() -> dict[Place, bool]:
    """Whether a sentence ends at each place of the data."""
    rows = (line.split("\t") for line in READ.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {(before, after): verdict == "ends" for verdict, before, after in rows}


def main() -> int:
    """Print the figures; 1 where they fall short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="show what is wrong or unlabelled")
    asked = parser.parse_args()
    found = measure(texts(), read_places())
    print(
        f"{found.sentences} sentences, {found.places} places behind an abbreviation, {found.ends} of them real ends: "
        f"{len(found.cut)} cut at an abbreviation, {len(found.passed_over)} ends passed over, "
        f"{len(found.unlabelled)} unlabelled"
    )
    if asked.list:
        for name, listed in (("cut", found.cut), ("passed over", found.passed_over)):
            for before, after in listed:
                print(f"{name}\t{before}\t{after}")
        for (before, after), is_split in found.unlabelled:
            print(f"{'ends' if is_split else 'goes on'}\t{before}\t{after}")
    return 0 if found.is_met else 1


if __name__ == "__main__":
    sys.exit(main())
