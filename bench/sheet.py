"""Choice questions drawn to be answered without their keys, to find those with a second defensible answer.

python -m bench.sheet draw FILE --seed N [--articles leads|full|both|others]  60 questions without their keys, to FILE
python -m bench.sheet reveal FILE --seed N --answers ANSWERS            the table of the answers beside the keys

`others` are the full articles of the sample, and as many leads, that `bench.quality` has not: to look at while rules
are mended. The same seed draws the same questions. ANSWERS is what a language model answered,
given the questions without keys: a line a question, its number, the letters that can be defended, and a remark, divided
by tabs. The table names questions by article and term and holds no passage.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

from bench.quality import article_topics, lead_topics, other_topics, written
from lessongen.lesson.likeness import pairs_asked
from lessongen.lesson.questions.choice import Choice
from lessongen.sources.offline import open_encyclopedia

COUNT = 60


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A choice question with the article that its lesson is about."""

    article: str
    seed: int
    question: Choice

    @property
    def key(self) -> str:
        """The letter of the right option."""
        return ascii_uppercase[self.question.options.index(self.question.answer)]


def draw(seed: int, articles: str, count: int) -> list[Drawn]:
    """Questions of lessons on the topics of `bench.quality`, each made with this seed, drawn by it as well."""
    with tempfile.TemporaryDirectory() as folder:
        encyclopedia = open_encyclopedia(Path(folder))
        topics = []
        if articles != "full":
            topics += [topic for half in lead_topics(encyclopedia) for topic in half]
        if articles != "leads":
            topics += [topic for half in article_topics() for topic in half]
        if articles == "others":
            topics = other_topics(encyclopedia)
        found: list[Drawn] = []
        beside: set[tuple[str, str]] = set()  # so that no question comes twice
        for topic in topics:
            made = written(topic, encyclopedia, seed, (), beside)
            if isinstance(made, str):
                continue
            beside |= pairs_asked(made[0])
            for question in made[0].questions:
                if isinstance(question, Choice):
                    found.append(Drawn(article=topic.document.title, seed=seed, question=question))
    return random.Random(seed).sample(found, min(count, len(found)))


def blind(drawn: Sequence[Drawn]) -> str:
    """The questions as the model gets them that answers."""
    blocks = []
    for number, each in enumerate(drawn, 1):
        options = "\n".join(
            f"  {letter} {text}" for letter, text in zip(ascii_uppercase, each.question.options, strict=False)
        )
        blocks.append(f"{number}. [{each.article}] {each.question.stem}\n{options}")
    return "\n\n".join(blocks) + "\n"


_HEAD = (
    "# Drawn from lessons of the extractive writer and answered by a language model, the keys hidden:"
    " python -m bench.sheet, seed {seed}.",
    "# Options and terms are names and words of Wikipedia's articles named here (CC BY-SA 4.0).",
)


def revealed(drawn: Sequence[Drawn], answers: str, seed: int) -> str:
    """A table of tab-separated values: what was asked about, the options, what the model defended, and the verdict."""
    given = dict(line.split("\t", 1) for line in answers.splitlines() if line.strip())
    lines = [line.format(seed=seed) for line in _HEAD]
    lines += ["number\tarticle\tterm\toptions\tkey\tmodel_answer\tverdict\tmodel_remark"]
    for number, each in enumerate(drawn, 1):
        letters, _, remark = given[str(number)].partition("\t")
        verdict = "right" if letters == each.key else "second answer" if each.key in letters else "wrong"
        options = " | ".join(each.question.options)
        cells = (str(number), each.article, each.question.term, options, each.key, letters, verdict, remark)
        lines.append("\t".join(" ".join(cell.split()) for cell in cells))
    return "\n".join(lines) + "\n"


def main() -> int:
    """Draw, or reveal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("draw", "reveal"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--articles", choices=("leads", "full", "both", "others"), default="both")
    parser.add_argument("--count", type=int, default=COUNT)
    asked = parser.parse_args()
    drawn = draw(asked.seed, asked.articles, asked.count)
    text = (
        blind(drawn) if asked.what == "draw" else revealed(drawn, asked.answers.read_text(encoding="utf-8"), asked.seed)
    )
    asked.file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
