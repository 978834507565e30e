"""The nouns that a text is about: those that it uses as nouns more than once and that say something by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from lessongen.text.nouns import singular
from lessongen.text.words import stem

A_NOUN = re.compile(
    r"\b(?:the|an?|its|their|his|her|of|into|from|by|with|for|in|through|between|against|on|and) (?:[a-z]+ )?"
    r"(?P<noun>[a-z]{4,})(?=[.,;:)]| (?:of|in|on|at|to|for|from|by|with|as|that|which|who|and|or|is|are|was|were|has"
    r"|have|can|may|into|through|between|during|after|before)\b)"
)
_SAYS_LITTLE = frozenset(
    stem(word)
    for word in (
        "later way area case end part side name form kind sort type use work time place result fact lack rest whole "
        "majority rate level idea thing person people member group term word list past present future "
        "beginning middle country public subject same other most many region order basis addition process "
        "state change development system year day month week decade century number amount example variety "
        "range series set pair piece point line role effect cause reason purpose which that these those them "
        "their being turn total event position one two three first second period start late early general "
        "particular common several different various world back front top bottom half quarter course respect "
        "terms view need want means sense regard favor favour spite light account behalf exception instance "
        "manner extent degree purposes itself himself themselves another each both more less some none much "
        "such very well long high large small great little good best least last next new old full free only "
        "also then than where when while there here what they this with from into over under about above "
        "below after before between against among around without within along across behind beyond during "
        "until since because though although have been were will would could should might must does made used "
        "known called found given taken seen held left right down away home life today modern human size"
    ).split()
)
_NO_NOUN = re.compile(
    r"(?:ly|ed|ing|ive|ous|able|ible|ful|less|ical|ic|ary|ern|ese|ish|est|ient|ant|ual|ial|ional|eral|ular|ar|en)$"
)
_OFTEN = 2


def nouns_of(text: str) -> Mapping[str, int]:
    """The nouns, as the text writes them, with how often it has them; in order of first use."""
    as_noun = Counter(found["noun"] for found in A_NOUN.finditer(text))
    words = Counter(re.findall(r"[a-z]+", text.lower()))
    return {
        noun: words[noun]
        for noun, count in as_noun.items()
        if count >= _OFTEN and not _NO_NOUN.search(noun) and not {stem(noun), stem(singular(noun))} & _SAYS_LITTLE
    }
