"""The articles of gensim's Wikipedia sample as plain sentences, read once into a cache."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Literal

from bench.wiki_sample import cache_folder, pages
from lessongen.text.sentences import has_markup, is_whole, split_sentences
from lessongen.text.words import word_count

Half = Literal["tuned", "fresh"]

# The articles of the published tuning pairs; none of them is used here.
TUNED_TITLES = frozenset(
    """A|A Modest Proposal|Aardvark|Abacus|Aberdeen (disambiguation)|Abortion|Abstract (law)|Acid|Actrius|Adventure
    |Afghanistan|Agnostida|Agricultural science|Agriculture|Aikido|Alabama|Alain Connes|Albania|Albert Sidney Johnston
    |Alchemy|Algeria|Alkane|Allah|Allan Dwan|Alphabet|Ambiguity|American Football Conference
    |American National Standards Institute|American Revolutionary War|Ampere|Anatomy|Andorra|Android (robot)|Angola
    |Angolan Armed Forces|Animal Farm|Answer|Anthropology|Apollo 11|Apollo 8|Aristotle|Arithmetic mean|Arraignment|Art
    |Articles of Confederation|Aruba|Asia|Asphalt|Assistive technology|Atlantic Ocean|Austroasiatic languages|Autism
    |International Atomic Time|Politics of Angola|Transport in Angola""".replace("\n    ", "").split("|")
)


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article's title and the whole sentences of its running text in order."""

    title: str
    sentences: tuple[str, ...]

    @property
    def half(self) -> Half:
        """Whether the rules were tuned on it, by a hash of its title."""
        return "tuned" if hashlib.sha256(self.title.encode()).digest()[0] % 2 else "fresh"


def articles() -> list[Article]:
    """The articles with thirty sentences or more on which no published tuning pair stands."""
    kept = cache_folder() / "enwiki-sample-sentences.json"
    if not kept.exists():
        found = {page.title: _sentences(page.wikitext) for page in pages()}
        partial = kept.with_suffix(".partial")
        partial.write_text(json.dumps(found))
        partial.replace(kept)
    texts: dict[str, list[str]] = json.loads(kept.read_text())
    return [
        Article(title=title, sentences=tuple(sentences))
        for title, sentences in texts.items()
        if len(sentences) >= 30 and title not in TUNED_TITLES and not title.startswith("List of")
    ]


def _sentences(wikitext: str) -> list[str]:
    import mwparserfromhell

    text = re.sub(r"<!--.*?-->|<ref[^>/]*/>|<ref.*?</ref>|\{\|.*?\n\|\}", "", wikitext, flags=re.DOTALL)
    text = re.sub(r"\[\[(?:File|Image|Category):(?:[^\[\]]|\[\[[^\]]*\]\])*\]\]", "", text, flags=re.IGNORECASE)
    code = mwparserfromhell.parse(text)
    # A template within a sentence leaves a hole; the mark makes that sentence be left out.
    for template in code.filter_templates(recursive=False):
        code.replace(template, "⁇")
    found = []
    for line in str(code.strip_code(collapse=False)).splitlines():
        if len(line) < 80 or not line[0].isalnum():
            continue
        for sentence in split_sentences(line.removesuffix("⁇")):
            words = word_count(sentence.text)
            if 8 <= words <= 45 and "⁇" not in sentence.text and _is_clean(sentence.text):
                found.append(sentence.text)
    return list(dict.fromkeys(found))


def _is_clean(text: str) -> bool:
    return is_whole(text) and not has_markup(text) and not re.search(r"  | [,.;)]|\(\s|thumb\||https?:|'''?", text)
