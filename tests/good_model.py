"""A scripted model that answers well whatever the numbered sentences are: what a capable model would do, by rule.

`answer` is for `ScriptedModel`. It reads nothing but the request: its sentences are modest rewrites of the numbered
ones with right cites, its questions have right keys, its blind answers come from the quotes, its verdicts compare
words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lessongen.writers.openai.schemas import FLAWS
from tests.judging import LABELS, Decide, Shown, able, said, shown_in

_NUMBERED = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_OPENS_LATER = re.compile(r"^((?:In|At|By|During|Since|From) [^,]{3,40}), ((?:the|a|an|most|many|some) .+)\.$")
_SUBJECT = re.compile(
    r"^(?P<subject>(?:An?|The)?\s?[\w' -]{3,45}?) (?P<verb>is|are|was|were|has|have|had|can) (?P<rest>.+)\.$"
)
_WHAT, _OF_ONE = "What ", ("is", "was", "has", "can", "had")
_FEWEST_TO_EXPLAIN = 5  # sentences, with the one that the hook has told
_PLACES = ("opening", "middle", "closing")
_OWN_WORDS = {"like", "to", "called", "is", "it", "true", "that"}
FINE = {"defensible": [], "wrong": [], "answerable": True, "mistaken": "", "settles": "", **dict.fromkeys(FLAWS, "")}
"""What a blind reviewer says of a question besides its answer, where nothing is wrong with it."""
_POINTS_BACK = re.compile(
    r"^(?:It|Its|This|These|That|Those|They|Their|He|She|His|Her|Such|However|For example|The (?:word|term))\b"
)


def answer(request: Mapping[str, Any]) -> object:
    """What the model says to a chat request."""
    prompt = str(request["messages"][-1]["content"])
    steps: Mapping[str, Callable[[str], object]] = {
        "plan": _plan,
        "cycles": _cycles,
        "quizzes": _quizzes,
        "answers": _answers,
        "repair": lambda prompt: asked_for(request, _repair(prompt)),
        "questions": _questions,
        "section": _section,
        "judge": lambda _prompt: judged(request),
    }
    return steps[step_of(request)](prompt)


def judged(request: Mapping[str, Any], decide: Decide | None = None) -> object:
    """The verdicts of an able judge: right on the exam; elsewhere what brings in few words stands."""
    return {"answers": [said(item, (decide or judge)(item)) for item in shown_in(dict(request))]}


def judge(item: Shown) -> str:
    """The able judge's verdict on one item; of a question with its answer, on the answer."""
    if item.sentence in LABELS:
        return able(item)
    stated = item.sentence.rpartition(" – ")[2].rpartition(" Model answer: ")[2].partition(" Help: ")[0]  # noqa: RUF001
    if not item.quotes:  # a task with criteria alone: it states nothing
        return "supported"
    new = set(_words(stated)) - set(_words(" ".join(item.quotes))) - _OWN_WORDS
    return "not said" if len(new) > 2 else "supported"


def asked_for(request: Mapping[str, Any], said: Mapping[str, object]) -> object:
    """What is said in the lists that the schema asks for: a repair's are those of the sorts that it mends."""
    names = request["response_format"]["json_schema"]["schema"]["properties"]
    return {name: said.get(name, []) for name in names}


def step_of(request: Mapping[str, Any]) -> str:
    """Which step of the writer a request is for."""
    return str(request["response_format"]["json_schema"]["name"])


def numbered(prompt: str) -> dict[int, str]:
    """The source sentences of a prompt by number."""
    return {int(number): text for number, text in _NUMBERED.findall(prompt.partition("SOURCES>>>")[0])}


# ---------------------------------------------------------------- what is taught


