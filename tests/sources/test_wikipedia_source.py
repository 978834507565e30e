"""Wikipedia and other wikis as a source: what is chosen, what is kept, how the text comes out, and every fault."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from lessongen.lesson.material import Document, Material
from lessongen.lesson.task import LessonRequest
from lessongen.sources.page_cache import SharedPages
from lessongen.sources.wikipedia import Patience, Wiki, WikipediaSource
from lessongen.sources.wikipedia.clean import clean_line, without_formulas
from lessongen.sources.wikipedia.site import site_of
from lessongen.store import SqliteStore
from lessongen.system.clock import BootTime, SystemClock
from lessongen.system.errors import (
    Ambiguous,
    BadAnswer,
    Cancelled,
    ConfigurationError,
    LessongenError,
    RateLimited,
    Unavailable,
    Uncovered,
    UnsupportedLanguage,
)
from tests.attempts import PlainAttempt
from tests.scripted_wiki import Article, Fault, ScriptedWiki, bomb, error

_PATIENCE = Patience(most_bytes=2_000_000)  # a busy machine lets a wiki that answers take its time
_LITTLE_PATIENCE = Patience(silence_seconds=0.6, request_seconds=1.2, most_bytes=2_000_000)
_SOON_SECONDS = 5.0

TREE = (
    "A tree is a tall plant with a trunk of wood. Trees live for many years.\n"
    "Most trees grow in forests, where they share light and water.\n\n\n"
    "== Parts ==\nA tree has roots, a trunk and a crown of leaves.\n\n\n"
    "=== Roots ===\nThe roots take up water from the soil.\n\n\n"
    "== See also ==\nA bush is no tree.\n\n\n"
    "== References ==\nSmith wrote a book about trees.\n"
)
LONG = TREE.replace("many years.", "many years. " + "A tree grows a little every year. " * 60)


@dataclass
class SettableClock:
    """Real time for turns; the day can be set."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        """The present, shifted."""
        return datetime(2026, 11, 1, 12, tzinfo=UTC) + self.ahead

    def boot_time(self) -> BootTime:
        """The machine's."""
        return SystemClock().boot_time()


@dataclass(kw_only=True)
class Cancellable(PlainAttempt):
    """An attempt that another thread can cancel."""

    over: threading.Event = field(default_factory=threading.Event)

    def cancelled(self) -> bool:
        """Whether the other thread did."""
        return self.over.is_set()


