"""A scripted model that answers well whatever the numbered sentences are: what a capable model would do, by rule.

`answer` is for `ScriptedModel`. It reads nothing but the request: its sentences are modest rewrites of the numbered
ones with right cites, its questions have right keys, its blind answers come from the quotes, its verdicts compare
words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.judging import LABELS, Decide, Shown, able, said, shown_in

_NUMBERED = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_OPENS_LATER = re.compile(r"^((?:In|At|By|During|Since|From) [^,]{3,40}), ((?:the|a|an|most|many|some) .+)\.$")
_SUBJECT = re.compile(
    r"^(?P<subject>(?:An?|The)?\s?[\w' -]{3,45}?) (?P<verb>is|are|was|were|has|have|had|can) (?P<rest>.+)\.$"
)
_POINTS_BACK = re.compile(
    r"^(?:It|Its|This|These|That|Those|They|Their|He|She|His|Her|Such|However|For example|The (?:word|term))\b"
)


def answer(request: Mapping[str, Any]) -> object:
    """What the model says to a chat request."""
    prompt = str(request["messages"][-1]["content"])
    form = request["response_format"]["json_schema"]
    steps: Mapping[str, Callable[[str, Mapping[str, Any]], object]] = {
        "outline": _outline,
        "section": _section,
        "questions": _questions,
        "answers": _answers,
        "shorten": _shorten,
        "verify": _verify,
        "rewrite": _rewrite,
        "repair": _repair,
        "judge": lambda _prompt, _schema: judged(request),
    }
    return steps[form["name"]](prompt, form["schema"])


def judged(request: Mapping[str, Any], decide: Decide | None = None) -> object:
    """The verdicts of an able judge: right on the exam; elsewhere what brings in few words stands."""
    return {"answers": [said(item, (decide or judge)(item)) for item in shown_in(dict(request))]}


def judge(item: Shown) -> str:
    """The able judge's verdict on one item; of a question with its answer, on the answer."""
    if item.sentence in LABELS:
        return able(item)
    stated = item.sentence.rpartition(" – ")[2]  # noqa: RUF001
    new = set(_words(stated)) - set(_words(" ".join(item.quotes))) - {"like", "to", "called", "is"}
    return "not said" if len(new) > 2 else "supported"


def step_of(request: Mapping[str, Any]) -> str:
    """Which step of the writer a request is for."""
    return str(request["response_format"]["json_schema"]["name"])


def numbered(prompt: str) -> dict[int, str]:
    """The source sentences of a prompt by number."""
    return {int(number): text for number, text in _NUMBERED.findall(prompt.partition("SOURCES>>>")[0])}


# ---------------------------------------------------------------- outline and sections


