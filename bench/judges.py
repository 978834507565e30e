"""How well judges judge: what each catches and accepts, whether it passes the exam, and what the tripwires stop.

python -m bench.judges                 the rules, and each recorded model, on the exam and on `data/judge_pairs*.jsonl`
python -m bench.judges --replay        the same; exit code 1 where a recorded answer is missing
python -m bench.judges --base-url http://127.0.0.1:8080/v1 --model NAME [--record NAME --about "how it came to be"]
                                       a model on a server alone; its answers are kept in `data/judge_answers/`, and a
                                       run that was broken off goes on where it was; with --drawn N, on an even
                                       draw of so many pairs of each set; with --items N, on so many in a call
python -m bench.judges --write         besides, the table into `data/judges.json`, from which the documentation has it
python -m bench.judges --pairs FILE …  other pairs: JSON Lines with title, quotes, sentence, label, kind
python -m bench.judges --tripwires     besides, the tripwires, on honest pairs and on sentences altered by rule
python -m bench.judges --draws 1000    besides, who passes so many draws of the short exam: judges of a known accuracy,
                                       and some that don't read

Caught: of the unfaithful sentences, the share that is refused; accepted: of the honest ones, the share that stands.
Intervals are 95 %, by the formulas of `lessongen.check.judges.intervals`. Exit code 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.replay import FOLDER, Recording, RecordingAttempt, Replay
from bench.support_pairs.articles import Article, articles
from bench.support_pairs.making import HONEST, make_pairs
from bench.table import print_table
from lessongen.check.judges import Judge
from lessongen.check.judges.exam import Exam, Pair, is_right_on, load_exam, pair_of
from lessongen.check.judges.intervals import mean_of_two
from lessongen.check.judges.rules import RulesJudge
from lessongen.check.judges.sitting import sit
from lessongen.check.tripwires import trips
from lessongen.lesson.attempt import Attempt
from lessongen.lesson.judgement import Bar, ExamResult, Identity, KindCount
from lessongen.queue.null_attempt import NullAttempt
from lessongen.system.clock import SystemClock
from lessongen.writers.openai.client import ModelClient, Server
from lessongen.writers.openai.judge import MOST_ITEMS, Asking, ModelJudge
from lessongen.writers.openai.prices import price

_DATA = Path(__file__).parent / "data"
PAIRS = (_DATA / "judge_pairs.jsonl", _DATA / "judge_pairs_2.jsonl")
WORKED = _DATA / "worked_numbers.jsonl"
TABLE = _DATA / "judges.json"
SEED = 20_240
COUNT = 200  # of sentences altered by rule, of a kind
HONEST_AT_LEAST, WORKED_AT_LEAST, ALTERED_AT_LEAST = 99.0, 95.0, 95.0
ABLE, UNABLE = 0.99, 0.85
ABLE_FAIL_AT_MOST, UNABLE_PASS_AT_MOST = 5.0, 2.0

_HEAD = ("judge", "pairs", "caught", "accepted", "balanced (95 %)", "exam", "unanswered", "calls", "tokens", "s")
_KEPT = _HEAD[:7]  # what of a row is the same each time


# ---------------------------------------------------------------- judges


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A judge with what carries its calls."""

    name: str
    judge: Judge
    attempt: Attempt


def pairs_of(path: Path) -> Exam:
    """The pairs of a file as an exam of their own; a first line that is no pair is about the others."""
    written = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = [pair_of(each) for each in written if "sentence" in each]
    return Exam(name=path.name, language="en", about={}, pairs=tuple(pairs))


def drawn(sets: Sequence[Exam], count: int | None) -> list[Exam]:
    """So many pairs of each set, the same ones each time: of the exam, with 80, those of the short exam."""
    if count is None:
        return list(sets)
    draws = ((each, each.short(count=count)) for each in sets)
    return [
        dataclasses.replace(each, name=f"{each.name}, {len(pairs)} of {len(each.pairs)}", pairs=pairs)
        for each, pairs in draws
    ]