@dataclass
class Library:
    """A database's page cache and its clock."""

    pages: SharedPages
    clock: SettableClock

    def source(
        self,
        wiki: ScriptedWiki | str,
        *,
        suggest: Sequence[str] = (),
        per_second: float = 100.0,
        offline: bool = False,
        contact: str = "teacher@school.example",
        patience: Patience = _PATIENCE,
    ) -> WikipediaSource:
        """A source of that wiki."""
        url = wiki if isinstance(wiki, str) else wiki.api_url
        asked = Wiki(api_url=url, contact=contact, per_second=per_second, max_age=timedelta(days=7), offline=offline)
        return WikipediaSource(asked, self.pages, self.clock, lambda _: suggest, patience=patience)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A page cache in a real database."""
    store = SqliteStore(tmp_path / "lessons.db")
    clock = SettableClock()
    yield Library(SharedPages(store=store.pages, clock=clock), clock)
    store.close()


def wanted(topic: str, subject: str = "biology", **more: object) -> LessonRequest:
    """A request for a lesson."""
    return LessonRequest(subject=subject, topic=topic, **more)  # type: ignore[arg-type]


def found(source: WikipediaSource, topic: str, subject: str = "biology", **more: object) -> Material:
    """What the source finds."""
    return source.find(wanted(topic, subject, **more), PlainAttempt())


def forest(**more: Article) -> ScriptedWiki:
    """A wiki with an article on trees."""
    return ScriptedWiki({"Tree": Article(LONG, revision=7, description="Tall plant"), **more})


def refusal(source: WikipediaSource, topic: str = "tree") -> LessongenError:
    """The error that a request ends with, which must come soon."""
    started = time.monotonic()
    with pytest.raises(LessongenError) as caught:
        found(source, topic)
    assert time.monotonic() - started < _SOON_SECONDS
    return caught.value


# ---------------------------------------------------------------- the document


def test_an_article_comes_whole_with_its_parts_and_all_that_must_be_said_of_it(library: Library) -> None:
    with forest() as wiki:
        article = found(library.source(wiki), "trees").article
        base = f"http://{wiki.host}/w/index.php?title=Tree"
    assert [part.heading for part in article.parts] == ["", "Parts", "Roots"]
    assert article.text[article.parts[2].start : article.parts[2].end] == "The roots take up water from the soil."
    assert article.parts[0].start == 0
    assert all(one.end == other.start for one, other in pairwise(article.parts))
    assert article.parts[-1].end == len(article.text)
    assert "bush" not in article.text
    assert "Smith" not in article.text
    assert (article.title, article.revision, article.language) == ("Tree", "7", "en")
    assert article.url == f"{base}&oldid=7"
    assert article.description == "Tall plant"
    assert article.licence == f"see {wiki.host}"
    assert article.attribution == f"“Tree”, {wiki.host}, contributors: {base}&action=history"
    assert article.retrieved == library.clock.now()


@pytest.mark.parametrize(
    ("rights", "licence"),
    [
        (("", "https://creativecommons.org/licenses/by-nc-sa/3.0/"), "CC BY-NC-SA 3.0"),
        (("Creative Commons Attribution-ShareAlike 4.0", ""), "CC BY-SA 4.0"),
        (("Ask the headmaster", ""), "Ask the headmaster"),
        (("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"), "CC0 1.0"),
    ],
)
def test_the_licence_is_the_wikis_own(rights: tuple[str, str], licence: str, library: Library) -> None:
    with ScriptedWiki({"Tree": Article(LONG)}, rights=rights) as wiki:
        assert found(library.source(wiki), "tree").article.licence == licence


def test_wikipedias_own_addresses_and_licence_need_no_question() -> None:
    site = site_of(Wiki(contact="x"), "simple")
    assert site.api_url == "https://simple.wikipedia.org/w/api.php"
    assert (site.name, site.language, site.is_wikipedia) == ("Simple English Wikipedia", "en", True)
    assert site.permanent_url("Mercury (planet)", "5") == (
        "https://simple.wikipedia.org/w/index.php?title=Mercury_(planet)&oldid=5"
    )


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("https://school.example/wiki", "https://school.example/wiki/api.php"),
        ("http://school.example", "http://school.example/w/api.php"),
        ("https://en.wikibooks.org/wiki/Main_Page", "https://en.wikibooks.org/w/api.php"),
        ("https://{language}.wikibooks.org/w/api.php", "https://de.wikibooks.org/w/api.php"),
        ("https://school.example/mw/index.php/Start", "https://school.example/mw/api.php"),
    ],
)
def test_what_people_take_for_the_address_of_a_wiki_leads_to_its_api(given: str, asked: str) -> None:
    assert site_of(Wiki(api_url=given), "de").api_url == asked


def test_a_thin_article_brings_those_along_that_its_lead_names(library: Library) -> None:
    thin = "Bark is what covers a tree. It keeps insects and fungi out of the wood.\n"
    articles = {
        "Bark": Article(thin, links=("Fungi", "Insect", "Tree", "Wood", "Zebra")),
        "Tree": Article(LONG),
        "Wood": Article("Wood is what a trunk is made of. It burns well."),
        "Fungi": Article(redirects_to="Fungus"),
        "Fungus": Article("A fungus is neither plant nor animal. It eats wood."),
        "Zebra": Article("A zebra is an animal with stripes. It eats grass."),
    }
    with ScriptedWiki(articles) as wiki:
        material = found(library.source(wiki), "bark", "biology trees")
        assert [other.title for other in material.others] == ["Tree", "Fungus", "Wood"]
        before = len(wiki.asked)
        again = found(library.source(wiki), "bark", "biology trees")
        assert again == material
        assert len(wiki.asked) == before


def test_a_wiki_without_textextracts_is_read_from_its_pages(library: Library) -> None:
    html = (
        '<div class="mw-parser-output"><table class="infobox"><tr><td>Height: 3 m.</td></tr></table>'
        '<p>A tree is a tall <a href="/wiki/Plant">plant</a> of wood.<sup class="reference">[1]</sup> '
        "It lives long.</p>"
        '<h2><span class="mw-headline">Age</span></h2>'
        '<p>Its age is <span class="mwe-math-element">n</span> rings &amp; '
        "more.</p><h2>References</h2><ol><li>Smith wrote a book of trees.</li></ol></div>"
    )
    with ScriptedWiki({"Tree": Article(html=html, revision=7)}, has_extracts=False) as wiki:
        article = found(library.source(wiki), "tree").article
    assert article.text == "A tree is a tall plant of wood. It lives long.\nIts age is ␣ rings & more."
    assert [part.heading for part in article.parts] == ["", "Age"]


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        ("Albedo () is a number.", "Albedo is a number."),
        ("Oslo (; Norwegian: ) is a city.", "Oslo is a city."),
        ("Oslo ( (listen)) is a city.", "Oslo is a city."),
        ("Oslo  is a city.", "Oslo is a city."),
        ("Oslo (; born 1900 ) is a city.", "Oslo (born 1900) is a city."),
        ("It ends.[12] It begins.[citation needed]", "It ends. It begins."),
        ("A word\u200b with\u00a0marks\u00ad.", "A word with marks."),
        ("It covers about  , with ice.", "It covers about ␣, with ice."),
        ("It was seen in , , and .", "It was seen in ␣, and ␣."),
        ("The value  of it is 3.", "The value ␣ of it is 3."),
        ("A stop.  And on.", "A stop. And on."),
        ("Fish &amp; chips are <b>food</b>.", "Fish & chips are food."),
        ("See https://example.org/x for it.", "See ␣ for it."),
        ("The area \\pi r is large.", "The area ␣ r is large."),
    ],
)
def test_a_line_is_cleaned_of_what_extracts_leave(left: str, kept: str) -> None:
    assert clean_line(left) == kept


def test_a_formula_leaves_a_hole_in_its_sentence(library: Library) -> None:
    mathml = (
        "Energy is \n  \n    \n      \n        E\n        =\n        m\n        \n          c\n          \n"
        "            2\n          \n        \n      \n    \n    {\\displaystyle E=mc^{2}}\n  \n in rest. Mass is not."
    )
    assert without_formulas(mathml) == "Energy is ␣ in rest. Mass is not."
    formula = mathml.removeprefix("Energy is ").removesuffix(" in rest. Mass is not.")
    text = f"The law is\n\n{formula}\nwhere c is fast. It holds."
    with ScriptedWiki({"Law": Article(f"A law of physics is a rule. <math>x^2</math> is one.\n{text}")}) as wiki:
        article = found(library.source(wiki), "law", "physics").article
    assert article.text == "A law of physics is a rule. ␣ is one.\nThe law is ␣ where c is fast. It holds."


# ---------------------------------------------------------------- what is chosen


def planets() -> ScriptedWiki:
    """A wiki in which Mercury is three things."""
    listing = (
        "Mercury most commonly refers to:\nMercury (planet), the closest planet to the Sun\n"
        "Mercury (element), a metallic chemical element\nMercury (mythology), a Roman god\n"
        "Mercury may also refer to:\n\n\n== Companies ==\nMercury (cars), a maker of cars\n"
    )
    links = ("Mercury (cars)", "Mercury (element)", "Mercury (mythology)", "Mercury (planet)", "Sun")
    return ScriptedWiki(
        {
            "Mercury": Article(listing, is_disambiguation=True, links=links),
            "Mercury (planet)": Article(LONG, description="First planet from the Sun"),
            "Mercury (element)": Article(LONG, description="Chemical element with atomic number 80"),
            "Mercury (mythology)": Article(LONG, description="Ancient Roman god"),
            "Mercury (cars)": Article(LONG, description="Defunct maker of cars"),
            "Sun": Article(LONG),
        }
    )


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("astronomy", "Mercury (planet)"),
        ("chemistry", "Mercury (element)"),
        ("Roman mythology", "Mercury (mythology)"),
        ("cars", "Mercury (cars)"),
    ],
)
def test_the_subject_decides_between_articles_of_one_name(subject: str, title: str, library: Library) -> None:
    with planets() as wiki:
        assert found(library.source(wiki), "mercury", subject).article.title == title


def test_an_ambiguous_topic_lists_the_choices(library: Library) -> None:
    with planets() as wiki, pytest.raises(Ambiguous, match="names several articles") as caught:
        found(library.source(wiki), "mercury", "welding")
    assert '--article "Mercury (' in str(caught.value.hint)
    for title in ("Mercury (planet)", "Mercury (element)", "Mercury (mythology)"):
        assert title in str(caught.value.hint)


def test_an_article_asked_for_by_name_is_taken_and_its_redirect_said(library: Library) -> None:
    with planets() as wiki:
        wiki.articles["Quicksilver"] = Article(redirects_to="Mercury (element)")
        material = found(library.source(wiki), "x", article="quicksilver")
        assert material.article.title == "Mercury (element)"
        assert material.resolution == "article asked for, redirected from “quicksilver”"
        with pytest.raises(Ambiguous):
            found(library.source(wiki), "x", article="Mercury")
        with pytest.raises(Uncovered, match="no article “Mercurry”") as caught:
            found(library.source(wiki), "x", article="Mercurry")
        assert "Mercury" in str(caught.value.hint)


def test_another_sense_of_the_name_is_refused_rather_than_taken(library: Library) -> None:
    articles = {
        "Java": Article(LONG.replace("tree", "island"), description="Island in Indonesia"),
        "Java (band)": Article(LONG, description="French rap group"),
        "Java (programming language)": Article(LONG, description="Object-oriented programming language"),
    }
    with ScriptedWiki(articles) as wiki:
        assert found(library.source(wiki), "java", "computing").article.title == "Java (programming language)"
        assert found(library.source(wiki), "java", "geography").article.title == "Java"
        with pytest.raises(Ambiguous):
            found(library.source(wiki), "java", "chemistry")


def test_an_article_that_says_nothing_of_the_subject_is_refused(library: Library) -> None:
    with ScriptedWiki({"Cell": Article("A cell is a room in a prison. It has one door. It is small.")}) as wiki:
        with pytest.raises(Uncovered, match="says nothing of “biology”") as caught:
            found(library.source(wiki), "cell")
        assert '--article "Cell"' in str(caught.value.hint)
        assert found(library.source(wiki), "cell", article="Cell").article.title == "Cell"


def test_titles_that_the_offline_encyclopedia_suggests_come_first(library: Library) -> None:
    with planets() as wiki:
        source = library.source(wiki, suggest=("Mercury (planet)", "Sun"))
        material = found(source, "mercury", "welding")
        assert [material.article.title, *(other.title for other in material.others)] == ["Mercury (planet)", "Sun"]
        assert "offline encyclopedia" in material.resolution


def test_a_suggested_title_that_the_wiki_lacks_is_passed_over(library: Library) -> None:
    with forest() as wiki:
        assert found(library.source(wiki, suggest=("Woody plant",)), "tree").resolution == "exact title"


def test_a_search_finds_what_is_no_title_and_refuses_what_only_mentions_it(library: Library) -> None:
    hits = {
        "trees in forests": ["Forest fire", "Tree"],
        "age of trees": ["Forest fire", "Tree"],
        "green trees of mars": ["Tree"],
    }
    articles = {"Tree": Article(LONG, categories=["Plants"]), "Forest fire": Article(LONG)}
    with ScriptedWiki(articles, hits=hits) as wiki:
        source = library.source(wiki)
        assert found(source, "trees in forests").article.title == "Tree"
        with pytest.raises(Uncovered, match="no article on “age of trees”") as caught:
            found(source, "age of trees")
        assert "Nearest titles: Tree" in str(caught.value.hint)
        with pytest.raises(Uncovered):
            found(source, "green trees of mars")


def test_a_slip_of_spelling_leads_to_the_title_that_was_meant(library: Library) -> None:
    articles = {"Photosynthesis": Article(LONG, description="Biological process")}
    with ScriptedWiki(articles) as wiki:
        assert found(library.source(wiki), "photosyntesis").article.title == "Photosynthesis"


def test_a_wiki_in_another_language_than_the_lessons_is_refused(library: Library) -> None:
    with ScriptedWiki({"Baum": Article(LONG, language="de")}) as wiki:
        with pytest.raises(Uncovered, match="is in “de”, not in “en”"):
            found(library.source(wiki), "baum", "Biologie")
        assert found(library.source(wiki), "baum", "Biologie", language="de").article.language == "de"


@pytest.mark.parametrize("code", ["", "e", "english language", "../x", "en.evil.example/", "x" * 60, "zh/../en"])
def test_what_is_no_language_code_is_refused_before_anything_is_asked(code: str, library: Library) -> None:
    source = WikipediaSource(Wiki(), library.pages, library.clock, lambda _: ())
    with pytest.raises(UnsupportedLanguage):
        found(source, "tree", language=code)


def test_a_title_with_signs_that_no_title_can_hold_asks_for_nothing_else(library: Library) -> None:
    with forest(Secret=Article(LONG)) as wiki:
        with pytest.raises(Uncovered):
            found(library.source(wiki), "oak|Secret#[x]")
        assert all("Secret" not in asked.get("titles", "").split("|") for asked in wiki.queries)


# ---------------------------------------------------------------- politeness


def test_every_request_says_who_asks_and_how_much_lag_is_bearable(library: Library) -> None:
    with forest() as wiki:
        found(library.source(wiki, contact="a\r\nX-Evil: 1 ü@school.example"), "tree")
        assert wiki.asked
        for asked in wiki.asked:
            assert asked.headers["user-agent"].startswith("lessongen/")
            assert "@school.example)" in asked.headers["user-agent"]
            assert "x-evil" not in asked.headers
            assert asked.parameters["maxlag"] == "5"


def test_two_processes_keep_one_pace_together(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.sources.test_wikipedia_source import ask_for_pace; "
        "ask_for_pace(Path(sys.argv[1]), sys.argv[2], sys.argv[3])"
    )
    SqliteStore(tmp_path / "lessons.db").close()
    with ScriptedWiki({"Tree": Article(LONG), "Bush": Article(LONG)}) as wiki:
        running = [
            subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "lessons.db"), wiki.api_url, title])
            for title in ("Tree", "Bush")
        ]
        assert [each.wait(timeout=120) for each in running] == [0, 0]
        moments = sorted(asked.at for asked in wiki.asked)
        agents = {asked.headers["user-agent"].split()[1] for asked in wiki.asked}
    assert len(moments) >= 4
    assert len(agents) == 2
    # Five a second: as many intervals as there were requests after the first, less what one took to arrive.
    assert moments[-1] - moments[0] > (len(moments) - 2) / 5


def ask_for_pace(database: Path, api_url: str, title: str) -> None:
    """What each of the two processes does."""
    store = SqliteStore(database)
    clock = SystemClock()
    pages = SharedPages(store=store.pages, clock=clock)
    source = WikipediaSource(Wiki(api_url=api_url, contact=f"({title})", per_second=5), pages, clock, lambda _: ())
    source.find(wanted("x", article=title), PlainAttempt())
    store.close()


def test_a_turn_that_is_far_off_is_not_waited_for_and_not_lost(library: Library) -> None:
    with forest() as wiki:
        host = wiki.host
        for _ in range(90):
            library.pages.turn(host, 1)
        source = library.source(wiki, per_second=1)
        first = refusal(source)
        assert isinstance(first, RateLimited)
        assert 30 < (first.retry_after_seconds or 0) <= 90
        second = refusal(source)
        assert isinstance(second, RateLimited)
        assert (second.retry_after_seconds or 0) <= (first.retry_after_seconds or 0)  # the same turn, not one behind it
        assert not wiki.asked


def test_a_cancelled_attempt_does_not_wait_for_its_turn(library: Library) -> None:
    with forest() as wiki:
        library.pages.turn(wiki.host, 1 / 25)  # the next is in 25 seconds: near enough, at that pace, to be waited for
        attempt = Cancellable()
        threading.Timer(0.1, attempt.over.set).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            library.source(wiki, per_second=1 / 25).find(wanted("tree"), attempt)
        assert time.monotonic() - started < 20
        assert not wiki.asked


def test_threads_share_a_source(library: Library) -> None:
    articles = {f"Tree {number}": Article(LONG.replace("trunk", f"trunk{number}")) for number in range(8)}
    with ScriptedWiki(articles) as wiki, ThreadPoolExecutor(8) as executor:
        source = library.source(wiki)
        materials = list(executor.map(lambda title: found(source, "x", article=title), articles))
    assert [material.article.title for material in materials] == list(articles)
    assert all(f"trunk{number}" in material.article.text for number, material in enumerate(materials))


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault(status=429, headers={"Retry-After": "7"}), 7.0),
        (Fault(status=503, headers={"Retry-After": "7"}), 7.0),
        (Fault(status=429, headers={"Retry-After": "9999"}), 3600.0),
        (Fault(status=429, headers={"Retry-After": "soon"}), None),
        (Fault(status=429), None),
        (
            Fault(
                status=429,
                headers={"Date": "Sun, 01 Nov 2026 10:00:00 GMT", "Retry-After": "Sun, 01 Nov 2026 10:00:20 GMT"},
            ),
            20.0,
        ),
        (Fault(body=error("maxlag", lag=5.1), headers={"Retry-After": "5"}), 5.0),
        (Fault(body=error("ratelimited")), None),
        (Fault(body={"errors": [{"code": "ratelimited"}]}, headers={"Retry-After": "4"}), 4.0),
    ],
)
def test_a_wiki_that_asks_to_wait_is_obeyed_without_waiting_here(
    fault: Fault, seconds: float | None, library: Library
) -> None:
    with forest() as wiki:
        wiki.fail(fault)
        source = library.source(wiki)
        caught = refusal(source)
        assert isinstance(caught, RateLimited)
        if seconds is None:
            assert caught.retry_after_seconds is None
        else:
            assert caught.retry_after_seconds == pytest.approx(seconds, abs=1.5)
        assert len(wiki.asked) == 1
        if seconds is not None:
            again = refusal(library.source(wiki))
            assert isinstance(again, RateLimited)
            assert len(wiki.asked) == 1  # no other worker asks meanwhile


_GOOD = b'{"batchcomplete": "", "query": {"pages": {}}}'


@pytest.mark.parametrize(
    ("fault", "kind", "told"),
    [
        (Fault(body="<html><body>Login to school network</body></html>"), BadAnswer, "a web page"),
        (Fault(body=_GOOD[:20]), BadAnswer, "cut off"),
        (Fault(body=_GOOD, ends="cut", after=10), BadAnswer, "cut off"),
        (Fault(body=b""), BadAnswer, "empty"),
        (Fault(body=b"[]"), BadAnswer, "not what MediaWiki answers"),
        (Fault(body=b"{}"), BadAnswer, "not what MediaWiki answers"),
        (Fault(body=b'{"query": []}'), BadAnswer, "not what MediaWiki answers"),
        (Fault(body=b'{"query": {"pages": 7}}'), BadAnswer, "not what MediaWiki answers"),
        (Fault(body=b"[" * 100_000), BadAnswer, "no JSON"),
        (Fault(body=_GOOD, headers={"Content-Encoding": "gzip"}), BadAnswer, "can't be unpacked"),
        (Fault(body=_GOOD, headers={"Content-Encoding": "br"}), BadAnswer, "not asked for"),
        (bomb(50_000_000), BadAnswer, "larger than 2 MB"),
        (Fault(body=b" " * 3_000_000), BadAnswer, "larger than 2 MB"),
        (Fault(body=error("internal_api_error_DBQueryError")), Unavailable, "at fault"),
        (Fault(body=error("unknown_action")), BadAnswer, "unknown_action"),
        (Fault(body=error("readapidenied")), ConfigurationError, "does not let everyone read"),
        (Fault(ends="reset"), Unavailable, "can't be reached"),
        (Fault(body=_GOOD, ends="reset", after=10), Unavailable, "can't be"),
        (Fault(ends="cut"), Unavailable, "can't be reached"),
        (Fault(ends="stall"), Unavailable, "did not answer in full"),
        (Fault(body=_GOOD, ends="stall", after=10), Unavailable, "did not answer in full"),
        (Fault(body=b" " * 100_000, ends="trickle", after=10), Unavailable, "did not answer in full"),
        (Fault(status=500, body="<html>"), Unavailable, "at fault or overloaded"),
        (Fault(status=502, body="<html>"), Unavailable, "at fault or overloaded"),
        (Fault(status=403, body="<html>"), ConfigurationError, "refuses to be read"),
        (Fault(status=404, body="<html>"), ConfigurationError, "has no api.php there"),
        (Fault(status=302, headers={"Location": "http://elsewhere.example/"}), ConfigurationError, "has moved"),
    ],
)
def test_each_fault_is_told_from_the_others_soon_and_with_a_remedy(
    fault: Fault, kind: type[LessongenError], told: str, library: Library
) -> None:
    with forest() as wiki:
        wiki.fail(fault)
        never_ends = fault.ends in ("stall", "trickle")
        caught = refusal(library.source(wiki, patience=_LITTLE_PATIENCE if never_ends else _PATIENCE))
    assert type(caught) is kind
    assert told in caught.message
    assert caught.hint
    assert len(wiki.asked) == 1


def test_a_fault_in_the_middle_loses_nothing_that_was_kept(library: Library) -> None:
    with forest() as wiki:
        source = library.source(wiki)
        wiki.fail(Fault(body="<html>"))
        refusal(source)
        assert found(source, "tree").article.title == "Tree"


def test_cancelling_closes_the_connection_of_a_stalled_answer(library: Library) -> None:
    with forest() as wiki:
        wiki.fail(Fault(ends="stall"))
        attempt = Cancellable()

        def cancel() -> None:
            wiki.is_stalling.wait(_SOON_SECONDS)
            attempt.over.set()

        threading.Thread(target=cancel).start()
        with pytest.raises(Cancelled):
            library.source(wiki).find(wanted("tree"), attempt)
        assert wiki.client_left.wait(_SOON_SECONDS)


def test_a_host_that_cannot_be_reached_is_asked_once_and_left_alone_for_five_minutes(library: Library) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/w/api.php"
    source = library.source(url)
    first = refusal(source)
    assert type(first) is Unavailable
    assert "can't be reached" in first.message
    second = refusal(library.source(url))
    assert type(second) is Unavailable
    assert "a moment ago" in second.message
    assert 200 < (second.retry_after_seconds or 0) <= 300


def test_looking_whether_a_host_can_be_reached_imports_nothing_heavy(tmp_path: Path) -> None:
    program = """