def _outline(prompt: str, schema: Mapping[str, Any]) -> object:
    sentences = numbered(prompt)
    count = schema["properties"]["sections"]["maxItems"]
    numbers = sorted(sentences)[: count * 8]
    size = -(-len(numbers) // count)
    parts = [numbers[at : at + size] for at in range(0, len(numbers), size)]
    sections = []
    for part in parts:
        subject = next((found for number in part if (found := _subject(sentences[number]))), "the topic")
        sections.append(
            {
                "title": f"About {subject}",
                "sentences": part,
                "objective": f"Describe {subject}",
                "level": "understand",
            }
        )
    terms = [
        {"term": re.sub(r"^(?:An?|The) ", "", found), "sentence": number}
        for number, text in sentences.items()
        if (found := _subject(text)) and not _POINTS_BACK.match(text)
    ]
    return {"sections": sections, "terms": terms[: schema["properties"]["terms"]["maxItems"]]}


def _section(prompt: str, schema: Mapping[str, Any]) -> object:
    sentences = numbered(prompt)
    most = schema["properties"]["sentences"]["maxItems"]
    written = []
    for number in _listed(prompt, r"source sentences ([\d, ]+)[.:]"):
        if not _POINTS_BACK.match(sentences[number]):
            written += [{"text": text, "cites": [number]} for text in rewrites(sentences[number])]
    said: dict[str, object] = {"sentences": written[:most]}
    if "activity" in schema["properties"]:
        said["activity"] = ["Read the sentences above.", "Choose one sentence and explain it to a partner."]
    return said


def rewrites(sentence: str) -> list[str]:
    """The sentence reordered, or without a clause, or with another function word; itself where none of it applies."""
    text = re.sub(r" \([^()]*\)", "", sentence)
    later = _OPENS_LATER.match(text)
    if later:
        opening = later[1][0].lower() + later[1][1:]
        return [f"{later[2][0].upper()}{later[2][1:]} {opening}."]
    text = re.sub(r", which [^,]+\.$", ".", text)
    text = re.sub(r"\bsuch as\b", "like", text)
    text = re.sub(r"\bin order to\b", "to", text)
    text = re.sub(r"\b(?:is|are) (?:also )?known as\b", "is called", text) if " are " not in text else text
    return [re.sub(r" also ", " ", text, count=1)]


# ---------------------------------------------------------------- questions and answers


def _questions(prompt: str, schema: Mapping[str, Any]) -> object:
    sentences = numbered(prompt)
    lines = dict(re.findall(r"^(\d+)\. .*? sentence (\d+)", prompt.partition("<<<FORM")[2], re.MULTILINE))
    return {at: _filled(sentences[int(lines[at])], form["properties"]) for at, form in schema["properties"].items()}


def _filled(text: str, blank: Mapping[str, Any]) -> dict[str, object]:
    """What stands for the fields of a blank."""
    said: dict[str, object] = {}
    found = _SUBJECT.match(text)
    if "answer" in blank:
        offered = blank["answer"]["enum"]
        said["answer"] = offered[-1]
        said["question"] = "Which words complete the sentence?"
        for answer in offered:
            if found and found["subject"].lower().endswith(answer.lower()):
                said |= {"answer": answer, "question": f"What {found['verb']} {found['rest']}?"}
            elif found and found["rest"].endswith(answer) and " " not in found["rest"].removesuffix(answer).strip():
                said |= {"answer": answer, "question": f"What {found['verb']} {_lower(found['subject'])}?"}
    if "wrong" in blank:
        said["wrong"] = blank["wrong"]["items"]["enum"][:3]
    if "statement" in blank:
        said["statement"] = rewrites(text)[0]
    if "exchange" in blank:
        said |= {"exchange": blank["exchange"]["enum"][0], "by": blank["by"]["enum"][0]}
    return {name: value for name, value in said.items() if name in blank}


def _answers(prompt: str, schema: Mapping[str, Any]) -> object:
    said: dict[str, str] = {}
    for number, form in schema["properties"].items():
        item = re.search(rf"^{number}\. Quote: (?P<quote>.+)\n   Question: (?P<question>.+)", prompt, re.MULTILINE)
        assert item is not None, f"no question {number} in the prompt"
        said[number] = _answer(item["quote"], item["question"], form.get("enum", ()))
    return said


def _answer(quote: str, question: str, offered: Sequence[str]) -> str:
    if "true" in offered:
        statement = question.partition("“")[2].rpartition("”")[0]
        return "true" if set(_words(statement)) <= {*_words(quote), "like", "to", "called"} else "false"
    if "_____" in question:
        before, _, after = question.partition("“")[2].rpartition("”")[0].partition("_____")
        filled = quote[len(before) : len(quote) - len(after)]
        return filled if filled in offered else quote
    asked = set(_words(question))
    stand = [each for each in offered if _lower(each) in _lower(quote)]
    return min(stand, key=lambda each: len(asked & set(_words(each))), default=quote)


def _shorten(prompt: str, schema: Mapping[str, Any]) -> object:
    """The shortest version of each sentence."""
    return {number: form["enum"][0] for number, form in schema["properties"].items()}


def _verify(prompt: str, schema: Mapping[str, Any]) -> object:
    verdicts: dict[str, str] = {}
    for number in schema["properties"]:
        item = re.search(rf"^{number}\. Sentence: (.+)\n((?:   Quote: .+\n)+)", prompt, re.MULTILINE)
        assert item is not None, f"no sentence {number} in the prompt"
        new = set(_words(item[1])) - set(_words(item[2])) - {"like", "to", "called", "is"}
        verdicts[number] = "unclear" if len(new) > 2 else "supported"
    return verdicts


def _rewrite(prompt: str, schema: Mapping[str, Any]) -> object:
    sentences = numbered(prompt)
    anew: dict[str, object] = {}
    for number in schema["properties"]:
        cited = re.search(rf"^{number}\. .* — cites ([\d, ]+);", prompt, re.MULTILINE)
        assert cited is not None, f"no refused sentence {number} in the prompt"
        cite = int(cited[1].split(",")[0])
        anew[number] = {"text": sentences[cite], "cites": [cite]}
    return anew


def _repair(prompt: str, schema: Mapping[str, Any]) -> object:
    sentences = numbered(prompt)
    numbers = _listed(prompt, r"source sentences ([\d, ]+)[.:]")
    alone = [number for number in numbers if not _POINTS_BACK.match(sentences[number])]
    return {
        "sentences": [{"text": rewrites(sentences[number])[0], "cites": [number]} for number in alone][
            : schema["properties"]["sentences"]["maxItems"]
        ],
        "questions": _questions(prompt, schema["properties"]["questions"]),
    }


# ---------------------------------------------------------------- words


def _listed(prompt: str, pattern: str) -> list[int]:
    instruction = prompt.partition("SOURCES>>>")[2]
    found = re.search(pattern, instruction)
    assert found is not None, instruction
    return [int(number) for number in found[1].split(",")]


def _subject(sentence: str) -> str | None:
    found = _SUBJECT.match(sentence)
    if found is None or _POINTS_BACK.match(sentence):
        return None
    return str(found["subject"])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _words(text: str) -> Sequence[str]:
    return [word.lower() for word in re.findall(r"\w+", text)]
