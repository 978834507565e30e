"""The model writer against a scripted server: good lessons, one call a step, refusals, repairs, freshness."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lessongen.check import examine
from lessongen.check.forms import BLOOM_VERBS, IMPERATIVES, is_lesson_word
from lessongen.lesson.attempt import Usage
from lessongen.lesson.draft import Draft, Problem
from lessongen.lesson.encyclopedia import Encyclopedia
from lessongen.lesson.material import Material
from lessongen.lesson.model import Check, Lesson, Prose, sha256
from lessongen.lesson.place import Place
from lessongen.lesson.questions.true_false import TrueFalse
from lessongen.lesson.task import LessonRequest
from lessongen.sources.offline import open_encyclopedia
from lessongen.system.errors import BadAnswer, CheckFailed, OverBudget, RequestRefused, TooThin, UnsupportedLanguage
from lessongen.writers.openai import forms
from lessongen.writers.openai.client import ModelClient, Server
from lessongen.writers.openai.telling import uses_of
from lessongen.writers.openai.writer import OpenAIWriter, Setup
from lessongen.writers.templates import Templates
from tests import good_model, made_up_articles
from tests.attempts import PlainAttempt
from tests.scripted_model import Answer, Fault, ScriptedModel, error

MATERIALS = [made_up_articles.lantern_boats, made_up_articles.skerry_mills, made_up_articles.glass_hares]
TOPICS = [
    ("english", "Verb"),
    ("biology", "Photosynthesis"),
    ("math", "Triangle"),
    ("history", "French Revolution"),
    ("music", "Ludwig van Beethoven"),
    ("geography", "Brazil"),
    ("physics", "Gravity"),
    ("english", "Novel"),
    ("biology", "Snake"),
    ("computing", "Algorithm"),
    ("economics", "Inflation"),
    ("chemistry", "Water"),
]


class Killed(BaseException):
    """A worker's sudden end, as an attempt would meet it."""


@dataclass(kw_only=True)
class KeptAttempt(PlainAttempt):
    """An attempt whose steps and tokens outlive it in `kept` and `usages`; it dies after `dies_after` new steps."""

    kept: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, int, str]] = field(default_factory=list)
    announced: list[tuple[int, float | None]] = field(default_factory=list)
    most_cost: float | None = None
    dies_after: int | None = None
    is_in_step: bool = False

    def progress(self, step: str, percent: int, message: str) -> None:
        """Remembers what is said."""
        self.told.append((step, percent, message))

    def step(self, key: str, inputs: Mapping[str, Any], make: Callable[[], Any]) -> Any:
        """Kept under the key and its inputs, as JSON."""
        name = json.dumps([key, inputs], sort_keys=True)
        if name not in self.kept:
            if self.dies_after == 0:
                raise Killed
            self.is_in_step = True
            self.kept[name] = json.dumps(make())
            self.is_in_step = False
            self.dies_after = None if self.dies_after is None else self.dies_after - 1
        return json.loads(self.kept[name])

    def call(self, writer: str, tokens: int, cost: float | None = None) -> None:
        """Remembers what is announced; refuses what is too dear."""
        assert self.is_in_step, "a call outside its step would be paid for again"
        self.announced.append((tokens, cost))
        if self.most_cost is not None and self.spent().cost + (cost or 0) > self.most_cost:
            raise OverBudget

    def used(self, usage: Usage) -> None:
        """Remembers what was used."""
        assert self.is_in_step, "usage outside its step would not be kept with it"
        self.usages.append(usage)

    @property
    def steps(self) -> list[str]:
        """The keys of the kept steps in order."""
        return [json.loads(name)[0] for name in self.kept]


def writer_for(server: ScriptedModel, encyclopedia: Encyclopedia | None = None, **changes: Any) -> OpenAIWriter:
    settings: dict[str, Any] = {
        "model": "scripted-1",
        "verify_model": "",
        "temperature": 0.4,
        "source_tokens": 5000,
        "template": Templates(Path("/nowhere")).load,
        "price": lambda model, tokens_in, tokens_out: (tokens_in + 4 * tokens_out) / 1e6,
    }

    def client(model: str) -> ModelClient:
        return ModelClient(Server(base_url=server.base_url, api_key="sk-test-key", model=model, temperature=0.4))

    return OpenAIWriter(Setup(**{**settings, **changes}), client, encyclopedia)


def request(topic: str = "skerry mills", **changes: Any) -> LessonRequest:
    return LessonRequest(**{"subject": "crafts", "topic": topic, **changes})