import sys
from datetime import timedelta
from pathlib import Path
from lessongen.system.clock import SystemClock
from lessongen.system.errors import Unavailable
from lessongen.sources.page_cache import SharedPages
from lessongen.sources.wikipedia import Wiki, WikipediaSource
from lessongen.store import SqliteStore
from lessongen.lesson.task import LessonRequest
from tests.attempts import PlainAttempt

store = SqliteStore(Path(sys.argv[1]))
pages = SharedPages(store=store.pages, clock=SystemClock())
source = WikipediaSource(Wiki(api_url="http://127.0.0.1:9/w/api.php"), pages, SystemClock(), lambda _: ())
try:
    source.find(LessonRequest(subject="a", topic="b"), PlainAttempt())
except Unavailable:
    print(sorted({"httpx", "wikipediaapi", "openai"} & set(sys.modules)))
store.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "x.db")],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_a_wiki_that_moved_to_another_path_of_its_host_is_followed(library: Library) -> None:
    with forest() as wiki:
        wiki.path = "/new/api.php"
        wiki.fail(Fault(status=301, headers={"Location": "/new/api.php"}))
        old = f"http://{wiki.host}/w/api.php"
        assert found(library.source(old), "tree").article.title == "Tree"


# ---------------------------------------------------------------- what is kept


