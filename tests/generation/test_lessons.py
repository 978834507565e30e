"""The library over a real database file, and what is said of contents: the student's edition, differences, claims."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.generation.library import Library, lesson_of, shown
from lessongen.jobs import Jobs
from lessongen.lesson.body import body_text
from lessongen.lesson.claims import answered, cites
from lessongen.lesson.difference import compare
from lessongen.lesson.edition import student_cites, student_view
from lessongen.lesson.model import Lesson
from lessongen.lesson.questions import KINDS
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest, Priority
from lessongen.lesson.versions import LessonName, StoredLesson
from lessongen.store import SqliteStore
from lessongen.system.errors import DataError, NotFound, UsageError
from lessongen.system.printable import printable
from tests.lessons import (
    AUTHORS,
    CHOICE,
    CLOZE,
    COMPUTED,
    FALSE,
    MATCH,
    OPEN,
    ORDER,
    SHORT,
    TRUE,
    YEAR,
    changed,
    draft,
    lesson,
    prose,
    question,
    quoted,
    teaching,
)
from tests.queues import SetClock, open_jobs

EVERY_KIND = (CHOICE, TRUE, CLOZE, SHORT, MATCH, ORDER, OPEN, COMPUTED, AUTHORS)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def jobs(tmp_path: Path, clock: SetClock) -> Iterator[Jobs]:
    opened = open_jobs(tmp_path, clock)
    yield opened
    assert isinstance(opened.store, SqliteStore)
    opened.store.close()


@pytest.fixture
def library(jobs: Jobs) -> Library:
    return Library(jobs.store.lessons)


def store_lesson(jobs: Jobs, subject: str, topic: str, **options: Any) -> StoredLesson:
    """The test lesson stored as that lesson's next version, through the queue."""
    request = LessonRequest(subject=subject, topic=topic, **options)
    jobs.submit([request], user="ann", priority=Priority.NORMAL, writer="extractive")
    (lease,) = jobs.claim("worker", 1)
    made = draft(request)
    version = jobs.complete(
        lease,
        NewVersion(
            name=request.lesson,
            content=made.lesson.model_dump_json(),
            body=body_text(made.lesson),
            texts=made.texts,
            writer="tests",
            model="",
            reason="created",
        ),
    ).version
    assert version is not None
    return version.lesson


def content(**changes: Any) -> dict[str, Any]:
    """The test lesson's content as it is stored."""
    stored: dict[str, Any] = json.loads(lesson(**changes).model_dump_json())
    return stored


# ---------------------------------------------------------------- find


def test_a_lesson_is_found_whatever_case_and_spaces_its_name_is_typed_in(jobs: Jobs, library: Library) -> None:
    stored = store_lesson(jobs, "Geography", "Black Holes")
    assert library.find("geography ", "black   holes") == stored


def test_the_only_lesson_of_a_name_is_meant_even_if_it_is_no_default(jobs: Jobs, library: Library) -> None:
    stored = store_lesson(jobs, "english", "verbs", level="A2")
    assert library.find("english", "verbs") == stored


def test_the_default_lesson_is_meant_where_there_are_others(jobs: Jobs, library: Library) -> None:
    plain = store_lesson(jobs, "english", "verbs")
    easy = store_lesson(jobs, "english", "verbs", level="A2")
    store_lesson(jobs, "english", "verbs", level="A2", variant="short")
    assert library.find("english", "verbs") == plain
    assert library.find("english", "verbs", level="a2") == easy


def test_an_ambiguous_name_lists_the_options_that_decide(jobs: Jobs, library: Library) -> None:
    store_lesson(jobs, "english", "verbs", level="A2", variant="all boys")
    store_lesson(jobs, "english", "verbs", level="A2", variant="all girls")
    with pytest.raises(UsageError, match="2 lessons english / verbs") as raised:
        library.find("english", "verbs")
    assert raised.value.hint == "Add --variant 'all boys', or --variant 'all girls'"


def test_a_wrong_option_names_those_that_there_are(jobs: Jobs, library: Library) -> None:
    store_lesson(jobs, "english", "verbs")
    with pytest.raises(NotFound, match="with --level B1") as raised:
        library.find("english", "verbs", level="B1")
    assert "--language en --level general --variant core" in (raised.value.hint or "")