def write(
    answer: Answer, material: Material | None = None, attempt: KeptAttempt | None = None, **changes: Any
) -> Draft:
    with ScriptedModel(answer) as server:
        return writer_for(server).write(
            request(**changes), material or made_up_articles.skerry_mills(), attempt or KeptAttempt()
        )


def with_answers(**steps: Callable[[dict[str, Any], Any], object]) -> Answer:
    """The good model, whose answers to some steps are changed: each function gets the request and the good answer."""

    def answer(asked: dict[str, Any]) -> object:
        good = good_model.answer(asked)
        change = steps.get(good_model.step_of(asked))
        return good if change is None else change(asked, good)

    return answer


def sentences(lesson: Lesson) -> list[str]:
    return [each.text for section in lesson.sections for block in section.blocks if isinstance(block, Prose)
            for each in block.sentences]  # fmt: skip


def content(lesson: Lesson) -> dict[str, Any]:
    """All but how long it took."""
    return lesson.model_dump(exclude={"provenance": {"duration_seconds"}})


# ---------------------------------------------------------------- good lessons


@pytest.mark.parametrize("material", MATERIALS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_good_model_gives_a_lesson_that_passes_every_check(material: Callable[[], Material], seed: int) -> None:
    found = material()
    draft = write(good_model.answer, found, KeptAttempt(seed=seed), topic=found.article.title)
    assert examine(draft.lesson, draft.texts).problems == ()
    assert len(draft.lesson.questions) >= 5
    assert any(each.origin == "written" for section in draft.lesson.sections for block in section.blocks
               if isinstance(block, Prose) for each in block.sentences)  # fmt: skip


@pytest.fixture(scope="module")
def encyclopedia(shared_cache: Path) -> Iterator[Encyclopedia]:
    opened = open_encyclopedia(shared_cache)
    yield opened
    opened.close()


@pytest.mark.parametrize(("subject", "title"), TOPICS)
def test_short_leads_are_supplemented_and_give_a_whole_lesson(
    encyclopedia: Encyclopedia, subject: str, title: str
) -> None:
    entry = encyclopedia.entry_titled(title)
    assert entry is not None
    attempt = KeptAttempt()
    with ScriptedModel(good_model.answer) as server:
        draft = writer_for(server, encyclopedia).write(
            LessonRequest(subject=subject, topic=title), Material(article=entry.document), attempt
        )
    assert examine(draft.lesson, draft.texts).problems == ()
    assert draft.lesson.article.title == title
    assert Counter(attempt.steps) == Counter(set(attempt.steps))
    assert len(server.calls) == len(attempt.steps)


def test_every_sentence_of_the_body_cites_a_quote_and_every_question_rests_on_one() -> None:
    lesson = write(good_model.answer).lesson
    quotes = {quote.id for source in lesson.sources for quote in source.quotes}
    prose = [each for section in lesson.sections for block in section.blocks if isinstance(block, Prose)
             for each in block.sentences]  # fmt: skip
    assert prose
    assert all(set(each.cites) and set(each.cites) <= quotes for each in prose)
    assert all(question.cites and set(question.cites) <= quotes for question in lesson.questions)


def test_what_a_question_asks_about_stands_in_the_lesson() -> None:
    lesson = write(good_model.answer).lesson
    cited = {cite for section in lesson.sections for block in section.blocks if isinstance(block, Prose)
             for each in block.sentences for cite in each.cites}  # fmt: skip
    assert all(set(question.cites) <= cited for question in lesson.questions)


def test_tokens_and_cost_are_those_that_the_server_counted() -> None:
    attempt = KeptAttempt()
    with ScriptedModel(good_model.answer) as server:
        lesson = writer_for(server).write(request(), made_up_articles.skerry_mills(), attempt).lesson
    assert sum(usage.input_tokens for usage in attempt.usages) == server.input_tokens
    assert sum(usage.output_tokens for usage in attempt.usages) == server.output_tokens
    assert lesson.provenance.tokens == server.input_tokens + server.output_tokens
    assert lesson.provenance.cost == pytest.approx((server.input_tokens + 4 * server.output_tokens) / 1e6)
    assert [usage.step for usage in attempt.usages] == attempt.steps


def test_the_provenance_says_how_the_lesson_came_to_be() -> None:
    provenance = write(good_model.answer, attempt=KeptAttempt(seed=5)).lesson.provenance
    assert (provenance.writer, provenance.model, provenance.seed) == ("openai", "scripted-1", 5)
    assert provenance.temperature == 0.4
    assert re.fullmatch(r"default@[0-9a-f]{12}", provenance.template or "")
    assert re.fullmatch(r"[0-9a-f]{64}", provenance.prompt_sha256 or "")
    assert provenance.check is not None
    assert provenance.check.layers == ["deterministic", "model"]


@pytest.mark.parametrize("minutes", [2, 3, 5, 7, 45])
def test_the_minutes_asked_for_are_kept(minutes: int) -> None:
    draft = write(good_model.answer, minutes=minutes)
    assert draft.lesson.minutes == minutes
    assert examine(draft.lesson, draft.texts).problems == ()


@pytest.mark.parametrize("count", [5, 9, 12])
def test_as_many_questions_as_were_asked_for_or_a_notice(count: int) -> None:
    lesson = write(good_model.answer, questions=count).lesson
    told = any("questions passed" in notice for notice in lesson.provenance.notices)
    assert len(lesson.questions) == count or (len(lesson.questions) < count and told)


def test_every_question_is_asked_in_a_section() -> None:
    lesson = write(good_model.answer).lesson
    asked = [block.question for section in lesson.sections for block in section.blocks if isinstance(block, Check)]
    assert sorted(asked) == sorted(question.id for question in lesson.questions)


# ---------------------------------------------------------------- prompts


def test_all_prompts_with_sources_open_with_the_same_block() -> None:
    with ScriptedModel(good_model.answer) as server:
        writer_for(server).write(request(), made_up_articles.skerry_mills(), KeptAttempt())
        prompts = [str(call["messages"][1]["content"]) for call in server.calls]
        systems = {str(call["messages"][0]["content"]) for call in server.calls}
    with_sources = [prompt for prompt in prompts if prompt.startswith("<<<SOURCES")]
    assert len(with_sources) >= 5
    assert len({prompt.partition("SOURCES>>>")[0] for prompt in with_sources}) == 1
    assert len(systems) == 1


def test_the_blind_check_and_the_second_layer_see_no_keys_and_no_other_sentences() -> None:
    with ScriptedModel(good_model.answer) as server:
        writer_for(server).write(request(), made_up_articles.skerry_mills(), KeptAttempt())
        calls = {good_model.step_of(call): str(call["messages"][1]["content"]) for call in server.calls}
    assert "SOURCES" not in calls["answers"]
    assert "SOURCES" not in calls["verify"]
    assert "answer:" not in calls["answers"].lower()


def test_prompts_and_answers_of_a_short_article_are_small() -> None:
    attempt = KeptAttempt()
    write(good_model.answer, attempt=attempt)
    assert all(tokens < 2600 for tokens, _ in attempt.announced)
    assert sum(usage.output_tokens for usage in attempt.usages) < 1500


def test_a_long_article_is_cut_to_the_tokens_allowed() -> None:
    places = ("mill", "barn", "inn", "school", "church", "bakery")
    chapters = {
        f"Village {number}": " ".join(f"The {place} of village {number} has a blue roof of slate." for place in places)
        for number in range(2, 40)
    }
    mills = made_up_articles.skerry_mills().article
    material = Material(article=made_up_articles.document("Skerry mill", {"": mills.text.split("\n")[0], **chapters}))
    with ScriptedModel(lambda asked: error(413, "too long")) as server:
        with pytest.raises(RequestRefused):
            writer_for(server, source_tokens=700).write(request(), material, KeptAttempt())
        block = str(server.calls[0]["messages"][1]["content"]).partition("SOURCES>>>")[0]
    assert len(block) / 4 < 800
    assert "[1] A skerry mill is a small stone mill" in block


def test_the_judging_model_may_be_another_one() -> None:
    with ScriptedModel(good_model.answer, models=("scripted-1", "judge-1")) as server:
        draft = writer_for(server, verify_model="judge-1").write(
            request(), made_up_articles.skerry_mills(), KeptAttempt()
        )
        models = {good_model.step_of(call): call["model"] for call in server.calls}
    assert models["verify"] == "judge-1"
    assert {model for step, model in models.items() if step != "verify"} == {"scripted-1"}
    assert draft.lesson.provenance.model == "scripted-1"


def test_the_model_of_the_request_is_asked() -> None:
    with ScriptedModel(good_model.answer, models=("scripted-1", "other-1")) as server:
        writer_for(server).write(request(model="other-1"), made_up_articles.skerry_mills(), KeptAttempt())
        assert {call["model"] for call in server.calls} == {"other-1"}


def test_progress_names_the_section_and_the_tokens_that_came() -> None:
    attempt = KeptAttempt()
    write(good_model.answer, attempt=attempt)
    told = [message for _, _, message in attempt.told]
    assert any(re.fullmatch(r"Writing section 2 of 3 · \d+ tokens", message) for message in told)
    percents = [percent for _, percent, _ in attempt.told]
    assert percents == sorted(percents)


# ---------------------------------------------------------------- one call a step


def test_a_worker_killed_after_any_step_pays_for_no_step_twice() -> None:
    whole = KeptAttempt()
    lesson = write(good_model.answer, attempt=whole).lesson
    for steps in range(len(whole.steps)):
        first = KeptAttempt(dies_after=steps)
        with ScriptedModel(good_model.answer) as server:
            writer = writer_for(server)
            with pytest.raises(Killed):
                writer.write(request(), made_up_articles.skerry_mills(), first)
            assert len(server.calls) == steps
            again = KeptAttempt(kept=first.kept, usages=first.usages)
            finished = writer_for(server).write(request(), made_up_articles.skerry_mills(), again).lesson
            assert len(server.calls) == len(whole.steps)
        assert content(finished) == content(lesson)
        assert again.steps == whole.steps


def test_a_step_whose_call_fails_is_made_again_and_what_it_took_is_counted() -> None:
    asked = 0

    def answer(call: dict[str, Any]) -> object:
        nonlocal asked
        asked += 1
        return Fault(content='{"sections": [', finish_reason="length") if asked == 1 else good_model.answer(call)

    attempt = KeptAttempt()
    with ScriptedModel(answer) as server:
        writer = writer_for(server)
        with pytest.raises(BadAnswer):
            writer.write(request(), made_up_articles.skerry_mills(), attempt)
        assert attempt.steps == []
        assert [usage.step for usage in attempt.usages] == ["outline"]
        attempt.is_in_step = False
        writer.write(request(), made_up_articles.skerry_mills(), attempt)
        seeds = [call["seed"] for call in server.calls]
    assert len(server.calls) == len(attempt.steps) + 1
    assert seeds[0] != seeds[1], "the same seed would fail in the same way"


def test_the_same_seed_gives_the_same_lesson_and_prompts() -> None:
    first, second = (write(good_model.answer, attempt=KeptAttempt(seed=9)).lesson for _ in range(2))
    assert content(first) == content(second)


def test_each_call_is_announced_with_tokens_and_cost() -> None:
    attempt = KeptAttempt()
    write(good_model.answer, attempt=attempt)
    assert len(attempt.announced) == len(attempt.steps)
    assert all(tokens > 100 and cost is not None and cost > 0 for tokens, cost in attempt.announced)


def test_a_lesson_that_would_cost_too_much_stops_before_the_call() -> None:
    attempt = KeptAttempt(most_cost=0.003)
    with ScriptedModel(good_model.answer) as server:
        with pytest.raises(OverBudget):
            writer_for(server).write(request(), made_up_articles.skerry_mills(), attempt)
        assert 0 < len(server.calls) < 7
        assert attempt.spent().cost <= 0.003


# ---------------------------------------------------------------- refusing, rewriting, replacing

_FALSE = "A skerry mill has a double wheel that never turns in a narrow channel between nine rocks."


def _with_false_sentence(asked: dict[str, Any], good: Any) -> object:
    number = next(
        (
            number
            for number, text in good_model.numbered(asked["messages"][1]["content"]).items()
            if "single wheel" in text
        )
    )
    if any(number in each["cites"] for each in good["sentences"]):
        good["sentences"][-1] = {"text": _FALSE, "cites": [number]}
    return good


def test_a_refused_sentence_is_rewritten_once_with_the_rule_named() -> None:
    prompts: list[str] = []

    def rewrite(asked: dict[str, Any], good: Any) -> object:
        prompts.append(asked["messages"][1]["content"].partition("SOURCES>>>")[2])
        return {"1": {"text": "A skerry mill has a single wheel in a narrow channel between two rocks.",
                      "cites": good["1"]["cites"]}}  # fmt: skip

    lesson = write(with_answers(section=_with_false_sentence, rewrite=rewrite)).lesson
    assert len(prompts) == 1
    assert _FALSE in prompts[0]
    assert re.search(r"cites \d+; (?:number|new-words|negation|opposite|coverage)", prompts[0])
    assert "A skerry mill has a single wheel in a narrow channel between two rocks." in sentences(lesson)
    assert lesson.provenance.rewritten == 1
    assert lesson.provenance.replaced == 0
    assert lesson.provenance.check is not None
    assert lesson.provenance.check.refused["deterministic"] >= 1


def test_a_sentence_that_is_refused_again_gives_way_to_its_quote() -> None:
    def rewrite(asked: dict[str, Any], good: Any) -> object:
        return {"1": {"text": _FALSE, "cites": good["1"]["cites"]}}

    draft = write(with_answers(section=_with_false_sentence, rewrite=rewrite))
    shown = sentences(draft.lesson)
    assert _FALSE not in shown
    assert draft.lesson.provenance.rewritten == 0
    assert "A skerry mill has a single wheel that turns in a narrow channel between two rocks." in shown
    assert examine(draft.lesson, draft.texts).problems == ()


def test_what_the_second_layer_does_not_call_supported_is_rewritten_too() -> None:
    verdicts: list[dict[str, str]] = []

    def verify(asked: dict[str, Any], good: Any) -> object:
        verdicts.append(dict(good))
        return {**good, "1": "contradicted", "2": "unclear"} if len(verdicts) == 1 else good

    lesson = write(with_answers(verify=verify)).lesson
    assert lesson.provenance.check is not None
    assert lesson.provenance.check.refused["model"] == 2
    assert len(verdicts) <= 2


def test_a_rewritten_sentence_is_judged_by_the_second_layer_too() -> None:
    kept: list[str] = []

    def verify(asked: dict[str, Any], good: Any) -> object:
        kept.append(asked["messages"][1]["content"])
        return dict.fromkeys(good, "unclear") if len(kept) == 2 else good

    def rewrite(asked: dict[str, Any], good: Any) -> object:
        return {"1": {"text": "A skerry mill has a single wheel in a narrow channel between two rocks.",
                      "cites": good["1"]["cites"]}}  # fmt: skip

    lesson = write(with_answers(section=_with_false_sentence, verify=verify, rewrite=rewrite)).lesson
    assert len(kept) == 2
    assert "A skerry mill has a single wheel in a narrow channel between two rocks." not in sentences(lesson)
    assert lesson.provenance.rewritten == 0


def test_nonsense_is_refused_with_a_report_and_nothing_more_is_paid_for() -> None:
    def section(asked: dict[str, Any], good: Any) -> object:
        said = "Bright purple submarines always dance quietly inside the endless marble library of Copenhagen."
        return {**good, "sentences": [{"text": f"{said[:-1]} {number}.", "cites": [1]} for number in range(5)]}

    with ScriptedModel(with_answers(section=section)) as server:
        with pytest.raises(
            CheckFailed, match=r"\d+ of its \d+ sentences do not stand \(refused: [a-z-]+ \d+"
        ) as refused:
            writer_for(server).write(request(), made_up_articles.skerry_mills(), KeptAttempt())
        assert [good_model.step_of(call) for call in server.calls] == ["outline", "section", "section", "section"]
    assert refused.value.hint


def test_a_lesson_is_not_patched_up_from_quotes_alone() -> None:
    def section(asked: dict[str, Any], good: Any) -> object:
        for each in good["sentences"][: 2 * len(good["sentences"]) // 3]:
            each["text"] = each["text"].removesuffix(".") + " and sings loudly over Copenhagen every Tuesday."
        return good

    def rewrite(asked: dict[str, Any], good: Any) -> object:
        return {number: {"text": "Purple submarines dance in Copenhagen.", "cites": [1]} for number in good}

    with pytest.raises(CheckFailed, match="sentences do not stand"):
        write(with_answers(section=section, rewrite=rewrite))


def test_an_empty_answer_is_refused() -> None:
    def section(asked: dict[str, Any], good: Any) -> object:
        return {**good, "sentences": []}

    with pytest.raises(CheckFailed):
        write(with_answers(section=section))


def test_a_question_whose_key_the_model_misses_is_thrown_out() -> None:
    missed: list[str] = []

    def answers(asked: dict[str, Any], good: Any) -> object:
        prompt = asked["messages"][1]["content"]
        missed.extend(re.findall(r"^1\. Quote: .+\n   Question: (.+)", prompt, re.MULTILINE))
        offered = asked["response_format"]["json_schema"]["schema"]["properties"]["1"]
        return {**good, "1": next((each for each in offered.get("enum", ["zebra"]) if each != good["1"]), "")}

    whole = write(good_model.answer).lesson
    less = write(with_answers(answers=answers)).lesson
    assert missed[0] in [question.stem for question in whole.questions]
    assert missed[0] not in [question.stem for question in less.questions]


def test_too_few_usable_questions_refuse_the_lesson() -> None:
    def answers(asked: dict[str, Any], good: Any) -> object:
        return dict.fromkeys(good, "zebra")

    with pytest.raises(CheckFailed, match=r"0 of its \d+ questions can be used"):
        write(with_answers(answers=answers))


def test_questions_are_asked_for_once_more_where_too_few_are_good() -> None:
    def questions(asked: dict[str, Any], good: Any) -> object:
        if "-2" in steps[-1]:
            return good
        useless = {"answer": "", "statement": "", "exchange": ""}
        return {
            number: each if int(number) <= 3 else {name: useless.get(name, value) for name, value in each.items()}
            for number, each in good.items()
        }

    attempt = KeptAttempt()
    steps: list[str] = ["questions"]

    def answer(asked: dict[str, Any]) -> object:
        if good_model.step_of(asked) == "questions" and "questions" in attempt.steps:
            steps.append("questions-2")
        return with_answers(questions=questions)(asked)

    draft = write(answer, attempt=attempt)
    assert [step for step in attempt.steps if step[:3] in ("que", "ans")] == [
        "questions",
        "answers",
        "questions-2",
        "answers-2",
    ]
    assert examine(draft.lesson, draft.texts).problems == ()
    stems = [question.stem for question in draft.lesson.questions]
    assert len(stems) == len(set(stems)) >= 5


def test_a_false_statement_that_the_sources_bear_out_is_not_asked() -> None:
    def questions(asked: dict[str, Any], good: Any) -> object:
        for each in good.values():
            if "exchange" in each:
                each["by"] = each["exchange"]
        return good

    lesson = write(with_answers(questions=questions), questions=12).lesson
    assert not [question for question in lesson.questions if isinstance(question, TrueFalse) and not question.answer]


def test_cites_of_sentences_that_do_not_exist_count_for_nothing() -> None:
    def section(asked: dict[str, Any], good: Any) -> object:
        good["sentences"][0]["cites"] = [99]
        good["sentences"][1]["cites"] = [*good["sentences"][1]["cites"], 0]
        return good

    draft = write(with_answers(section=section))
    assert examine(draft.lesson, draft.texts).problems == ()


def test_titles_objectives_and_steps_in_foreign_words_are_worded_by_the_program() -> None:
    def outline(asked: dict[str, Any], good: Any) -> object:
        for each in good["sections"]:
            each |= {
                "title": "The Lizard King of Copenhagen",
                "objective": "Understand that lizards rule.",
                "level": "apply",
            }
        return good

    def section(asked: dict[str, Any], good: Any) -> object:
        return (
            {**good, "activity": ["Lizards rule the world.", "Send money to Copenhagen."]}
            if "activity" in good
            else good
        )

    draft = write(with_answers(outline=outline, section=section))
    assert examine(draft.lesson, draft.texts).problems == ()
    text = draft.lesson.model_dump_json(exclude={"provenance"})
    assert "izard" not in text
    assert "Copenhagen" not in text


def test_a_models_own_titles_objectives_and_steps_stand_where_they_fit() -> None:
    def outline(asked: dict[str, Any], good: Any) -> object:
        good["sections"][0] |= {
            "title": "What is a skerry mill?",
            "objective": "Explain how the wheel turns",
            "level": "understand",
        }
        return good

    def section(asked: dict[str, Any], good: Any) -> object:
        steps = ["Draw a wheel and a sluice.", "Explain your picture to a partner."]
        return {**good, "activity": steps} if "activity" in good else good

    lesson = write(with_answers(outline=outline, section=section)).lesson
    assert "What is a skerry mill?" in [each.title for each in lesson.sections]
    assert "Explain how the wheel turns." in [each.text for each in lesson.objectives]
    assert "Draw a wheel and a sluice." in lesson.model_dump_json()


def test_a_useless_outline_still_leads_through_the_sources() -> None:
    def outline(asked: dict[str, Any], good: Any) -> object:
        return {"sections": [], "terms": [{"term": "nonsense", "sentence": 400}]}

    draft = write(with_answers(outline=outline))
    assert examine(draft.lesson, draft.texts).problems == ()


def test_thin_sources_are_refused_before_any_call() -> None:
    with ScriptedModel(good_model.answer) as server:
        with pytest.raises(TooThin, match="Sluice"):
            writer_for(server).write(request(), made_up_articles.thin(), KeptAttempt())
        assert server.calls == []


def test_other_languages_are_refused_before_any_call() -> None:
    with pytest.raises(UnsupportedLanguage):
        write(good_model.answer, language="fr")


# ---------------------------------------------------------------- freshness


def test_a_second_version_is_told_what_the_first_one_asked_and_asks_other_things() -> None:
    first = write(good_model.answer, questions=6).lesson
    prompts: list[str] = []

    def questions(asked: dict[str, Any], good: Any) -> object:
        prompts.append(asked["messages"][1]["content"])
        return good

    attempt = KeptAttempt(seed=2, earlier=[first])
    second = write(with_answers(questions=questions), attempt=attempt, questions=6).lesson
    assert "Earlier versions asked about sentences" in prompts[0]
    assert first.questions[0].term.casefold() in prompts[0].casefold()
    assert len(set(uses_of([first])) & set(uses_of([second]))) <= 3


def test_phrases_that_were_asked_before_are_not_offered_again_where_there_are_others() -> None:
    def offered_in(attempt: KeptAttempt) -> set[tuple[str, str]]:
        forms: list[tuple[str, dict[str, Any]]] = []

        def questions(asked: dict[str, Any], good: Any) -> object:
            prompt = asked["messages"][1]["content"]
            forms.append((prompt, asked["response_format"]["json_schema"]["schema"]["properties"]))
            return good

        write(with_answers(questions=questions), attempt=attempt, questions=6)
        prompt, blanks = forms[0]
        sentences = good_model.numbered(prompt)
        lines = dict(re.findall(r"^(\d+)\. .*? sentence (\d+)", prompt.partition("<<<FORM")[2], re.MULTILINE))
        return {
            (sha256(sentences[int(lines[at])]), answer.casefold())
            for at, blank in blanks.items()
            for answer in blank["properties"].get("answer", {}).get("enum", ())
        }

    first = write(good_model.answer, questions=6).lesson
    asked = {use for use in uses_of([first]) if use in offered_in(KeptAttempt())}
    assert asked
    again = asked & offered_in(KeptAttempt(earlier=[first]))
    assert len(again) < len(asked) / 2


# ---------------------------------------------------------------- repair


def _repaired(
    draft: Draft, problems: Sequence[Problem], answer: Answer = good_model.answer
) -> tuple[Draft | None, int]:
    with ScriptedModel(answer) as server:
        mended = writer_for(server).repair(draft, problems, request(), made_up_articles.skerry_mills(), KeptAttempt())
        return mended, len(server.calls)


@pytest.mark.parametrize(
    "where", [("questions", 1), ("questions", 0, "stem"), ("sections", 1, "blocks", 0, "sentences", 1),
              ("key_terms", 3), ("summary",), ("objectives", 0), ("sections", 2, "title"),
              ("sections", 0, "blocks", 0, "steps", 1)],
)  # fmt: skip
def test_what_the_program_can_mend_takes_no_call(where: tuple[str | int, ...]) -> None:
    draft = write(good_model.answer)
    mended, calls = _repaired(draft, [Problem(rule="some-rule", where=Place(where), message="is bad")])
    assert mended is not None
    assert calls == 0
    assert examine(mended.lesson, mended.texts).problems == ()
    assert content(mended.lesson) != content(draft.lesson)


def _about_question(at: int) -> Problem:
    return Problem(rule="answer-hidden", where=Place.of("questions", at), message="gives it away")


def test_questions_that_are_missing_are_asked_for_once_and_checked_like_all() -> None:
    draft = write(good_model.answer, questions=5)
    prompts: list[str] = []

    def repair(asked: dict[str, Any], good: Any) -> object:
        prompts.append(asked["messages"][1]["content"])
        return good

    problems = [
        Problem(rule="answer-hidden", where=Place.of("questions", at), message="gives it away") for at in (0, 3)
    ]
    mended, calls = _repaired(draft, problems, with_answers(repair=repair))
    assert mended is not None
    assert calls == 2, "one for the questions, one to answer them blindly"
    assert "answer-hidden: gives it away" in prompts[0]
    assert len(mended.lesson.questions) >= 5
    assert examine(mended.lesson, mended.texts).problems == ()
    assert mended.lesson.provenance.tokens > 0


def test_two_repairs_have_two_steps() -> None:
    draft = write(good_model.answer, questions=5)
    problems = [
        Problem(rule="answer-hidden", where=Place.of("questions", at), message="gives it away") for at in (0, 1)
    ]
    attempt = KeptAttempt()
    with ScriptedModel(good_model.answer) as server:
        writer = writer_for(server)
        once = writer.repair(draft, problems, request(), made_up_articles.skerry_mills(), attempt)
        assert once is not None
        dropped = [
            *problems,
            *(Problem(rule="answer-hidden", where=Place.of("questions", at), message="x") for at in (2, 3)),
        ]
        twice = writer.repair(once, dropped, request(), made_up_articles.skerry_mills(), attempt)
    assert twice is not None
    assert [step for step in attempt.steps if step.startswith("repair")] == ["repair-1", "repair-2"]


def test_a_problem_of_no_part_is_not_repaired() -> None:
    draft = write(good_model.answer)
    mended, calls = _repaired(draft, [Problem(rule="language-known", where=Place.of("language"), message="no rules")])
    assert mended is None
    assert calls == 0


def test_a_copy_with_other_quotation_marks_is_the_quote() -> None:
    quote = 'The keepers call the bell of the guild "the old lady", and they ring it at high tide.'

    def section(asked: dict[str, Any], good: Any) -> object:
        source = good_model.numbered(asked["messages"][1]["content"])
        number = next(number for number, text in source.items() if text == quote)
        return {**good, "sentences": [*good["sentences"][:-1], {"text": quote.replace('"', "'"), "cites": [number]}]}

    lesson = write(with_answers(section=section), made_up_articles.skerry_mills(quote)).lesson
    assert quote in sentences(lesson)
    assert quote.replace('"', "'") not in sentences(lesson)


def test_of_two_sentences_that_say_nearly_the_same_of_one_quote_the_first_stays() -> None:
    again = "A skerry mill has one wheel that turns in a narrow channel between two rocks."

    def section(asked: dict[str, Any], good: Any) -> object:
        source = good_model.numbered(asked["messages"][1]["content"])
        number = next(number for number, text in source.items() if text.startswith("A skerry mill has a single wheel"))
        copied = {"text": source[number], "cites": [number]}
        return {**good, "sentences": [*good["sentences"][:-2], copied, {"text": again, "cites": [number]}]}

    shown = sentences(write(with_answers(section=section)).lesson)
    assert sum("between two rocks" in text for text in shown) == 1
    assert again not in shown


# ---------------------------------------------------------------- shorter versions


def _copies(asked: dict[str, Any], good: Any) -> object:
    """The section with its sentences as the sources have them, the last section with the last four of the source."""
    source = good_model.numbered(asked["messages"][1]["content"])
    numbers = [each["cites"][0] for each in good["sentences"]]
    if "activity" in good:
        numbers[-4:] = list(source)[-4:]
    return {**good, "sentences": [{"text": source[number], "cites": [number]} for number in numbers]}


def _with_asides() -> Material:
    """An article whose last sentences can be said more shortly."""
    return made_up_articles.skerry_mills(
        "The bell of the guild is kept in the museum of Hallow, and it was cast in 1612 by the smith Tamsin Orde.",
        "The guild crane carries a wooden hook, which lifts the heavy stones (flat discs of two tons).",
        "The old flat boat of the guild is moored near the race, where it was used until the year 1911.",
        "Gulls are a plague of the mills, whereas the dogs of the millers are liked by all the villages.",
    )


def _other_letters(asked: dict[str, Any], good: Any) -> object:
    return dict.fromkeys(good, "z")


def test_of_a_copied_sentence_the_version_is_said_that_the_model_chooses() -> None:
    prompts: list[str] = []

    def shorten(asked: dict[str, Any], good: Any) -> object:
        prompts.append(asked["messages"][1]["content"])
        return good

    draft = write(with_answers(section=_copies, shorten=shorten), _with_asides())
    shown = {each.text: each for section in draft.lesson.sections for block in section.blocks
             if isinstance(block, Prose) for each in block.sentences}  # fmt: skip
    shortened = [text for text, each in shown.items() if each.origin == "written"]
    assert len(prompts) == 1
    assert shortened
    assert all(f": {text}\n" in prompts[0] for text in shortened)
    assert examine(draft.lesson, draft.texts).problems == ()


def test_a_model_that_chooses_whole_sentences_leaves_all_quotes() -> None:
    def shorten(asked: dict[str, Any], good: Any) -> object:
        forms = asked["response_format"]["json_schema"]["schema"]["properties"]
        return {number: form["enum"][-1] for number, form in forms.items()}

    lesson = write(with_answers(section=_copies, shorten=shorten), _with_asides()).lesson
    assert {each.origin for section in lesson.sections for block in section.blocks
            if isinstance(block, Prose) for each in block.sentences} == {"quoted"}  # fmt: skip


def test_a_choice_that_was_not_offered_leaves_the_quote() -> None:
    lesson = write(with_answers(section=_copies, shorten=_other_letters), _with_asides()).lesson
    assert all(each.origin == "quoted" for section in lesson.sections for block in section.blocks
               if isinstance(block, Prose) for each in block.sentences)  # fmt: skip


# ---------------------------------------------------------------- closed lists


def test_the_writers_closed_lists_lie_within_those_of_the_gate() -> None:
    assert [word for word in forms._ASKING if not is_lesson_word(word)] == []
    assert forms._STEPS_OPEN_WITH <= IMPERATIVES
    assert all(verbs <= BLOOM_VERBS[bloom] for bloom, verbs in forms.VERBS.items())
