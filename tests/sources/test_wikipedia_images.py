"""The lead image of a wiki's article: taken with its credit where it is free, and never in the way of a lesson."""

from __future__ import annotations

import base64
import contextlib
import logging
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lessongen.lesson.image import MOST_BYTES, FoundImage, fault_of_content, is_free
from lessongen.lesson.material import Material
from lessongen.sources.page_cache import SharedPages
from lessongen.sources.wikipedia import Patience
from lessongen.store import SqliteStore
from lessongen.system.raster import raster_of
from tests.pictures import LEAF, animated_png, jpeg, png, png_bomb, webp
from tests.scripted_wiki import FILES_PATH, Article, Fault, File, ScriptedWiki, bomb
from tests.sources.test_wikipedia_source import LONG, Library, SettableClock, found

LEAF_FILE = "Oak_leaf.png"
_MONTH = timedelta(days=30)  # longer than a kept page is used without asking


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqliteStore, Path]]:
    """A real database, and its file."""
    path = tmp_path_factory.mktemp("images") / "lessons.db"
    store = SqliteStore(path)
    yield store, path
    store.close()


@pytest.fixture
def wikis(database: tuple[SqliteStore, Path]) -> Library:
    """Its page cache, without what another test kept of a wiki at the same port."""
    store, path = database
    clock = SettableClock()
    library = Library(SharedPages(store=store.pages, clock=clock), clock)
    library.pages.closed_for("nowhere")  # makes the tables
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("DELETE FROM pages; DELETE FROM hosts")
    return library


def pictured(content: bytes | None = None, **more: Any) -> ScriptedWiki:
    """A wiki with an article on trees that has a lead image; `more` is said of its file, or how it fails."""
    how = {name: more.pop(name) for name in ("told", "fault") if name in more}
    metadata = {key: text for key, text in {**LEAF, **more}.items() if text is not None}
    wiki = ScriptedWiki({"Tree": Article(LONG, revision=7, image=LEAF_FILE)})
    wiki.files[LEAF_FILE] = File(content=png() if content is None else content, metadata=metadata, **how)
    return wiki


def several(said: Sequence[Mapping[str, str | None]]) -> ScriptedWiki:
    """A wiki with an article for each, “Tree 0” and so on, with a lead image of which that is said."""
    titles = [f"Tree {number}" for number in range(len(said))]
    wiki = ScriptedWiki({title: Article(LONG, revision=7, image=f"{at}.png") for at, title in enumerate(titles)})
    for number, each in enumerate(said):
        metadata = {key: text for key, text in {**LEAF, **each}.items() if text is not None}
        wiki.files[f"{number}.png"] = File(content=png(), metadata=metadata)
    return wiki


def image_of(library: Library, wiki: ScriptedWiki, **more: Any) -> FoundImage | None:
    """The image that comes with the article on trees."""
    return found(library.source(wiki), "tree", **more).image


def fetched(wiki: ScriptedWiki) -> list[str]:
    """The files that were asked for."""
    return [asked.path for asked in wiki.asked if asked.path.startswith(FILES_PATH)]


# ---------------------------------------------------------------- what is taken


def test_an_article_brings_its_lead_image_with_all_that_the_licence_asks_to_be_said(wikis: Library) -> None:
    with pictured() as wiki:
        image = image_of(wikis, wiki)
        host = wiki.host
    assert image is not None
    assert base64.b64decode(image.data) == png()
    assert (image.media_type, image.width, image.height) == ("image/png", 60, 40)
    assert image.title == "Oak leaf.png"
    assert image.alternative == "A green leaf of an oak. It was photographed in May."
    assert image.caption == "A green leaf of an oak."
    assert (image.author, image.licence) == ("Ada Green", "CC BY-SA 4.0")
    assert image.licence_url == "https://creativecommons.org/licenses/by-sa/4.0"
    assert image.page_url == f"http://{host}/wiki/File:{LEAF_FILE}"
    assert image.file_url == f"http://{host}{FILES_PATH}{LEAF_FILE}?width=500"


def test_an_image_takes_one_question_and_one_file_and_comes_from_the_cache_after_that(wikis: Library) -> None:
    with pictured() as wiki:
        without = len(wiki.asked)
        found(wikis.source(wiki), "tree", images=False)
        without = len(wiki.asked) - without
        assert fetched(wiki) == []
        with_image = pictured()
    with with_image as other:
        first = image_of(wikis, other)
        assert len(other.asked) == without + 2
        assert other.asked[-1].headers["user-agent"].startswith("lessongen/")
        before = len(other.asked)
        assert image_of(wikis, other) == first
        assert len(other.asked) == before
        other.fail_always(Fault(ends="reset"))
        wikis.clock.ahead += _MONTH
        assert image_of(wikis, other) == first  # the wiki is away, and the page is old


def test_an_article_that_was_kept_without_its_image_gets_it_when_one_is_wished(wikis: Library) -> None:
    with pictured() as wiki:
        assert image_of(wikis, wiki, images=False) is None
        assert image_of(wikis, wiki, offline=True) is None
        assert fetched(wiki) == []
        assert image_of(wikis, wiki) is not None
        before = len(wiki.asked)
        assert image_of(wikis, wiki, images=False) is None
        assert image_of(wikis, wiki, offline=True) is not None
        assert len(wiki.asked) == before