def test_a_missing_lesson_suggests_names_near_it_and_how_to_write_it(jobs: Jobs, library: Library) -> None:
    store_lesson(jobs, "geography", "volcanoes")
    store_lesson(jobs, "chemistry", "water")
    with pytest.raises(NotFound) as raised:
        library.find("geografy", "volcanos")
    hint = raised.value.hint or ""
    assert "geography / volcanoes" in hint
    assert "water" not in hint
    assert hint.endswith("lessongen create geografy volcanos")


@pytest.mark.parametrize("topic", ["$(reboot)", "it's", "-rf", "a b", "`x`;y"])
def test_the_command_that_is_suggested_gives_a_shell_the_very_words(library: Library, topic: str) -> None:
    with pytest.raises(NotFound) as raised:
        library.find("maths", topic)
    words = shlex.split((raised.value.hint or "").partition("To write it: ")[2])
    assert words[:2] == ["lessongen", "create"]
    assert words[-2:] == ["maths", topic]
    assert ("--" in words) == topic.startswith("-")


@pytest.mark.parametrize("name", ["\udcff", "\x00", "x" * 10_000, "'; DROP TABLE lessons; --", "🦊", "\u202e"])
def test_no_name_breaks_the_search_for_it(jobs: Jobs, library: Library, name: str) -> None:
    store_lesson(jobs, "english", "verbs")
    with pytest.raises(NotFound):
        library.find(name, "verbs")
    with pytest.raises(NotFound):
        library.find("english", name)
    assert library.search(name) == []
    assert library.topics(name) == []


