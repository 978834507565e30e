"""The closed lists: which sentences need no cite, with which words, and which verbs open an objective.

A sentence that states a fact stands on a quote, is computed, or is signed by an author. All others are a question, an
instruction, a transition or an objective, and the lists here say what counts as one (English).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from lessongen.lesson.model import Bloom
from lessongen.text.words import STOPWORDS, stem, tokens

Form = Literal["question", "instruction", "transition"]

BLOOM_VERBS: Mapping[Bloom, frozenset[str]] = {
    "remember": frozenset(
        "name list recall define state identify label recognise recognize match locate select repeat tell cite "
        "find say spell count reproduce memorise memorize".split()
    ),
    "understand": frozenset(
        "explain describe summarise summarize paraphrase interpret illustrate restate discuss express report "
        "translate outline say tell give rephrase clarify classify exemplify infer predict".split()
    ),
    "apply": frozenset(
        "use apply solve calculate compute demonstrate show complete carry conjugate construct convert form "
        "practise practice perform determine place put write draw work sketch measure operate".split()
    ),
    "analyze": frozenset(
        "compare contrast distinguish analyse analyze relate connect differentiate organise organize categorise "
        "categorize classify examine order sort separate deduce trace link break investigate tell".split()
    ),
    "evaluate": frozenset(
        "judge assess evaluate justify argue defend criticise criticize rate rank choose decide recommend "
        "support weigh verify check critique prioritise prioritize".split()
    ),
    "create": frozenset(
        "create design compose write invent plan produce develop construct make build devise formulate "
        "propose imagine combine draft".split()
    ),
}
"""How an objective of each level of Bloom's revised taxonomy (Anderson and Krathwohl, 2001) may open."""

IMPERATIVES = frozenset().union(*BLOOM_VERBS.values()) | frozenset(
    "add agree answer arrange ask begin bring build change collect come continue copy correct cover cross cut "
    "divide explore fill fold go guess hand highlight join keep learn leave let listen look mark mind move open "
    "pair pick point prepare present read remove replace reread return review revise share sit speak stand start stop "
    "swap take talk test think try turn underline walk watch".split()
)
"""First words of an instruction. "Note" and "Remember" are left out: what follows them is mostly a fact."""

_LEAD_IN = re.compile(
    r"^(?:please|in (?:your own words|pairs|groups|one sentence|one or two sentences|a few words)"
    r"|with (?:a|your) partner|(?:then|now|next|first|finally),?)[,:]? +",
    re.IGNORECASE,
)
_JUDGING = re.compile(
    r"^(?:true or false|according to (?:the|this) (?:lesson|text|source))"
    r"(?:,? (?:according to (?:the|this) (?:lesson|text|source)|true or false))?[:,?]?$",
    re.IGNORECASE,
)
_TRANSITION = re.compile(
    r"^(?:now|next|here(?: is| are)?|let us|let's|so far|finally|first|to begin|to close"
    r"|in this (?:section|lesson|part)|this (?:section|lesson|part)(?: is about)?|back to"
    r"|you have (?:read|seen|met))\b",
    re.IGNORECASE,
)
_LONGEST_TRANSITION = 12  # words
_ASKS = re.compile(r"^(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_ASSERTS = re.compile(
    r"\b(?:is|are|was|were|has|have|had|cannot|means|meant|refers|isn't|aren't|wasn't|weren't)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how|that)\b.*$", re.IGNORECASE | re.DOTALL)
_ABBREVIATED = re.compile(r"\b[A-Z][a-z]{0,2}\.\s*$")  # "Martin Luther King Jr."
# A statement with a question mark: "Did you know that …?", "…, isn't it?"
_DISGUISED = re.compile(r"^(?:did|do) you know\b|,\s*(?:\w+n't \w+|right|correct|no|yes)\s*\?$", re.IGNORECASE)
_OBJECTIVE_OPENING = re.compile(
    r"^(?:by the end(?: of (?:the|this) lesson)?,? *)?(?:you|students) (?:will be able to|will|can) +",
    re.IGNORECASE,
)
_QUESTION_END = re.compile(r"\?[\"”’')]*$")  # noqa: RUF001
_NUMBER = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)"
_COUNT = re.compile(
    rf"\b{_NUMBER}(?: (?:or|to) {_NUMBER})? (?:(?:other|new|different|own|short|more|corrected|of|the|your|these) )*"
    r"(?:minutes?|sentences?|words?|examples?|questions?|terms?|things?|facts?|ideas?|lines?|points?|steps?|times"
    r"|partners?|people|groups?|pairs|cards?|pictures?|pages?|answers?)\b|\b(?:groups|pairs|teams) of "
    rf"{_NUMBER}\b",
    re.IGNORECASE,
)