def model_judge(base_url: str, model: str, sets: Sequence[Exam], *, items: int, patience: float) -> ModelJudge:
    """The judge that the program would ask on that server; the first of the sets is its exam."""
    key = os.environ.get("OPENAI_API_KEY", "")
    server = Server(
        base_url=base_url, api_key=key, model=model, timeout_seconds=patience, deadline_seconds=2 * patience
    )

    @cache
    def client(name: str, temperature: float) -> ModelClient:
        return ModelClient(dataclasses.replace(server, model=name, temperature=temperature))

    asking = Asking(
        model=model,
        base_url=base_url,
        client=client,
        price=lambda name, tokens_in, tokens_out: price(name, tokens_in, tokens_out, base_url),
        most_items=items,
    )
    return ModelJudge(asking, sets[0], apart=frozenset().union(*(each.sealed for each in sets)))


def rows_of(candidate: Candidate, sets: Sequence[Exam], *, details: bool) -> list[list[str]]:
    """The rows of one judge, one a set of pairs."""
    rows: list[list[str]] = []
    for each in sets:
        sat = sit(candidate.judge, each, candidate.attempt, SystemClock())
        result = sat.result
        caught, accepted = result.caught, result.accepted
        mean, low, high = mean_of_two(caught, accepted)
        rows.append(
            [
                candidate.name,
                each.name,
                _share(caught),
                _share(accepted),
                f"{mean:.3f} ({low:.3f} to {high:.3f})",
                "passed" if result.passes(Bar()) else "not passed",
                f"{result.unanswered}",
                f"{result.calls}",
                f"{result.tokens:,}",
                f"{result.seconds:.0f}",
            ]
        )
        if details:
            for pair, verdict in sat.verdicts:
                if not is_right_on(pair, verdict):
                    print(f"{candidate.name}, {each.name}, {pair.id} ({pair.kind}): {verdict.ruling}: {verdict.reason}")
    return rows


def _share(count: tuple[int, int]) -> str:
    right, pairs = count
    return f"{100 * right / max(1, pairs):.1f} % ({right} of {pairs})"


# ---------------------------------------------------------------- tripwires


def tripwire_rows(sets: Sequence[Exam]) -> tuple[list[list[str]], bool]:
    """What the tripwires let pass of honest pairs, and stop of sentences altered by rule; whether targets are met."""
    rows: list[list[str]] = []
    for each in sets:
        honest = [pair for pair in each.pairs if pair.is_honest]
        passed = sum(not _is_stopped(pair) for pair in honest)
        rows.append(_row(f"honest of {each.name} pass", passed, len(honest), HONEST_AT_LEAST))
        other = [pair for pair in each.pairs if not pair.is_honest]
        rows.append(_row(f"unfaithful of {each.name} stopped", sum(map(_is_stopped, other)), len(other), None))
    worked = pairs_of(WORKED)
    passed = sum(not _is_stopped(pair) for pair in worked.pairs)
    rows.append(_row(f"honest of {worked.name} pass", passed, len(worked.pairs), WORKED_AT_LEAST))
    chosen = [article for article in articles() if article.half == "fresh"]
    made = make_pairs(chosen, COUNT, SEED)
    for kind in (HONEST, "number", "name"):
        found = [each for each in made if (each.fault or HONEST) == kind]
        stopped = sum(any(trips(each.sentence, each.quotes, title=each.title)) for each in found)
        is_honest = kind == HONEST
        words = "reworded by rule pass" if is_honest else f"{kind} altered by rule stopped"
        least = HONEST_AT_LEAST if is_honest else ALTERED_AT_LEAST
        rows.append(_row(words, len(found) - stopped if is_honest else stopped, len(found), least))
    true, altered = quotations(chosen)
    rows.append(_row("true quotations pass", true, COUNT, HONEST_AT_LEAST))
    rows.append(_row("altered quotations stopped", altered, COUNT, ALTERED_AT_LEAST))
    return rows, not any(row[-1] for row in rows)