def test_a_young_kept_page_is_used_without_asking(library: Library) -> None:
    with forest() as wiki:
        first = found(library.source(wiki), "tree")
        asked = len(wiki.asked)
        library.clock.ahead = timedelta(days=6)
        assert found(library.source(wiki), "Tree ", "BIOLOGY") == first
        assert len(wiki.asked) == asked


def test_an_old_kept_page_is_asked_for_by_its_revision_and_fetched_only_if_it_moved(library: Library) -> None:
    with forest() as wiki:
        first = found(library.source(wiki), "tree")
        asked = len(wiki.asked)
        library.clock.ahead = timedelta(days=8)
        assert found(library.source(wiki), "tree") == first
        assert len(wiki.asked) == asked + 1
        assert "extracts" not in wiki.queries[-1]["prop"]
        library.clock.ahead = timedelta(days=10)  # two days after it was confirmed
        found(library.source(wiki), "tree")
        assert len(wiki.asked) == asked + 1

        wiki.articles["Tree"] = Article(LONG + "\n\n\n== News ==\nA tree fell down today.", revision=8)
        library.clock.ahead = timedelta(days=20)
        moved = found(library.source(wiki), "tree").article
        assert len(wiki.asked) == asked + 3
        assert (moved.revision, moved.retrieved) == ("8", library.clock.now())
        assert "A tree fell down today." in moved.text


