"""Sentences end behind some abbreviations and go on behind others, by what follows."""

from __future__ import annotations

import pytest

from bench.sentence_ends import PASSED_OVER_AT_MOST, read_places
from lessongen.text.passages import is_cut_at_abbreviation, is_whole_in
from lessongen.text.sentences import split_sentences


@pytest.mark.parametrize(
    "text",
    [
        "The race was held on Apr. 5 of that year.",
        "It lasted from Sept. 1902 to Dec. 1903.",
        "Wexmere was led by Maj. Odile Marrow.",
        "The pier was paid for by Gov. Tamsin Kesh.",
        "It was seen by Lt. Col. Marrow and by Sgt. Kesh.",
        "They wrote to Sen. Kesh, to Rep. Marrow and to Adm. Doll.",
        "The keel is shown in Fig. 3 and in Figs. 4 and 5.",
        "The rule is in Sec. 12 of Ch. IV.",
        "It is told in vol. 2, pp. 14 to 17.",
        "The Dept. of Lakes keeps the jetty.",
        "It was built by Marrow Bros. Boatyard on Elm Ave. North.",
        "The boat lies at Ft. Kesh, below Mt. Marrow, near St. Odile.",
        "He came on Tues. 5 May and left on Oct. 12.",
        "It is 5 ft. 3 in. long.",
        "The race is rowed at 5 p.m. Monday.",
        "The case is known as Marrow v. Kesh.",
        "Some boats, viz. Punts and rafts, have no lamp.",
        "The DR. KESH was the oldest boat.",
        "The Calif. Boat Museum has a lantern boat.",
        "Messrs. Kesh and Mme. Marrow rowed it.",
        "It was named by Rt. Rev. Kesh and by Msgr. Marrow.",
        "It was rowed by J. K. Marrow.",
        "Odile Marrow Jr. Day is a feast.",
        "He met Dr. No on the lake.",
        "Boats were seen by Zhang et al. 2015 and by Kesh et al. (2016).",
        "The reeds are of Juncus sect. Palustres and of Juncus subg. Agathryon.",
        "The town (pop. 12,000) has a jetty of diam. 3 m and of ht. 5 m.",
        "A ticket costs Rs. 50, or kr. 20.",
        "The proof is of Thm. 4, Lem. 2 and Ex. 7, as in edn. 2, suppl. 3.",
        "It was told by Const. Kesh, by Pte. Marrow and by Cdre. Doll.",
        "Sqn. Ldr. Kesh and Radm. Marrow rowed it for Wm. Doll.",
        "He gave it to prof. Kesh and to the hon. Marrow.",
        "Odile Kesh, M.Phil. Wexmere, built it.",
        "The Nat'l Gov't Dep't. Archive and the Encycl. Wexmerica have it.",
        "Their song is in Ezek. 4 and in Zech. 12.",
        "They met on Weds. 5 May at the lake.",
        "The lamp burns 5 ml. 3 times a night.",
        "It was chartered in A.D. 988 by Kesh.",
        "She rowed until 5:20 p.m. (Wexmere time), on that day.",
        "The clinic follows Resolution GA. Resolution 2200.",
    ],
)
def test_a_sentence_goes_on_behind_an_abbreviation(text: str) -> None:
    assert [each.text for each in split_sentences(text)] == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("He lived in Washington, D.C.", "The boat was his."),
        ("They carry lamps, ropes, etc.", "Rowers keep them dry."),
        ("It was sold to Lantern Inc.", "It never sailed again."),
        ("The race begins at 5 a.m.", "Rowers sleep before it."),
        ("It was built in the U.S.", "The keel is of cedar."),
        ("The lake froze in Dec.", "The rowers walked."),
        ("He was promoted to Lt. Col.", "In 1902 he left."),
        ("She lives on Elm St.", "The house is old."),
        ("The Earth moves round the Sun.", "Planets do so too."),
        ("Rowing is an art.", "Rowers learn it young."),
        ("The answer is always No.", "It is a raft."),
        ("They ate a fig.", "Figs are sweet."),
        ("That is the lake they live in.", "Fish are many."),
        ("It was built after World War I.", "The keel is of cedar."),
        ("Citrus holds vitamin C.", "It keeps rowers well."),
        ("Tar melts at 301.5 K.", "Resin smells of smoke."),
        ("The lake is seldom warmer than 30 C.", "Maximum depth is 9 m."),
        ("The mains give 240 V.", "Lamps need less."),
        ("Reeds are a source of vitamin A.", "Heirloom reeds are red."),
        ("Each cup holds penicillin V.", "Penicillins heal."),
        ("These boats belong to group IA.", "Later they were renamed."),
        ("The tune is in the key of D.", "Singers lower it."),
        ("It is the longest jetty of the U.S.", "Estimated to weigh 5 tons, it is old."),
        ("It was built after World War I.", "Spearheaded by Kesh, the work took a year."),
        ("He served under King James I.", "Marrow kept the lamps."),
        ("It was built after World War I.", "Marrow kept the lamps."),
        ("They drink pop.", "Some drink tea."),
        ("A boat is lent by the hour in the Ganapatya sect.", "His lamp is red."),
        ("He wrote it on the back of a red card.", "Kesh read it."),
    ],
)
def test_a_sentence_ends_with_an_abbreviation_or_with_a_word_that_looks_like_one(first: str, second: str) -> None:
    assert [each.text for each in split_sentences(f"{first} {second}")] == [first, second]


@pytest.mark.parametrize("first", ["He lived in Washington, D.C.", "It was sold to Lantern Inc.", "He came in Apr."])
def test_a_quote_that_may_end_with_its_abbreviation_is_not_refused(first: str) -> None:
    text = f"{first} Marrow built the boat."
    assert is_whole_in(first, text)
    assert not is_cut_at_abbreviation(first, text)


def test_a_line_that_ends_with_an_abbreviation_ends_a_sentence() -> None:
    assert len(split_sentences("The pier was paid for by the Gov.\nTamsin Kesh was rich.")) == 2
    assert not is_cut_at_abbreviation("The pier was paid for by the Gov.", "The pier was paid for by the Gov.\nTamsin")


def test_no_sentence_of_the_encyclopedia_and_of_full_articles_is_cut_at_an_abbreviation() -> None:
    # Each place with its surroundings alone; bench/sentence_ends.py looks at the whole texts.
    cut, passed_over, ends = [], [], 0
    for (before, after), is_end in read_places().items():
        is_split = any(each.text.startswith(after[:12]) for each in split_sentences(f"{before} {after}")[1:])
        ends += is_end
        if is_split and not is_end:
            cut.append((before, after))
        elif is_end and not is_split:
            passed_over.append((before, after))
    assert cut == []
    assert len(passed_over) <= PASSED_OVER_AT_MOST * ends, passed_over