def _is_stopped(pair: Pair) -> bool:
    claim = pair.claim
    return any(trips(claim.sentence, [quote.text for quote in claim.quotes], title=claim.title))


def quotations(chosen: Sequence[Article]) -> tuple[int, int]:
    """How many quotations from quotes pass, and how many with one word left out, put in or changed are stopped."""
    draw = random.Random(SEED)
    passed = stopped = 0
    for number in range(COUNT):
        quote = draw.choice(draw.choice(list(chosen)).sentences).replace('"', "")
        words = quote.split()
        start = draw.randrange(0, len(words) - 5)
        cut = words[start : start + draw.randrange(5, 9)]
        at = draw.randrange(1, len(cut) - 1)
        changed = [cut[:at] + cut[at + 1 :], [*cut[:at], "hardly", *cut[at:]], [*cut[:at], "lantern", *cut[at + 1 :]]]
        for text, is_true in ((cut, True), (changed[number % 3], False)):
            sentence = f'One line has become famous: "{" ".join(text)}".'
            is_stopped = any(trip.rule == "trip-quotation" for trip in trips(sentence, [quote]))
            passed += is_true and not is_stopped
            stopped += not is_true and is_stopped
    return passed, stopped


def _row(what: str, count: int, of: int, least: float | None) -> list[str]:
    share = 100 * count / max(1, of)
    target = "" if least is None else f"≥ {least:g}"
    return [what, str(of), f"{share:.1f}", target, "" if least is None or share >= least else "missed"]


# ---------------------------------------------------------------- draws


Guess = Callable[[Pair, int, random.Random], bool]


def guesses() -> Iterator[tuple[str, Guess, float | None, float | None]]:
    """Judges that are simulated: by name, with how many per cent may pass at most, and must at least."""
    least = 100 - ABLE_FAIL_AT_MOST
    yield f"right in {ABLE:.0%}", lambda pair, _, draw: pair.is_honest is (draw.random() < ABLE), None, least
    yield (
        f"right in {UNABLE:.0%}",
        lambda pair, _, draw: pair.is_honest is (draw.random() < UNABLE),
        UNABLE_PASS_AT_MOST,
        None,
    )
    yield "supported, to all", lambda *_: True, 0.0, None
    yield "not said, to all", lambda *_: False, 0.0, None
    yield "alternating", lambda _, place, __: place % 2 == 0, 0.0, None
    yield "by length", lambda pair, *_: len(pair.claim.sentence) > 120, 0.0, None
    yield "by place: the first half", lambda _, place, __: place < 40, 0.0, None
    yield "by chance", lambda _, __, draw: draw.random() < 0.5, 0.0, None


def draw_rows(exam: Exam, draws: int) -> tuple[list[list[str]], bool]:
    """How many of so many short exams each simulated judge passes."""
    rows: list[list[str]] = []
    for name, guess, most, least in guesses():
        source = random.Random(f"{SEED} {name}")
        passed = sum(_passes(exam.short(f"{SEED} {number}"), guess, source) for number in range(draws))
        share = 100 * passed / draws
        target = f"≤ {most:g}" if most is not None else f"≥ {least:g}"
        holds = (most is None or share <= most) and (least is None or share >= least)
        rows.append([name, str(draws), f"{share:.1f}", target, "" if holds else "missed"])
    return rows, not any(row[-1] for row in rows)


def _passes(pairs: Sequence[Pair], guess: Guess, source: random.Random) -> bool:
    right = {True: [0, 0], False: [0, 0]}
    for place, pair in enumerate(pairs):
        right[pair.is_honest][0] += guess(pair, place, source) is pair.is_honest
        right[pair.is_honest][1] += 1
    counts = tuple(
        KindCount(kind="any", is_honest=is_honest, right=found, pairs=pairs)
        for is_honest, (found, pairs) in right.items()
    )
    return _result(counts).passes(Bar())


