"""A Kiwix archive as a source: which article a topic means, what is said of it, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lessongen.lesson.material import Material
from lessongen.lesson.task import LessonRequest
from lessongen.sources.zim import ZimSource
from lessongen.system.errors import (
    Ambiguous,
    Cancelled,
    ConfigurationError,
    DataError,
    LessongenError,
    Uncovered,
    UnsupportedLanguage,
)
from tests.attempts import PlainAttempt

libzim_writer = pytest.importorskip("libzim.writer")

ARTICLES = {
    "Glacier": "<p>A <b>glacier</b> is a large body of dense ice that moves."
    "<sup class='reference'><a href='#1'>[1]</a></sup> Its movement carves valleys.</p>"
    "<table class='infobox'><tr><td>Data goes. All.</td></tr></table>"
    "<details><summary><h2>Movement</h2></summary><p>The movement of ice is slow. Movement is faster in summer.</p>"
    "</details><h2>References</h2><p>Smith wrote a book. It is long.</p>",
    "Verb": "<p>A verb is a word that tells of an action. Every clause has one.</p>",
    "Noun": "<p>A noun is a word that names a thing. It may be plural.</p>",
    "Java": "<p>Java is an island. Many people live on it, and it has volcanoes.</p>",
    "Java (programming language)": "<p>Java is a language for programming a computer. A computer runs it.</p>",
    "Mercury": "<p>Mercury may refer to:</p><ul><li>Mercury the planet, near the Sun.</li></ul>",
    "Mercury (planet)": "<p>Mercury is a planet of the Solar System. In astronomy it is the innermost planet.</p>",
    "Mercury (element)": "<p>Mercury is a metal that chemistry knows as a liquid. Its chemistry is rich.</p>",
    "French Revolution": "<p>The French Revolution began in 1789. Its causes were many; the causes are debated.</p>",
    "Roman": "<p>A Roman lived in Rome. Numerals were cut in stone there; numerals last.</p>",
    "English verbs": "<p>English verbs have few forms. They are short.</p>",
    "Photosynthesis": "<p>Photosynthesis is how a plant makes sugar. Each plant needs light.</p>",
    "Empty page": "<table><tr><td>Nothing here.</td></tr></table>",
    "History of Rome": "<p>Rome was a small town at first. It grew for a thousand years.</p>",
}


class Item(libzim_writer.Item):  # type: ignore[misc,name-defined]
    """An article on its way into an archive."""

    def __init__(self, title: str, body: str) -> None:
        super().__init__()
        self._title, self._body = title, body

    def get_path(self) -> str:
        return self._title.replace(" ", "_")

    def get_title(self) -> str:
        return self._title

    def get_mimetype(self) -> str:
        return "text/html"

    def get_contentprovider(self) -> Any:
        page = f"<html><head><title>{self._title}</title></head><body><h1>{self._title}</h1>{self._body}</body></html>"
        return libzim_writer.StringProvider(page)

    def get_hints(self) -> dict[Any, Any]:
        return {libzim_writer.Hint.FRONT_ARTICLE: True}


def archive_of(path: Path, articles: dict[str, str], metadata: dict[str, str], *, indexed: bool = True) -> Path:
    """An archive with these articles and a redirect from "Frozen river" to "Glacier"."""
    with libzim_writer.Creator(path).config_indexing(indexed, "eng") as creator:
        creator.set_mainpath("Glacier")
        for title, body in articles.items():
            creator.add_item(Item(title, body))
        if "Glacier" in articles:
            hints = {libzim_writer.Hint.FRONT_ARTICLE: True}
            creator.add_redirection("Frozen_river", "Frozen river", "Glacier", hints)
        for name, value in metadata.items():
            creator.add_metadata(name, value)
    return path


METADATA = {
    "Title": "School Atlas",
    "Name": "atlas_en_all",
    "Date": "2026-01-31",
    "Creator": "The Atlas Club",
    "Language": "eng",
    "License": "CC BY 4.0",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archive_of(tmp_path_factory.mktemp("zim") / "atlas.zim", ARTICLES, METADATA)


def find(
    path: Path, subject: str, topic: str, *, article: str | None = None, language: str = "en", named: bool = True
) -> Material:
    sources = (str(path),) if named else ()
    request = LessonRequest(subject=subject, topic=topic, article=article, language=language, sources=sources)
    return ZimSource(path).find(request, PlainAttempt())


def test_an_article_says_where_it_came_from(archive: Path) -> None:
    material = find(archive, "geography", "glacier")
    article = material.article
    assert article.title == "Glacier"
    assert article.text == (
        "A glacier is a large body of dense ice that moves. Its movement carves valleys.\n"
        "The movement of ice is slow. Movement is faster in summer."
    )
    assert [part.heading for part in article.parts] == ["", "Movement"]
    assert article.licence == "CC BY 4.0"
    assert article.revision == "atlas_en_all 2026-01-31"
    assert article.attribution == "The Atlas Club, “Glacier”"
    assert article.url is None
    assert "atlas.zim" in material.resolution
    assert str(archive.parent) not in str(article.as_json())


def test_an_archive_of_wikipedia_says_its_address_and_licence(tmp_path: Path) -> None:
    metadata = {**METADATA, "Creator": "Wikipedia", "Source": "en.wikipedia.org"}
    del metadata["License"]
    path = archive_of(tmp_path / "wikipedia.zim", {"Mercury (planet)": ARTICLES["Mercury (planet)"]}, metadata)
    article = find(path, "astronomy", "mercury (planet)").article
    assert article.url == "https://en.wikipedia.org/wiki/Mercury_(planet)"
    assert article.licence == "CC BY-SA"


@pytest.mark.parametrize(
    ("subject", "topic", "title"),
    [
        ("geography", "Glacier", "Glacier"),
        ("geography", "glaciers", "Glacier"),
        ("geography", "GLACIERS", "Glacier"),
        ("geography", "the glacier", "Glacier"),
        ("geography", "frozen river", "Glacier"),
        ("geography", "movement of glaciers", "Glacier"),
        ("english", "verbs", "Verb"),
        ("history", "causes of the French revolution", "French Revolution"),
        ("biology", "photosynthesis in plants", "Photosynthesis"),
        ("geography", "java", "Java"),
        ("computer programming", "java", "Java (programming language)"),
        ("astronomy", "mercury", "Mercury (planet)"),
        ("chemistry", "mercury", "Mercury (element)"),
        ("history", "history of rome", "History of Rome"),
        ("history", "Rome's history", "History of Rome"),
        ("planet", "mercury", "Mercury (planet)"),
    ],
)
def test_a_topic_finds_its_article(archive: Path, subject: str, topic: str, title: str) -> None:
    assert find(archive, subject, topic).article.title == title


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("mathematics", "Roman numerals"),
        ("geography", "glacier bears"),
        ("history", "causes of the Russian revolution"),
        ("biology", "photosynthesis in fungi"),
        ("physics", "island of stability"),
        ("cooking", "ice cream"),
        ("english", "phrasal verbs"),
        ("art", "…"),
    ],
)
def test_a_topic_without_an_article_is_refused_rather_than_given_a_wrong_one(
    archive: Path, subject: str, topic: str
) -> None:
    with pytest.raises(Uncovered) as caught:
        find(archive, subject, topic)
    assert "--article" in str(caught.value.hint)


def test_a_refusal_names_the_nearest_titles(archive: Path) -> None:
    with pytest.raises(Uncovered) as caught:
        find(archive, "history", "causes of the Russian revolution")
    assert "French Revolution" in str(caught.value.hint)


def test_a_name_of_several_meanings_is_left_to_the_person(archive: Path) -> None:
    with pytest.raises(Ambiguous) as caught:
        find(archive, "mythology", "mercury")
    assert "Mercury (planet)" in str(caught.value.hint)
    assert "Mercury (element)" in str(caught.value.hint)


def test_a_topic_of_two_articles_gives_both(archive: Path) -> None:
    material = find(archive, "english", "nouns and verbs")
    assert material.article.title == "Noun"
    assert [other.title for other in material.others] == ["Verb"]


def test_an_article_can_be_asked_for(archive: Path) -> None:
    assert find(archive, "english", "verbs", article="English verbs").article.title == "English verbs"
    assert find(archive, "english", "verbs", article="English_verbs").article.title == "English verbs"
    assert find(archive, "geography", "ice", article="Frozen river").article.title == "Glacier"
    with pytest.raises(Uncovered, match="Glaciology"):
        find(archive, "geography", "ice", article="Glaciology")


def test_an_article_without_text_is_refused(archive: Path) -> None:
    with pytest.raises(Uncovered, match="no running text"):
        find(archive, "art", "empty page")


def test_an_archive_without_a_full_text_index_serves_by_title(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "bare.zim", ARTICLES, METADATA, indexed=False)
    assert find(path, "geography", "glaciers").article.title == "Glacier"
    with pytest.raises(Uncovered):
        find(path, "cooking", "ice cream")


def test_an_archive_in_another_language_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "fr.zim", {"Glacier": ARTICLES["Glacier"]}, {**METADATA, "Language": "fra"})
    with pytest.raises(UnsupportedLanguage, match="fr"):
        find(path, "geography", "glacier")
    assert find(path, "geography", "glacier", language="fr").article.language == "fr"


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"ZIM\x04" + b"\xff" * 200])
def test_a_file_that_is_no_archive_is_refused_by_its_name(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bad.zim"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"bad\.zim") as by_request:
        find(path, "geography", "glacier")
    with pytest.raises(ConfigurationError, match=r"bad\.zim") as by_settings:
        find(path, "geography", "glacier", named=False)
    assert by_request.value.hint
    assert "sources.zim" in str(by_settings.value.hint)


def test_a_damaged_archive_harms_nobody(archive: Path, tmp_path: Path) -> None:
    data = bytearray(archive.read_bytes())
    for cut in (len(data) // 4, len(data) // 2):
        (tmp_path / "cut.zim").write_bytes(data[:cut])
        with pytest.raises(LessongenError):
            find(tmp_path / "cut.zim", "geography", "glacier")
    data[200:-200:7] = b"\xff" * len(data[200:-200:7])
    (tmp_path / "noise.zim").write_bytes(data)
    with pytest.raises(LessongenError):
        find(tmp_path / "noise.zim", "geography", "glacier")


def test_cancelling_ends_the_search(archive: Path) -> None:
    @dataclass(kw_only=True)
    class Ending(PlainAttempt):
        def cancelled(self) -> bool:
            return True

    request = LessonRequest(subject="geography", topic="glacier", sources=(str(archive),))
    with pytest.raises(Cancelled):
        ZimSource(archive).find(request, Ending())