def test_a_new_revision_brings_the_image_that_it_has(wikis: Library) -> None:
    with pictured() as wiki:
        assert image_of(wikis, wiki) is not None
        wiki.articles["Tree"] = Article(LONG + "More.", revision=8, image="New.png")
        wiki.files["New.png"] = File(content=png(30, 30), metadata=LEAF)
        wikis.clock.ahead += _MONTH
        image = image_of(wikis, wiki)
    assert image is not None
    assert image.title == "New.png"


def test_material_with_an_image_survives_as_json(wikis: Library) -> None:
    with pictured() as wiki:
        material = found(wikis.source(wiki), "tree")
    assert material.image is not None
    assert Material.from_json(material.as_json()) == material


@pytest.mark.parametrize(
    ("content", "media_type"), [(jpeg(), "image/jpeg"), (webp(), "image/webp"), (png(), "image/png")]
)
def test_the_type_and_the_size_of_a_file_are_told_by_its_content(content: bytes, media_type: str) -> None:
    raster = raster_of(content)
    assert raster is not None
    assert (raster.media_type, raster.width, raster.height) == (media_type, 60, 40)


# ---------------------------------------------------------------- licences


@pytest.mark.parametrize(
    "licence",
    [
        *(
            "CC0",
            "CC BY 2.0",
            "CC BY-SA 3.0 de",
            "CC BY-SA 4.0,3.0,2.5,2.0,1.0",
            "cc-by-sa-3.0-migrated",
            "CC BY 3.0 igo",
        ),
        *("Public domain", "PD-old-100", "GFDL", "GFDL 1.2 or later", "FAL", "OGL 3", "Attribution"),
        *("Creative Commons Attribution-Share Alike 4.0 International", "Copyrighted free use"),
    ],
)
def test_licences_that_let_anyone_use_a_file_for_anything_are_free(licence: str) -> None:
    assert is_free(licence)


@pytest.mark.parametrize(
    "licence",
    [
        *("", "Fair use", "CC BY-NC 4.0", "CC BY-NC-SA 3.0", "CC BY-ND 2.0", "CC BY-ND", "CC BY 2.0 nc", "cc", "PD-US"),
        *("No restrictions", "Copyrighted", "Public domain in the United States", "CC BY-SA 4.0, but ask me first"),
    ],
)
def test_a_licence_that_forbids_something_or_is_not_clear_is_not_free(licence: str) -> None:
    assert not is_free(licence)


def test_without_a_free_licence_and_its_author_there_is_no_image_and_the_log_says_why(
    wikis: Library, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "lessongen")
    cases: list[tuple[dict[str, str | None], str]] = [
        ({"LicenseShortName": None, "License": None, "UsageTerms": None}, "no licence is named"),
        ({"LicenseShortName": "Fair use", "License": None}, "it is not free"),
        ({"NonFree": "true"}, "it is not free"),
        ({"LicenseShortName": "CC BY-NC 4.0", "License": "cc-by-nc-4.0", "UsageTerms": None}, "it is not free"),
        ({"LicenseShortName": "See below", "License": None, "UsageTerms": "Ask"}, "no free licence that is known"),
        ({"Artist": None}, "asks for its author, and none is named"),
        ({"Artist": "<script>Ada</script>"}, "asks for its author, and none is named"),
    ]
    with several([said for said, _ in cases]) as wiki:
        for number, (_, why) in enumerate(cases):
            caplog.clear()
            assert image_of(wikis, wiki, article=f"Tree {number}") is None
            assert why in caplog.text
            assert f"No image of “Tree {number}”" in caplog.text
        assert fetched(wiki) == []
        before = len(wiki.asked)
        assert image_of(wikis, wiki, article="Tree 0") is None  # which is known from now on
        assert len(wiki.asked) == before


def test_what_a_wiki_in_another_language_calls_free_is_known_by_its_code(wikis: Library) -> None:
    with pictured(LicenseShortName="Gemeinfrei", License="pd", Artist=None, Credit=None) as wiki:
        image = image_of(wikis, wiki)
    assert image is not None
    assert (image.licence, image.author) == ("Public domain", "unknown author")


# ---------------------------------------------------------------- what a wiki says, as plain text


def test_hostile_markup_in_what_is_said_of_an_image_comes_out_as_plain_text(wikis: Library) -> None:
    cases = {
        "<b>Ada</b> &amp; <script>alert(1)</script>Bo": "Ada & Bo",
        '<span>Unknown author</span><span style="display: none;">Unknown author</span>': "Unknown author",
        "&lt;img src=x onerror=alert(1)&gt;Ada": "Ada",
        '"><svg/onload=alert(1)>Ada': '">Ada',
        "Ada\u202e\x00 Green\nof Kew": "Ada Green of Kew",
        "Ada " + "x" * 500: "Ada…",
        "Ada" + "<div>" * 50_000: "Ada",
        "[[User:Ada|Ada]] of {{nowhere}}": "Ada of",
        "Ada https://spam.example/buy": "Ada",
    }
    with several([{"Artist": html, "ImageDescription": html} for html in cases]) as wiki:
        for number, plain in enumerate(cases.values()):
            image = image_of(wikis, wiki, article=f"Tree {number}")
            assert image is not None
            assert (image.author, image.alternative) == (plain, plain)