def _result(counts: tuple[KindCount, ...]) -> ExamResult:
    return ExamResult(
        identity=Identity(judge="simulated"),
        exam="",
        language="en",
        is_short=True,
        kinds=counts,
        unanswered=0,
        seconds=0.0,
        calls=0,
        tokens=0,
        cost=None,
        sat_at=SystemClock().now(),
    )


def recorded_rows(sets: Sequence[Exam], *, details: bool) -> tuple[list[list[str]], int]:
    """The rules, and each recorded model on the sets that it was asked on; and how many of its answers are missing."""
    rows = rows_of(Candidate(name="rules", judge=RulesJudge(), attempt=NullAttempt(seed=1)), sets, details=False)
    missing = 0
    for path in sorted(FOLDER.glob("*.jsonl")):
        recording = Recording.read(path)
        with Replay(recording) as server:
            judge = model_judge(server.base_url, recording.model, sets, items=recording.items, patience=30.0)
            candidate = Candidate(name=path.stem, judge=judge, attempt=NullAttempt(seed=1))
            for each in drawn(sets, recording.drawn):
                server.missing.clear()
                (row,) = rows_of(candidate, [each], details=details)
                if row[_HEAD.index("calls")] != "0":
                    rows.append(row)
                    missing += len(server.missing)
    return rows, missing


# ---------------------------------------------------------------- the program


def main() -> int:
    """Print the tables; 1 where a target is missed."""
    options = _options()
    exam = load_exam()
    sets = [exam, *map(pairs_of, options.pairs)]
    if options.base_url:
        print_table(_HEAD, _asked(options, sets))
        return 0
    rows, missing = recorded_rows(sets, details=options.details)
    print_table(_HEAD, rows)
    if options.write:
        told = [dict(zip(_KEPT, row, strict=False)) for row in rows]
        TABLE.write_text(json.dumps({"rows": told}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    holds = not (options.replay and missing)
    if options.tripwires:
        holds = _print("tripwires", tripwire_rows(sets)) and holds
    if options.draws:
        holds = _print(f"{options.draws} draws of the short exam: passed", draw_rows(exam, options.draws)) and holds
    return 0 if holds else 1


def _print(title: str, found: tuple[list[list[str]], bool]) -> bool:
    rows, met = found
    print()
    print_table((title, "number", "per cent", "target", ""), rows)
    return met


def _asked(options: argparse.Namespace, sets: Sequence[Exam]) -> list[list[str]]:
    judge = model_judge(options.base_url, options.model, sets, items=options.items, patience=options.patience)
    name = options.record or judge.identity.name
    attempt = NullAttempt(seed=1)
    if options.record:
        path = FOLDER / f"{options.record}.jsonl"
        known = Recording.read(path) if path.exists() else None
        recording = known or Recording(
            path=path,
            model=judge.identity.model,
            about=options.about,
            items=options.items,
            drawn=options.drawn,
        )
        attempt = RecordingAttempt(seed=1, recording=recording)
    return rows_of(
        Candidate(name=name, judge=judge, attempt=attempt), drawn(sets, options.drawn), details=options.details
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.judges")
    parser.add_argument("--pairs", type=Path, metavar="FILE", nargs="+", default=PAIRS)
    parser.add_argument("--base-url", metavar="URL")
    parser.add_argument("--model", default="")
    parser.add_argument("--record", metavar="NAME")
    parser.add_argument("--about", default="", help="how the answers came to be, for the recording")
    parser.add_argument("--patience", type=float, default=600.0, help="seconds that a silent server is waited for")
    parser.add_argument("--items", type=int, default=MOST_ITEMS, help="items in a call at most")
    parser.add_argument("--drawn", type=int, metavar="N", help="ask on an even draw of so many pairs of each set")
    parser.add_argument("--replay", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--tripwires", action="store_true")
    parser.add_argument("--draws", type=int, default=0)
    parser.add_argument("--details", action="store_true", help="print the pairs that a model has wrong")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
