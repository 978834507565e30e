"""The exam and its marks: what passes, what fails, how sure a share is, and where a judge's span stands."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.check.judges.exam import OPENING_PAIRS, SHORT_PAIRS, is_right_on
from lessongen.check.judges.intervals import mean_of_two, wilson
from lessongen.check.judges.rules import RulesJudge
from lessongen.check.judges.sitting import ensure_examined, sit, standing
from lessongen.check.judges.spans import located
from lessongen.lesson.judgement import Bar, Claim, Verdict
from lessongen.store import SqliteStore
from lessongen.system.clock import SystemClock
from tests.attempts import PlainAttempt
from tests.judging import EXAM, LABELS, Deciding, claim

CLOCK = SystemClock()
QUOTE = "The keeper’s lamp burned whale oil until 1868 [in winter], and colza oil after that."  # noqa: RUF001

# ---------------------------------------------------------------- the pairs


def test_the_exam_has_as_many_honest_as_unfaithful_pairs_of_many_articles_and_kinds() -> None:
    honest = [pair for pair in EXAM.pairs if pair.is_honest]
    assert len(EXAM.pairs) >= 360
    assert 2 * len(honest) == len(EXAM.pairs)
    assert len({pair.claim.title for pair in EXAM.pairs}) >= 60
    assert len({pair.kind for pair in EXAM.pairs}) >= 16
    assert len({pair.id for pair in EXAM.pairs}) == len({pair.claim.sentence for pair in EXAM.pairs}) == len(EXAM.pairs)


def test_the_file_of_pairs_says_whose_they_are_and_how_they_came_to_be() -> None:
    lines = files("lessongen.check.judges").joinpath("exam_en.jsonl").read_text(encoding="utf-8").splitlines()
    about, first = json.loads(lines[0]), json.loads(lines[1])
    assert about["licence"] == "CC BY-SA 4.0"
    assert "Wikipedia contributors" in about["attribution"]
    assert about["pairs"] == len(EXAM.pairs) == len(lines) - 1
    assert "anguage models" in about["made"]
    assert "language models" in about["judged"]
    assert all(json.loads(line)["url"].startswith("https://en.wikipedia.org/wiki/") for line in lines[1:])
    assert first["quotes"]


def test_a_changed_pair_makes_another_exam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lessongen.check.judges import exam

    text = files("lessongen.check.judges").joinpath("exam_en.jsonl").read_text(encoding="utf-8")
    (tmp_path / "exam_en.jsonl").write_text(text.replace("600 million in 1950", "600 million in 1951"))
    assert exam.exam_name() == EXAM.name
    monkeypatch.setattr(exam, "__file__", str(tmp_path / "exam.py"))
    exam.load_exam.cache_clear()
    try:
        assert exam.load_exam().name == exam.exam_name() != EXAM.name
    finally:
        exam.load_exam.cache_clear()


def test_the_short_exam_is_always_the_same_and_drawn_evenly_by_kind() -> None:
    short = EXAM.short()
    assert short == EXAM.short() != EXAM.short("another")
    assert len(short) == SHORT_PAIRS
    for is_honest in (True, False):
        drawn = Counter(pair.kind for pair in short if pair.is_honest is is_honest)
        assert drawn.total() == SHORT_PAIRS // 2
        assert set(drawn) == {pair.kind for pair in EXAM.pairs if pair.is_honest is is_honest}
        assert max(drawn.values()) - min(drawn.values()) <= 1


# ---------------------------------------------------------------- who passes


def passes(judge: object, *, is_short: bool) -> bool:
    return sit(judge, EXAM, PlainAttempt(), CLOCK, is_short=is_short).result.passes(Bar())  # type: ignore[arg-type]


def long_ones(each: Claim, _place: int) -> bool:
    return len(each.sentence) > 120


def more_words_of_its_quotes(each: Claim, _place: int) -> bool:
    words = set(each.sentence.lower().split())
    quoted = {word for quote in each.quotes for word in quote.text.lower().split()}
    return 2 * len(words & quoted) > len(words)


@pytest.mark.parametrize("is_short", [False, True], ids=["whole", "short"])
@pytest.mark.parametrize(
    "decide",
    [
        lambda _each, _place: True,
        lambda _each, _place: False,
        lambda _each, place: place % 2 == 0,
        lambda _each, place: place % 2 == 1,
        lambda _each, place: place < 40,
        lambda _each, place: place % 3 == 0,
        long_ones,
        lambda each, place: not long_ones(each, place),
        lambda each, _place: len(each.quotes) > 1,
        lambda each, _place: "because" in each.sentence or "only" in each.sentence,
        more_words_of_its_quotes,
    ],
    ids=["yes", "no", "even", "odd", "first", "third", "long", "short", "quotes", "words", "overlap"],
)
def test_who_does_not_read_the_quotes_fails(decide: Callable[[Claim, int], bool], is_short: bool) -> None:
    assert not passes(Deciding(decide=decide), is_short=is_short)


@pytest.mark.parametrize("is_short", [False, True], ids=["whole", "short"])
def test_who_is_right_passes_and_who_is_always_wrong_fails(is_short: bool) -> None:
    assert passes(Deciding(decide=lambda each, _: LABELS[each.sentence]), is_short=is_short)
    assert not passes(Deciding(decide=lambda each, _: not LABELS[each.sentence]), is_short=is_short)


def test_no_verdict_and_a_verdict_on_other_words_are_never_right() -> None:
    for pair in (EXAM.pairs[0], next(each for each in EXAM.pairs if each.is_honest)):
        none = Verdict(judge="test", exam="", ruling="no verdict", sha256=pair.claim.sha256)
        other = Verdict(judge="test", exam="", ruling="supported", sha256=claim("Another one.", "Another.").sha256)
        assert not is_right_on(pair, none)
        assert not is_right_on(pair, other)


def test_the_bar_is_reached_by_the_share_itself_and_not_below_it() -> None:
    wrong = {pair.id for pair in [each for each in EXAM.short() if not each.is_honest][:2]}
    wrong |= {pair.id for pair in [each for each in EXAM.short() if each.is_honest][:4]}
    ids = {pair.claim.sentence: pair.id for pair in EXAM.pairs}

    def decide(each: Claim, _place: int) -> bool:
        return LABELS[each.sentence] is not (ids[each.sentence] in wrong)

    result = sit(Deciding(decide=decide), EXAM, PlainAttempt(), CLOCK, is_short=True).result
    assert (result.caught, result.accepted) == ((38, 40), (36, 40))
    assert result.passes(Bar())
    assert not result.passes(Bar(caught=0.96))
    assert not result.passes(Bar(accepted=0.91))


# ---------------------------------------------------------------- what is kept


def test_a_judge_without_a_result_sits_the_short_exam_once(tmp_path: Path) -> None:
    store, asked = SqliteStore(tmp_path / "lessons.db"), []

    def decide(each: Claim, _place: int) -> bool:
        asked.append(each)
        return LABELS[each.sentence]

    for _ in range(2):
        found = ensure_examined(Deciding(decide=decide), EXAM, store.exams, PlainAttempt(), CLOCK, bar=Bar())
        assert found.has_passed
        assert found.result is not None
        assert found.result.is_short
    assert len(asked) == SHORT_PAIRS
    store.close()


@pytest.mark.parametrize(
    "decide",
    [lambda each, _place: not LABELS[each.sentence], lambda _each, _place: True, lambda _each, _place: False],
    ids=["always wrong", "lets all stand", "refuses all"],
)
def test_a_judge_that_cannot_judge_is_asked_the_opening_of_the_short_exam_alone(
    tmp_path: Path, decide: Callable[[Claim, int], bool]
) -> None:
    store = SqliteStore(tmp_path / "lessons.db")
    found = ensure_examined(Deciding(decide=decide), EXAM, store.exams, PlainAttempt(), CLOCK, bar=Bar())
    assert not found.has_passed
    assert found.result is not None
    assert found.result.caught[1] == found.result.accepted[1] == OPENING_PAIRS // 2
    assert set(EXAM.opening()) < set(EXAM.short())
    store.close()


def test_a_failed_judge_stays_failed_and_is_not_asked_again_for_each_lesson(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "lessons.db")
    yes = Deciding(decide=lambda _each, _place: True)
    assert not ensure_examined(yes, EXAM, store.exams, PlainAttempt(), CLOCK, bar=Bar()).has_passed
    assert not ensure_examined(yes, EXAM, store.exams, PlainAttempt(), CLOCK, bar=Bar()).has_passed
    assert len(store.exams.all()) == 1
    store.close()


def test_a_result_counts_for_its_model_and_exam_alone_and_a_whole_exam_before_a_short_one(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "lessons.db")
    able = Deciding(decide=lambda each, _: LABELS[each.sentence])
    unable = Deciding(decide=lambda _each, _place: True)
    store.exams.add(sit(unable, EXAM, PlainAttempt(), CLOCK).result)
    store.exams.add(sit(able, EXAM, PlainAttempt(), CLOCK, is_short=True).result)
    assert not standing(able.identity, EXAM.name, store.exams, Bar()).has_passed
    store.exams.add(sit(able, EXAM, PlainAttempt(), CLOCK).result)
    kept = standing(able.identity, EXAM.name, store.exams, Bar())
    assert kept.has_passed
    assert kept.result == store.exams.all()[3]
    assert standing(Deciding(decide=long_ones, model="other").identity, EXAM.name, store.exams, Bar()).result is None
    store.close()


# ---------------------------------------------------------------- the rules


def test_the_rules_judge_as_the_strict_word_check_does() -> None:
    verbatim, altered, uncited = RulesJudge().judge(
        [claim(QUOTE, QUOTE), claim("The lamp burned whale oil until 1968.", QUOTE), claim("It burned oil.")],
        PlainAttempt(),
    )
    assert verbatim.stands
    assert (verbatim.span, verbatim.needed) == (QUOTE, ("q1",))
    assert verbatim.is_of(claim(QUOTE, QUOTE))
    assert (altered.ruling, altered.reason) == ("not said", "“1968” is not in the quotes")
    assert not uncited.stands


# ---------------------------------------------------------------- verdicts, spans, intervals


def test_a_verdict_is_bound_to_its_sentence_its_quotes_and_its_span() -> None:
    given_claim = claim("The lamp burned oil.", QUOTE)
    verdict = Verdict(judge="m", exam="e", ruling="supported", sha256=given_claim.sha256, span="burned whale oil")
    assert verdict.is_of(given_claim)
    assert not verdict.is_of(claim("The lamp burned oils.", QUOTE))
    assert not verdict.is_of(claim("The lamp burned oil.", QUOTE + " Later gas."))
    assert not Verdict(judge="m", exam="e", ruling="supported", sha256=given_claim.sha256, span="gas").is_of(
        given_claim
    )


@pytest.mark.parametrize(
    ("span", "found"),
    [
        ("burned whale oil until 1868", "burned whale oil until 1868"),
        ("The keeper's lamp", "The keeper’s lamp"),  # noqa: RUF001
        ("the  KEEPER’S lamp", "The keeper’s lamp"),  # noqa: RUF001
        ("… until 1868 (in winter), and colza …", "until 1868 [in winter], and colza"),
        ("oil", None),
        ("", None),
        ("urned whale oi", None),
        ("whale oil after that", None),
        ("burned oil until 1868", None),
    ],
)
def test_a_span_is_the_quotes_own_words_or_none(span: str, found: str | None) -> None:
    assert located(span, QUOTE) == found


@given(st.text(min_size=1, max_size=80), st.data())
def test_whatever_is_located_stands_in_the_quote_exactly(quote: str, data: st.DataObject) -> None:
    span = data.draw(st.text(max_size=80) | st.just(quote))
    found = located(span, quote)
    assert found is None or found in quote


def test_wilsons_interval_is_the_published_one() -> None:
    # R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3.
    for right, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        assert wilson(right, of) == pytest.approx((low, high), abs=6e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_interval_of_a_mean_is_newcombes_for_a_difference_halved() -> None:
    # R. G. Newcombe (1998), table II: 56/70 and 48/80 differ by 0.0524 to 0.3339 by method 10. The difference of two
    # shares is the mean of one and the other's complement, doubled, less one.
    mean, low, high = mean_of_two((56, 70), (32, 80))
    assert 2 * mean - 1 == pytest.approx(0.2)
    assert (2 * low - 1, 2 * high - 1) == pytest.approx((0.0524, 0.3339), abs=6e-5)