def _plan(prompt: str) -> object:
    sentences = numbered(prompt)
    found = re.search(r"^- cycles: (\w+),", prompt, re.MULTILINE)
    assert found is not None, "no number of cycles in the prompt"
    count = {"one": 1, "two": 2, "three": 3}[found[1]]
    alone = [number for number, text in sentences.items() if not _POINTS_BACK.match(text)]
    size = max(2, -(-len(sentences) // count))
    parts = [list(sentences)[at : at + size] for at in range(0, len(sentences), size)][:count]
    defining = [number for number in alone if _subject(sentences[number])] or alone
    return {
        "title": "How it works",
        "outcome": "I can explain how it works.",
        "summary": _said(sentences, alone[0]),
        "prior": ["What a source is"],
        "hook": [_said(sentences, alone[-1])],
        "starter": [
            {
                "ask": f"What would you look at first {where}, and why?",
                "listen": ["A reason.", "Ask what it shows."],
                "settled_by": alone[:8],
            }
            for where in ("at home", "at school")
        ],
        "notes": [{"text": "Go on when all have spoken.", "role": "framing", "cites": []}],
        "key_points": [_said(sentences, number) for number in alone[1:4]],
        "terms": [
            {"term": _term(sentences[number]), "definition": _said(sentences, number)}
            for number in [*defining, *alone, *alone][:4]
        ],
        "misconceptions": [
            {
                "belief": f"Nobody has ever seen {_lower(_subject(sentences[alone[0]]) or 'it')}.",
                "tempts": "It is seldom spoken of",
                "correction": _said(sentences, alone[0]),
            }
        ],
        "cycles": [
            {
                "title": f"The {_PLACES[number - 1]} part",
                "minutes": 10,
                "objective": f"Explain what the {_PLACES[number - 1]} part says.",
                "sentences": part,
                "concrete": "a table",
            }
            for number, part in enumerate(parts, 1)
        ],
        "materials": ["Paper"],
        "safety": [],
    }


def each_cycle(change: Callable[[Any], object], good: Any) -> Any:
    """The answer with all cycles, each of them changed."""
    return {"cycles": [change(each) for each in good["cycles"]]}


def _cycles(prompt: str) -> object:
    numbers = dict.fromkeys(re.findall(r"^cycle (\d+), ", prompt, re.MULTILINE))
    return {"cycles": [_cycle(prompt, number) for number in numbers]}


def _cycle(prompt: str, number: str) -> object:
    sentences = numbered(prompt)
    checks = {"one": 1, "two": 2, "three": 3}[_found(prompt, rf"^cycle {number}, .*; checks: (\w+) questions?;")]
    taught = _listed(prompt, rf"^cycle {number}, .*Source sentences: ([\d, ]+)\.")
    alone = [each for each in sentences if not _POINTS_BACK.match(sentences[each])]
    own = [each for each in taught if each in alone]
    said = [_said(sentences, each) for each in own if each != alone[-1] or len(own) < _FEWEST_TO_EXPLAIN]
    return {
        "explain": [*said, {"text": "What does that tell you?", "role": "framing", "cites": []}],
        "analogy": [],
        "example": [],
        "show": {"kind": "none", "title": "", "headings": [], "rows": []},
        "activity": [],
        "notes": [{"text": "Ask for reasons.", "role": "framing", "cites": []}],
        "checks": [_asked(sentences, each, "short") for each in taught[len(taught) // 2 :][:checks]],
        "practice": _practice(sentences, taught[-1]),
    }


def _practice(sentences: Mapping[int, str], number: int) -> object:
    return {
        "intro": {"text": "Work in pairs.", "role": "framing", "cites": []},
        "parts": [
            {
                "prompt": "Write down what you found out.",
                "answer": rewrites(sentences[number])[0],
                "criteria": [],
                "cites": [number],
                "supposes": False,
            }
        ],
        "support": "Look at the table again.",
        "stretch": "Find a case of your own.",
        "stretch_answer": "",
        "notes": [{"text": "Look at the reasons.", "role": "framing", "cites": []}],
    }


def _said(sentences: Mapping[int, str], number: int) -> dict[str, object]:
    return {"text": rewrites(sentences[number])[0], "role": "fact", "cites": [number]}


def _term(text: str) -> str:
    """What a sentence is about; where that can't be told, its first words."""
    return re.sub(r"^(?:An?|The) ", "", _subject(text) or " ".join(text.split()[:4]))


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


def _quizzes(prompt: str) -> object:
    sentences = numbered(prompt)
    count = int(_found(prompt, r"^- exit: (\d+) questions"))
    return {
        "exit": _distinct(sentences, count),
        "homework": {"prompt": "Tell somebody at home about it.", "criteria": ["A clear reason"]},
    }


def _questions(prompt: str) -> object:
    return {"questions": _distinct(numbered(prompt), int(_found(prompt, r"^Write (\d+) other questions")))}


def _distinct(sentences: Mapping[int, str], count: int) -> list[object]:
    """Questions on as many sentences, the last ones first, in kinds that take turns."""
    alone = [number for number, text in sentences.items() if not _POINTS_BACK.match(text)]
    kinds = ("choice", "true_false", "short", "open", "cloze")
    fit = [number for number in reversed(alone) if _others(sentences, rewrites(sentences[number])[0])][:1]
    chosen = [*fit, *(number for number in reversed(alone) if number not in fit)][:count]
    return [_asked(sentences, number, kinds[at % len(kinds)]) for at, number in enumerate(chosen)]


def _asked(sentences: Mapping[int, str], number: int, kind: str) -> dict[str, object]:
    text = rewrites(sentences[number])[0]
    last = re.sub(r"\W+$", "", text).split()[-1]
    options: list[object] = []
    stem, answer = f"What does the lesson say about {_lower(_term(text))}?", text
    others = _others(sentences, text) if kind == "choice" else []
    if others:
        parts = _SUBJECT.match(text)
        assert parts is not None
        stem, answer = f"{_WHAT}{parts['verb']} {parts['rest']}?", parts["subject"]
        options = [{"text": each, "why": "" if each == answer else f"No, for {_lower(text)}"} for each in others]
    elif kind == "true_false":
        stem, answer = f"People have found that {_lower(text)}", "true"
    elif kind == "cloze" and text.count(last) == 1:
        stem, answer = f"People have found that {_lower(text).replace(last, '_____', 1)}", last
    elif kind in ("choice", "cloze"):
        kind = "open"
    return {
        "kind": kind,
        "stem": stem,
        "options": options,
        "answer": answer,
        "items": [],
        "pairs": [],
        "term": _term(text),
        "explanation": text,
        "cites": [number],
        "supposes": False,
        "level": "understand",
    }


def _others(sentences: Mapping[int, str], text: str) -> list[str]:
    """The subject of the text, and two of other sentences that go with its verb; none where there are too few."""
    parts = _SUBJECT.match(text)
    if parts is None or _POINTS_BACK.match(text):
        return []
    chosen = [str(parts["subject"])]
    is_one = parts["verb"] in _OF_ONE
    for each in sentences.values():
        other = _SUBJECT.match(rewrites(each)[0])
        if other is None or _POINTS_BACK.match(each) or (other["verb"] in _OF_ONE) != is_one:
            continue
        known = {word for subject in chosen for word in _words(subject)} | set(_words(parts["rest"]))
        if known.isdisjoint(set(_words(other["subject"])) - {"a", "an", "the"}):
            chosen.append(str(other["subject"]))
    return chosen[:3] if len(chosen) >= 3 else []


def _answers(prompt: str) -> object:
    """The keys of the questions, read off the lesson; nothing is flawed."""
    lesson, _, asked = prompt.partition("<<<QUESTIONS")
    found: list[dict[str, object]] = []
    for item in re.split(r"^(?=\d+\. )", asked, flags=re.MULTILINE)[1:]:
        lines = item.splitlines()
        number, _, stem = lines[0].partition(". ")
        options = [line.strip().removeprefix("- ") for line in lines[1:] if line.strip().startswith("- ")]
        told = stem.removeprefix(_WHAT).rstrip("?")
        said = next((each for each in options if f"{each} {told}".casefold() in lesson.casefold()), "")
        if "true or false" in options:
            said = "true"
        found.append({"question": int(number), "answer": said, **FINE})
        if stem.startswith("(asked before the lesson)"):
            found[-1] |= {"settles": lesson.partition("<<<LESSON")[2].splitlines()[2]}
    return {"answers": found, "tasks": [], "lesson": []}


def _repair(prompt: str) -> Mapping[str, object]:
    """Each sentence as its source has it; what is no sentence goes."""
    sentences = numbered(prompt)
    said: dict[str, list[object]] = {"sentences": [], "rows": [], "tasks": [], "questions": [], "texts": []}
    for number, content in re.findall(r"^part (\d+), [^\n]*?: (\{.*\})$", prompt, re.MULTILINE):
        was = json.loads(content)
        if "role" in was and was["cites"]:
            cite = was["cites"][0]
            said["sentences"].append(
                {"part": int(number), "drop": False, "text": sentences[cite], "role": was["role"], "cites": [cite]}
            )
        elif "role" in was:
            said["sentences"].append({"part": int(number), "drop": True, **was})
    return said


def _section(prompt: str) -> object:
    """What the section tells, from its end to its beginning and in other words."""
    sentences = numbered(prompt)
    title = _found(prompt, r"Write the section “([^”]+)”")
    lesson = prompt.partition("<<<LESSON")[2].partition("LESSON>>>")[0]
    told = lesson.partition(f"\n{title}:\n")[2].partition("\n")[0]
    own = [number for number, text in sentences.items() if rewrites(text)[0] in told]
    alone = own or [number for number, text in sentences.items() if not _POINTS_BACK.match(text)][:_FEWEST_TO_EXPLAIN]
    said = [
        {**_said(sentences, number), "text": f"We know that {_lower(rewrites(sentences[number])[0])}"}
        for number in alone
    ]
    return {
        "explain": said[::-1],
        "analogy": [],
        "example": [],
        "show": {"kind": "none", "title": "", "headings": [], "rows": []},
        "activity": [],
        "notes": [],
        "checks": [],
        "practice": _practice(sentences, alone[0]),
    }


# ---------------------------------------------------------------- words


def _listed(prompt: str, pattern: str) -> list[int]:
    return [int(number) for number in _found(prompt, pattern).split(",")]


def _found(prompt: str, pattern: str) -> str:
    found = re.search(pattern, prompt.partition("SOURCES>>>")[2], re.MULTILINE)
    assert found is not None, prompt
    return str(found[1])


def _subject(sentence: str) -> str | None:
    found = _SUBJECT.match(sentence)
    if found is None or _POINTS_BACK.match(sentence):
        return None
    return str(found["subject"])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _words(text: str) -> Sequence[str]:
    return [word.lower() for word in re.findall(r"\w+", text)]