def test_a_description_that_is_missing_gives_way_to_the_name_of_the_file(wikis: Library) -> None:
    with pictured(ImageDescription=None, ObjectName=None, LicenseUrl="javascript:alert(1)") as wiki:
        image = image_of(wikis, wiki)
    assert image is not None
    assert (image.alternative, image.caption, image.licence_url) == ("Oak leaf", "Oak leaf", None)


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither JPEG, PNG nor WebP"),
        (b"<html>Not found</html>", "neither JPEG, PNG nor WebP"),
        (b"GIF89a" + bytes(40), "neither JPEG, PNG nor WebP"),
        (b"", "neither JPEG, PNG nor WebP"),
        (png()[:10], "neither JPEG, PNG nor WebP"),
        (jpeg()[:20], "neither JPEG, PNG nor WebP"),
        (webp()[:14], "neither JPEG, PNG nor WebP"),
        (animated_png(), "animated"),
        (webp(is_animated=True), "animated"),
        (png_bomb(), "claims 100000 by 100000 pixels"),
        (jpeg(width=0), "claims 0 by 40 pixels"),
        (jpeg(size=MOST_BYTES + 1), "larger than 600 kB"),
    ],
)
def test_what_is_no_picture_or_no_still_one_of_a_decent_size_is_known_by_its_first_bytes(
    content: bytes, why: str
) -> None:
    assert why in str(fault_of_content(content))


def test_a_file_that_is_no_picture_is_not_taken(wikis: Library, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "lessongen")
    with pictured(b"<svg xmlns='http://www.w3.org/2000/svg'/>") as wiki:
        assert image_of(wikis, wiki) is None
    assert "neither JPEG, PNG nor WebP" in caplog.text


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault(status=404, body="gone"), "its status is 404"),
        (Fault(status=302, headers={"Location": "http://127.0.0.1:1/x"}), "its status is 302"),
        (Fault(status=429, headers={"Retry-After": "60"}), "takes no more requests"),
        (Fault(ends="cut", after=20), "it is cut off"),
        (Fault(ends="reset"), "can't be reached"),
        (Fault(body=jpeg(size=MOST_BYTES + 1)), "larger than 0.6 MB"),
        (bomb(50_000_000), "larger than 0.6 MB"),
    ],
)
def test_a_file_that_does_not_come_is_done_without_until_it_does(
    fault: Fault, why: str, wikis: Library, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "lessongen")
    with pictured(fault=fault) as wiki:
        material = found(wikis.source(wiki), "tree")
        assert (material.article.title, material.image) == ("Tree", None)
        assert why in caplog.text
        if fault.status != 429:  # which closes the host for a while
            wiki.files[LEAF_FILE] = File(content=png(), metadata=LEAF)
            assert image_of(wikis, wiki) is not None


@pytest.mark.parametrize("ends", ["stall", "trickle"])
def test_a_slow_file_keeps_no_lesson_waiting(ends: Any, wikis: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lessongen.sources.wikipedia.images._SECONDS", 0.6)
    patience = Patience(silence_seconds=5.0, request_seconds=5.0)
    with pictured(fault=Fault(ends=ends, after=10)) as wiki:
        started = time.monotonic()
        assert found(wikis.source(wiki, patience=patience), "tree").image is None
        assert time.monotonic() - started < 4.0


def test_an_answer_that_leads_elsewhere_or_is_misshapen_brings_no_image(wikis: Library) -> None:
    cases: list[dict[str, Any]] = [
        {"thumburl": "http://192.0.2.1/leaf.png"},
        {"thumburl": "file:///etc/passwd"},
        {"thumburl": "http://127.0.0.1:1/leaf.png"},
        {"thumburl": "https://upload.wikimedia.org.example/leaf.png"},
        {"thumburl": "", "url": ""},
        {"descriptionurl": "javascript:alert(1)"},
        {"extmetadata": "none"},
        {"extmetadata": {"Artist": "no object"}},
        {"extmetadata": None},
    ]
    with several([{} for _ in cases]) as wiki:
        for number, told in enumerate(cases):
            name = f"{number}.png"
            wiki.files[name] = File(content=png(), metadata=LEAF, told=told)
            material = found(wikis.source(wiki), "x", article=f"Tree {number}")
            assert (material.article.title, material.image) == (f"Tree {number}", None)
        assert fetched(wiki) == []


def test_an_article_without_an_image_or_of_a_wiki_without_page_images_asks_for_none(wikis: Library) -> None:
    with ScriptedWiki({"Tree": Article(LONG)}) as wiki:
        assert image_of(wikis, wiki) is None
        assert not [query for query in wiki.queries if query.get("prop") == "imageinfo"]