FUNCTION_WORDS = STOPWORDS["en"] | frozenset(
    "i you he she we they me him us them mine yours ours theirs myself yourself himself herself itself ourselves "
    "yourselves themselves one ones each every either neither both all any some no none not many much more most few "
    "fewer less least several other others another same such own than then so too very just only also even again "
    "there here now yet still already once whose whom where because if unless until while although though since "
    "after before above below over under between among through during against within without along across around "
    "behind beside beyond near off out up down upon toward towards per am being have has had having doing done can "
    "could may might must shall should will would cannot let s t re ve ll d".split()
)
LESSON_WORDS = frozenset(
    "able about above according activity add agree always analyse analyze answer appear apply argue arrange ask "
    "aspect assess back basic basics begin beginning belief believe belong below best better box briefly bring "
    "build card carefully category cause change chapter check choice choose circle claim class classify classmate "
    "clear clearly close closer collect column come common compare complete compose concept conclude connect "
    "connection context continue contrast copy correct cover create decide define definition describe description "
    "design detail develop diagram differ difference different discuss distinguish draw earlier earliest early "
    "end essential evaluate evidence exact example exercise expect explain explanation explore fact false far "
    "feature fill find finish first fit follow following form fulfil fundamental gap general get give glossary go "
    "good group guess guide hand hear help idea identify illustrate important instruction introduction item judge "
    "justify keep kind know knowledge label large largest last late latest learn left lesson letter level likely "
    "line link list listen long longest look main make mark match mean meaning mention middle mind minute missing "
    "name near need new next note number objective often open option order other outline overview page pair "
    "paragraph paraphrase part partner passage people person phrase picture piece place plan point possible "
    "practice practise prepare present problem produce product put question quickly quiz quote read reader "
    "reading real reason recall recap recognise recognize relate relationship remember repeat rest result return "
    "review revise right role rule say section see sentence sequence set share short shortest show similar small "
    "smallest solve someone something sometimes sort source speak stand start state statement step student study "
    "subject sum summarise summarize summary support table take talk task teacher tell term test text thing think "
    "thought time title today together topic true try turn type underline understand unit use usually view want "
    "warm way well wonder word work write wrong year yourself".split()
)
"""What an uncited sentence may say besides the words of the lesson's material."""


def form_of(sentence: str) -> Form | None:
    """Which of the forms that need no cite a sentence has; None if it states something."""
    text = sentence.strip()
    bare = _LEAD_IN.sub("", text)
    if _is_question(text) or _JUDGING.search(text):
        return "question"
    if _is_instruction(bare):
        return "instruction"
    return "transition" if _is_transition(text) else None


def _is_question(text: str) -> bool:
    if _DISGUISED.search(text):
        return False
    return bool(_QUESTION_END.search(text)) or bool(_ASKS.match(text) and text.endswith(":"))


def _is_instruction(text: str) -> bool:
    first, *rest = tokens(text) or [""]
    # "Stress is a force" opens with a noun, and "Explain that ice is heavy" tells what it seems to ask.
    tells = bool(rest) and (rest[0] == "that" or _ASSERTS.fullmatch(rest[0]) is not None)
    return first in IMPERATIVES and not tells


def _is_transition(text: str) -> bool:
    opener = _TRANSITION.match(text)
    if opener is None or len(text.split()) > _LONGEST_TRANSITION:
        return False
    return not _ASSERTS.search(_CLAUSE.sub("", text[opener.end() :]))


def is_heading(text: str, known_names: tuple[str, ...]) -> bool:
    """Whether a title or an entry of a list names or asks something and states nothing.

    `known_names` (topics, titles, terms) may hold a verb: "What Is Life?", "Life Is Beautiful: an introduction".
    """
    if len(text.splitlines()) != 1:
        return False
    if form_of(text) in ("question", "instruction") or _ASKS.match(text):
        return not _DISGUISED.search(text) and not text.rstrip().endswith("!")
    rest = text
    for name in sorted(known_names, key=len, reverse=True):
        rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE) if name.strip() else rest
    ends_as_sentence = rest.rstrip().endswith((".", "!")) and not _ABBREVIATED.search(rest)
    return not ends_as_sentence and not _ASSERTS.search(rest)


def objective_verb(text: str) -> str:
    """The verb that an objective opens with, folded, after "You will be able to" and the like."""
    return (tokens(_OBJECTIVE_OPENING.sub("", text.strip())) or [""])[0]


def without_counts(text: str) -> str:
    """The text without how many things a student is to do or how long: "three sentences", "groups of four"."""
    return _COUNT.sub(" ", text)


def without_objective_opening(text: str) -> str:
    """The text of an objective from its verb on."""
    return _OBJECTIVE_OPENING.sub("", text.strip())


def is_lesson_word(token: str) -> bool:
    """Whether a folded word is a function word or one that lessons speak of themselves in, in any of its forms."""
    return token in FUNCTION_WORDS or stem(token) in _lesson_stems()


@cache
def _lesson_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in LESSON_WORDS | IMPERATIVES)