def test_a_kept_page_that_is_gone_is_chosen_anew(library: Library) -> None:
    with forest() as wiki:
        found(library.source(wiki), "tree")
        wiki.articles = {"Tree (plant)": Article(LONG, description="Biological thing")}
        library.clock.ahead = timedelta(days=8)
        assert found(library.source(wiki), "tree").article.title == "Tree (plant)"


@pytest.mark.parametrize("how", ["dead", "html", "busy"])
def test_an_old_kept_page_serves_where_the_wiki_does_not_and_says_so(how: str, library: Library) -> None:
    with forest() as wiki:
        first = found(library.source(wiki), "tree")
        library.clock.ahead = timedelta(days=400)
        wiki.fail_always(
            {
                "dead": Fault(ends="reset"),
                "html": Fault(body="<html>"),
                "busy": Fault(status=429, headers={"Retry-After": "60"}),
            }[how]
        )
        again = found(library.source(wiki), "tree")
    assert again.article == first.article
    assert len(again.passed_over) == 1
    assert again.passed_over[0].endswith("the page kept on 2026-11-01 was used")


def test_offline_uses_kept_pages_alone(library: Library) -> None:
    with forest() as wiki:
        with pytest.raises(Uncovered, match="No page of"):
            found(library.source(wiki, offline=True), "tree")
        with pytest.raises(Uncovered, match="No page of"):
            found(library.source(wiki), "tree", offline=True)
        assert not wiki.asked
        first = found(library.source(wiki), "tree")
        asked = len(wiki.asked)
        library.clock.ahead = timedelta(days=400)
        again = found(library.source(wiki, offline=True), "tree")
        by_title = found(library.source(wiki, offline=True), "wood", article="Tree")
        suggested = found(library.source(wiki, offline=True, suggest=("Tree",)), "woody plants")
        assert len(wiki.asked) == asked
    assert again.article == by_title.article == suggested.article == first.article
    assert "the page kept on 2026-11-01 was used" in again.passed_over[0]


def test_what_is_kept_and_damaged_counts_as_not_kept(library: Library) -> None:
    with forest() as wiki:
        found(library.source(wiki), "tree")
        library.pages.keep_page(wiki.api_url, "page:Tree", "{")
        assert found(library.source(wiki), "tree").article.title == "Tree"


def test_pages_of_two_wikis_are_kept_apart(library: Library) -> None:
    with forest() as one, ScriptedWiki({"Tree": Article(LONG.replace("tall", "small"))}) as other:
        texts = [found(library.source(wiki), "tree").article.text for wiki in (one, other)]
    assert texts[0] != texts[1]


def test_a_document_with_text_that_no_database_takes_is_still_kept(library: Library) -> None:
    with ScriptedWiki(
        {"Tree": Article("A tree \ud800is a plant\u0000. It grows\ufeff.", description="x\ud800")}
    ) as wiki:
        article: Document = found(library.source(wiki), "tree", "plants").article
    assert article.text == "A tree is a plant. It grows."