@given(words=st.text(alphabet=st.characters(), max_size=40))
def test_no_words_break_the_full_text_search(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    store = SqliteStore(tmp_path_factory.getbasetemp() / "search.db")
    Library(store.lessons).search(words)
    Library(store.lessons).search(" ".join([words] * 2_000))
    store.close()


def test_full_text_search_finds_body_text_but_no_question_or_instruction(jobs: Jobs, library: Library) -> None:
    stored = store_lesson(jobs, "crafts", "lantern boats")
    [(found, snippet)] = library.search("cedar plank")
    assert found == stored
    assert "cedar" in snippet
    assert library.search("beeswax") == []
    assert library.search("partner") == []


def test_topics_of_a_subject_are_listed_once_each(jobs: Jobs, library: Library) -> None:
    store_lesson(jobs, "english", "verbs")
    store_lesson(jobs, "english", "verbs", level="A2")
    store_lesson(jobs, "English", "nouns")
    store_lesson(jobs, "chemistry", "water")
    assert sorted(library.topics("ENGLISH")) == ["nouns", "verbs"]


# ---------------------------------------------------------------- versions


def test_versions_are_found_by_their_text_and_the_latest_without(jobs: Jobs, library: Library, clock: SetClock) -> None:
    store_lesson(jobs, "english", "verbs")
    clock.advance(60)
    stored = store_lesson(jobs, "english", "verbs")
    assert library.version(stored).text == "1.1"
    assert library.version(stored, "1.0").created_at < library.version(stored).created_at
    assert [version.text for version in library.history(stored)] == ["1.0", "1.1"]
    assert library.texts(library.version(stored, "1.0"))


@pytest.mark.parametrize("text", ["1.2", "2.0", "latest", "", "1." + "9" * 400])
def test_a_missing_version_names_those_that_there_are(jobs: Jobs, library: Library, text: str) -> None:
    store_lesson(jobs, "english", "verbs")
    stored = store_lesson(jobs, "english", "verbs")
    with pytest.raises(NotFound, match=r"there is 1\.0 to 1\.1"):
        library.version(stored, text)


def test_shown_has_the_metadata_of_lesson_and_version(jobs: Jobs, library: Library, clock: SetClock) -> None:
    store_lesson(jobs, "english", "verbs")
    clock.advance(61.000001)
    object_shown = shown(library.version(store_lesson(jobs, "english", "verbs")))
    assert object_shown["metadata"] == {
        "timestamp": 1769850000.0,
        "date_created": "2026-01-31T09:00:00.000000Z",
        "version": "1.1",
        "last_updated": "2026-01-31T09:01:01.000001Z",
        "approvals": [],
        "judged": None,
    }
    assert list(object_shown) == ["subject", "topic", "language", "level", "variant", "metadata", "content"]
    assert Lesson.model_validate(object_shown["content"]).topic == "verbs"


def test_shown_to_a_student_is_the_students_edition(jobs: Jobs, library: Library) -> None:
    version = library.version(store_lesson(jobs, "english", "verbs"))
    assert shown(version, "student")["content"] == student_view(lesson_of(version))


def test_content_of_an_unknown_schema_is_refused_clearly(jobs: Jobs, library: Library) -> None:
    version = library.version(store_lesson(jobs, "english", "verbs"))
    assert lesson_of(version).topic == "verbs"
    newer = version.content.replace('"schema_version":2', '"schema_version":3')
    with pytest.raises(DataError, match="not a lesson that this program can read"):
        lesson_of(type(version)(**{**vars(version), "content": newer}))


# ---------------------------------------------------------------- delete and rename


def test_a_deleted_lesson_is_gone_and_deleting_it_again_says_so(jobs: Jobs, library: Library) -> None:
    stored = store_lesson(jobs, "english", "verbs")
    library.delete(stored)
    assert library.all() == []
    with pytest.raises(NotFound, match="gone"):
        library.delete(stored)
    with pytest.raises(NotFound, match="gone"):
        library.version(stored)


def test_a_renamed_lesson_is_found_by_its_new_name_alone(jobs: Jobs, library: Library) -> None:
    stored = store_lesson(jobs, "english", "verbs")
    renamed = library.rename(stored, LessonName(subject="Grammar", topic="Verbs"))
    assert library.find("grammar", "verbs") == renamed
    with pytest.raises(NotFound):
        library.find("english", "verbs")


def test_a_taken_name_is_refused_and_nothing_changes(jobs: Jobs, library: Library) -> None:
    stored = store_lesson(jobs, "english", "verbs")
    store_lesson(jobs, "english", "nouns")
    with pytest.raises(UsageError, match="already"):
        library.rename(stored, LessonName(subject="English", topic="NOUNS"))
    assert library.find("english", "verbs") == stored


# ---------------------------------------------------------------- the student's edition


def test_the_questions_of_these_tests_are_of_every_kind_that_the_schema_has() -> None:
    assert set(KINDS) == {fields["kind"] for fields in EVERY_KIND}


def secretive(fields: dict[str, Any], quotes: list[str]) -> dict[str, Any]:
    """The question with words in all that a student may not see which stand nowhere else."""
    hidden: dict[str, Any] = {
        "term": "SECRET term",
        "by": "SECRET author",
        "cites": quotes,
        "id": f"SECRET-{fields['id']}",
    }
    hidden["feedback"] = {"text": "SECRET feedback", "cites": quotes}
    if isinstance(fields["answer"], str) and fields["kind"] != "choice":
        hidden["answer"] = "SECRET answer"
    return {**fields, **hidden}


def with_secrets() -> dict[str, Any]:
    """A lesson with a question of each kind, whose answers stand on a quote that the body does not cite."""
    stored = content()
    stored["questions"] = [secretive(fields, ["SECRET-quote"]) for fields in EVERY_KIND]
    stored["sources"][0]["quotes"].append(
        {"id": "SECRET-quote", "section": "SECRET part", "text": "SECRET passage", "sha256": "SECRET digest"}
    )
    for section in stored["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "check":
                block["question"] = "SECRET-" + block["question"]
    stored["provenance"] |= {"seed": 5318008, "prompt_sha256": "SECRET prompt", "notices": ["SECRET notice"]}
    return stored


def test_nothing_that_belongs_to_an_answer_is_in_the_students_edition() -> None:
    text = json.dumps(student_view(Lesson.model_validate(with_secrets())))
    assert "SECRET" not in text
    assert "5318008" not in text


@pytest.mark.parametrize("fields", EVERY_KIND, ids=lambda fields: f"{fields['kind']}-{fields['id']}")
def test_a_students_question_has_its_stem_and_what_to_choose_from_and_no_more(fields: dict[str, Any]) -> None:
    every = lesson(questions=[question(each) for each in EVERY_KIND])
    alone = [each for each in every.questions if each.id == fields["id"]]
    bare: dict[str, Any] = student_view(every.model_copy(update={"questions": alone}))["questions"][0]
    assert bare.pop("id") == "q1"
    assert bare.pop("kind") == fields["kind"]
    assert bare.pop("stem") == fields["stem"]
    assert bare.pop("role") == "exit"
    assert (bare.pop("origin"), bare.pop("supposes")) == (fields.get("origin", "quoted"), False)
    assert {key: sorted(value) for key, value in bare.items()} == {
        key: sorted(fields[key]) for key in ("options", "left", "right", "items") if key in fields
    }


def other_answers(original: dict[str, Any]) -> dict[str, Any]:
    """The content with every answer another one, and with it all that a writer derives from answers."""
    stored: dict[str, Any] = json.loads(json.dumps(original))
    for asked in stored["questions"]:
        asked |= {"term": "other", "objective": "o2", "bloom": "create", "cites": ["jetty"], "by": "someone"}
        asked["feedback"] = {"text": "Other feedback.", "cites": ["posts"], "origin": "quoted", "by": None}
        if asked["kind"] == "choice":
            asked["answer"] = next(option for option in asked["options"] if option != asked["answer"])
        elif asked["kind"] == "true_false":
            asked["answer"] = not asked["answer"]
        elif asked["kind"] in ("match", "order"):
            listed = "right" if asked["kind"] == "match" else "items"
            asked[listed].reverse()
            asked["answer"] = asked["answer"][1:] + asked["answer"][:1]
        else:
            asked["answer"] = "another answer"
    stored["provenance"] |= {"seed": 8, "notices": []}
    for source in stored["sources"]:
        source["quotes"].reverse()
    names = {quote["id"]: f"x{quote['id']}" for source in stored["sources"] for quote in source["quotes"]}
    return {key: with_names(part, names) for key, part in stored.items()}


def with_names(part: Any, names: dict[str, str]) -> Any:
    """The part with ids of quotes renamed."""
    if isinstance(part, dict):
        return {
            key: [names.get(cite, cite) for cite in value]
            if key == "cites"
            else names.get(value, value)
            if key == "id"
            else with_names(value, names)
            for key, value in part.items()
        }
    return [with_names(each, names) for each in part] if isinstance(part, list) else part


def test_the_students_edition_is_the_same_whatever_the_answers_are() -> None:
    original = content(questions=[question(fields) for fields in EVERY_KIND])
    other = other_answers(original)
    assert other["questions"] != original["questions"]
    assert student_view(Lesson.model_validate(other)) == student_view(Lesson.model_validate(original))


def test_a_quote_that_only_a_question_cites_is_left_out_and_its_source_stays_for_its_licence() -> None:
    section = {**content()["sections"][1], "blocks": [prose("boat"), prose("keel")]}
    stored = lesson(sections=[section] * 2, misconceptions=[])
    jetty = student_view(stored.model_copy(update={"key_terms": stored.key_terms[:2]}))["sources"][1]
    assert jetty["title"] == "Jetty (structure)"
    assert jetty["licence"] == "CC0-1.0"
    assert jetty["quotes"] == []


def test_a_quote_that_the_body_paraphrases_and_a_question_asks_for_is_withheld() -> None:
    stored = content(questions=[question(fields) for fields in (CHOICE, CLOZE, TRUE, FALSE, SHORT)])
    for each in (stored["key_terms"][1]["definition"], stored["sections"][1]["blocks"][0]["sentences"][-1]):
        each |= {"text": "Rowers paint their boats against the wet.", "origin": "written"}
    view = student_view(Lesson.model_validate(stored))
    withheld = [quote for quote in view["sources"][0]["quotes"] if "text" not in quote]
    assert [list(quote) for quote in withheld] == [["id", "section"]]
    assert view["key_terms"][1]["definition"]["cites"] == [withheld[0]["id"]]


TAR = "{} keeps the planks of a boat dry."


@pytest.mark.parametrize(
    ("kind", "said", "is_told"),
    [
        (CHOICE, TAR.format("Pine tar"), True),  # "pine tar" is the answer
        (CHOICE, TAR.format("A dark resin"), False),
        (TRUE | {"cites": ["tar"]}, TAR.format("Pine tar"), False),  # whether it is true may lie in any word
        (None, TAR.format("A dark resin"), True),
    ],
)
def test_students_read_a_quote_where_what_cites_it_says_the_answer_too(
    kind: dict[str, Any] | None, said: str, is_told: bool
) -> None:
    others = [each for each in EVERY_KIND if "tar" not in each.get("cites", ())]
    stored = content(questions=[question(each) for each in (*([kind] if kind else []), *others)])
    for each in (stored["key_terms"][1]["definition"], stored["sections"][1]["blocks"][0]["sentences"][-1]):
        each |= {"text": said, "origin": "written"}
    made = Lesson.model_validate(stored)
    told = [quote.get("text") for source in student_view(made)["sources"] for quote in source["quotes"]]
    assert (quoted("tar")["text"] in told) is is_told
    beside = [quote["text"] for each in student_cites(made) if each["claim"] == said for quote in each["quotes"]]
    assert (quoted("tar")["text"] in beside) is is_told


def test_students_see_beside_their_quotes_no_question_key_reason_or_note() -> None:
    made = teaching()
    read = {each["claim"] for each in student_cites(made)}
    assert made.summary.text in read
    hidden = {each["claim"] for each in cites(made)} - read
    assert {answered(each) for each in made.questions} <= hidden
    places = " ".join(where for each in student_cites(made) for where in each["where"])
    assert not any(word in places for word in ("question", "note", "task"))


def test_every_reference_of_the_students_edition_resolves_and_nothing_is_shared_with_the_original() -> None:
    stored = content(questions=[question(fields) for fields in EVERY_KIND])
    original = Lesson.model_validate(stored)
    view = student_view(original)
    quotes = {quote["id"] for source in view["sources"] for quote in source["quotes"]}
    assert {cite for key in ("summary", "key_terms", "sections") for cite in all_cites(view[key])} <= quotes
    asked = {block["question"] for each in view["sections"] for block in each["blocks"] if block["kind"] == "check"}
    assert asked == {"q1", "q2"}
    view["objectives"].clear()
    view["sections"][1]["blocks"][0]["sentences"][1]["cites"].clear()
    view["sources"][0]["quotes"].clear()
    assert original.model_dump(mode="json") == stored


def all_cites(part: Any) -> Iterator[str]:
    """Every quote id that a part cites."""
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from all_cites(value)
    if isinstance(part, dict):
        yield from part.get("cites", ())


# ---------------------------------------------------------------- difference


def test_a_content_does_not_differ_from_itself_nor_by_its_provenance() -> None:
    other = content(provenance={"writer": "tests", "seed": 8, "duration_seconds": 9})
    difference = compare(lesson(), Lesson.model_validate(other))
    assert difference.is_empty
    assert difference.as_json()["same"] is True
    assert difference.as_json()["counts"]["unchanged"] > 0


def test_what_came_went_and_changed_is_told_by_part() -> None:
    new = changed(
        lesson(questions=[question(fields) for fields in (CHOICE, CLOZE, TRUE, FALSE, SHORT, OPEN)]),
        {
            "questions[0].options": ["Beeswax", "Pine tar", "Lamp oil"],
            "key_terms[0].term": "Boats",
            "sections[1].blocks[1].sentences[0].text": "Another sentence.",
        },
    )
    parts = compare(lesson(), new).as_json()["parts"]
    assert parts["key_terms"] == {
        "added": ["Boats"],
        "removed": ["Lantern boats"],
        "changed": [],
        "moved": [],
        "unchanged": 3,
    }
    assert parts["questions"]["added"] == [OPEN["stem"]]
    assert len(parts["questions"]["removed"]) == 1
    (choice,) = parts["questions"]["changed"]
    assert choice["name"] == CHOICE["stem"]
    assert (choice["removed"], choice["added"]) == (["Candle tallow"], ["Lamp oil"])
    assert choice["before"][:3] == CHOICE["options"]
    assert choice["after"][:3] == ["Beeswax", "Pine tar", "Lamp oil"]
    (section,) = parts["sections"]["changed"]
    assert section["name"] == "What a lantern boat is"
    assert section["added"] == ["Another sentence."]
    assert parts["objectives"] == {"added": [], "removed": [], "changed": [], "moved": [], "unchanged": 2}


def test_a_change_of_order_alone_is_a_change_without_lines() -> None:
    other = changed(lesson(), {"questions[0].options": ["Pine tar", "Beeswax", "Candle tallow"]})
    (change,) = compare(lesson(), other).as_json()["parts"]["questions"]["changed"]
    assert (change["name"], change["removed"], change["added"]) == (CHOICE["stem"], [], [])
    assert sorted(change["before"]) == sorted(change["after"])


def test_what_stands_at_another_place_has_moved_and_nothing_else_has() -> None:
    kinds = (CHOICE, YEAR, CLOZE, TRUE, FALSE, SHORT)
    old = content(questions=[question(fields) for fields in kinds])
    new = content(questions=[question(fields) for fields in (*kinds[1:], kinds[0])])
    difference = compare(Lesson.model_validate(old), Lesson.model_validate(new))
    assert difference.as_json()["parts"]["questions"]["moved"] == [{"name": CHOICE["stem"], "from": 1, "to": 6}]
    assert not difference.is_empty
    counts = difference.as_json()["counts"]
    assert (counts["moved"], counts["added"], counts["removed"], counts["changed"]) == (1, 0, 0, 0)


def test_a_question_that_asks_in_other_words_is_the_same_one_changed() -> None:
    new = changed(lesson(), {"questions[2].stem": "Fill the gap: “A jetty is a wooden _____.”"})
    parts = compare(lesson(), new).as_json()["parts"]
    (change,) = parts["questions"]["changed"]
    assert change["removed"] == [CLOZE["stem"]]
    assert change["added"] == ["Fill the gap: “A jetty is a wooden _____.”"]
    assert parts["questions"]["added"] == parts["questions"]["removed"] == []


def test_another_question_under_the_same_id_is_another_question() -> None:
    new = content(questions=[question(fields) for fields in (CHOICE, YEAR, {**OPEN, "id": "q3"}, TRUE, FALSE, SHORT)])
    parts = compare(lesson(), Lesson.model_validate(new)).as_json()["parts"]
    assert (parts["questions"]["added"], parts["questions"]["removed"]) == ([OPEN["stem"]], [CLOZE["stem"]])


def test_a_sentence_that_an_author_takes_over_has_changed() -> None:
    signed = {"origin": "author", "by": "R. Teacher", "cites": []}
    where = "sections[1].blocks[1].sentences[0]"
    new = changed(lesson(), {f"{where}.{field}": value for field, value in signed.items()})
    (change,) = compare(lesson(), new).as_json()["parts"]["sections"]["changed"]
    assert [line.endswith("[author: R. Teacher]") for line in (*change["removed"], *change["added"])] == [False, True]


def test_two_questions_of_one_stem_are_not_taken_for_one() -> None:
    once = content(questions=[question(fields) for fields in (CHOICE, CLOZE, TRUE, FALSE, SHORT)])
    twice = content(questions=[question(fields) for fields in (CHOICE, CLOZE, TRUE, FALSE, SHORT, SHORT)])
    counts = compare(Lesson.model_validate(once), Lesson.model_validate(twice)).as_json()["counts"]
    assert (counts["added"], counts["removed"]) == (1, 0)


# ---------------------------------------------------------------- claims


def test_each_claim_stands_beside_its_quotes_with_source_and_licence() -> None:
    claims = cites(lesson())
    cloze = next(each for each in claims if each["where"] == ["question 2"])
    assert cloze["claim"] == CLOZE["stem"].replace("_____", "[walkway]")
    (quote,) = cloze["quotes"]
    assert quote["text"] in cloze["claim"].replace("[", "").replace("]", "")
    assert quote | {"text": "", "id": ""} == {
        "id": "",
        "text": "",
        "section": "",
        "source": "Jetty (structure)",
        "url": None,
        "revision": "1",
        "licence": "CC0-1.0",
        "attribution": "The authors of the tests",
    }


def test_a_claim_made_in_several_places_is_listed_once_with_all_of_them() -> None:
    tar = quoted("tar")["text"]
    (claim,) = (each for each in cites(lesson()) if each["claim"] == tar)
    assert claim["where"] == [
        "key term “Pine tar”",
        "section 2, “What a lantern boat is”",
        "question 1, feedback",
    ]


def test_every_quoted_statement_and_every_answer_is_among_the_claims() -> None:
    stored = content(questions=[question(fields) for fields in EVERY_KIND])
    claims = cites(Lesson.model_validate(stored))
    borne = {quote["text"] for claim in claims for quote in claim["quotes"]}
    cited = {*all_cites(stored)}
    assert borne == {q["text"] for source in stored["sources"] for q in source["quotes"] if q["id"] in cited}
    assert {f"question {number}" for number in range(1, len(EVERY_KIND) + 1)} <= {w for c in claims for w in c["where"]}
    computed = next(claim for claim in claims if COMPUTED["stem"] in claim["claim"])
    assert (computed["origin"], computed["by"], computed["quotes"]) == ("computed", "arithmetic", [])


# ---------------------------------------------------------------- printable


@given(text=st.text())
def test_printable_text_is_one_line_of_valid_utf8_without_controls(text: str) -> None:
    safe = printable(text)
    safe.encode()
    assert safe.splitlines() in ([], [safe])
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in safe)
    assert printable(safe) == safe


def test_escape_sequences_and_overrides_lose_their_effect_and_words_stay() -> None:
    assert printable("\x1b[31mred\x1b[0m\n\u202egnp.exe\u2069 \ud800") == "[31mred[0m gnp.exe \N{REPLACEMENT CHARACTER}"
