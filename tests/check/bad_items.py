"""Questions with a flaw that a program can see, by the rule that must find it; made up for these tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lessongen.lesson.model import Lesson
from tests.check.papers import (
    Fields,
    choice,
    cloze,
    free,
    match,
    order,
    paper,
    short,
    starter,
    task,
    true_false,
    worked,
)

BEES = (
    "A honey bee that finds flowers dances on the comb.",
    "The angle of her dance shows the direction, and its length shows how far the flowers are.",
    "Karl von Frisch explained the dance in 1927.",
    "In winter the bees crowd together and shiver to keep the queen warm.",
    "A hive has one queen, some drones and thousands of workers.",
)


def _bees(*questions: Fields, **fields: Any) -> Lesson:
    return paper(questions, prose=BEES, **fields)


def _each(*questions: Fields, **fields: Any) -> list[Lesson]:
    """A lesson for each of the questions."""
    return [_bees(question, **fields) for question in questions]


BAD: Mapping[str, Sequence[Lesson]] = {
    "item-options-kind": _each(
        choice("When was the dance explained?", "1927", "1905", "in a meadow"),
        choice("How many queens does a hive have?", "One queen", "Three queens", "Drones"),
        choice("What do bees do in winter?", "They crowd together.", "fly south", "sleep in the ground"),
        choice("What does the dance show?", "the way to flowers", "the age of the queen", "The weather will be bad."),
        choice("How far can she fly?", "3 km", "300 m", "to the flowers"),
    ),
    "item-options-grammar": _each(
        choice("A bee that dances has come back from an", "orchard", "pond", "shed"),
        choice("The first animal that was seen to dance was an _____.", "insect", "bird", "fish"),
        choice("Most bees of a hive are _____.", "workers", "queen", "drone"),
        choice("What a scout brings home is a _____.", "message", "enemies", "stones"),
        choice("Why do bees shiver?", "To keep the queen warm", "To dry their wings", "Because enemies come near"),
        choice("How does a bee point the way?", "By dancing at an angle", "By humming a tune", "With a trail of wax"),
    ),
    "item-options-unordered": _each(
        choice("When was the dance explained?", "1927", "1951", "1905", at=0),
        choice("How many queens has a hive?", "One", "Three", "Two", at=0),
        choice("How far away were the flowers?", "400 m", "1,200 m", "50 m", "800 m"),
        choice("When did people first keep bees?", "About 2400 BC", "AD 300", "About 500 BC"),
        choice("On which day did the bees swarm?", "3 May 1926", "12 June 1926", "9 May 1926", at=0),
        choice("How many hives are left?", "No hive", "Two hives", "One hive", "Three hives", at=0),
        choice("How does the count change?", "It is 6% less", "It is 5% more", "It is 85% more", "It is 50% more"),
    ),
    "item-options-contained": _each(
        choice("What does the length of a dance show?", "the distance", "the distance and the wind", "the colour"),
        choice("Which bee lays eggs?", "a queen", "an old queen", "a drone"),
        choice("Where do bees dance?", "on the comb", "on the comb in the dark", "at the door"),
        choice("What do bees make?", "honey", "dark honey", "paper"),
    ),
    "item-above": _each(
        choice("What does a dance show?", "How far to fly", "How old she is", "All of the above"),
        choice("Who lays eggs?", "The queen", "The drones", "None of these"),
        choice("Where do bees dance?", "On the comb", "On the roof", "Both answers are right"),
        choice("What keeps the queen warm?", "Shivering", "Sunlight", "Neither of the above"),
        choice("What do workers do?", "They gather food", "They clean cells", "All the other options"),
        choice("What may a bee find?", "Flowers", "Water", "Every one of the things mentioned"),
        choice("What is in a hive?", "Wax", "Honey", "All three", "Sand"),
        choice("What is a drone?", "A male", "A worker", "Everything here is correct"),
    ),
    "item-k-type": _each(
        choice("What does a dance show?", "Both A and B", "The direction", "The distance"),
        choice(
            "Which are true? I. Bees dance. II. Bees shiver. III. Bees read.", "I and II only", "II and III only", "III"
        ),
        choice("What is in a hive?", "B and C", "Sand", "Wax", "Honey"),
        choice("What does a dance show?", "direction and distance", "direction", "distance"),
        choice("Which fit: (1) wax, (2) honey, (3) sand?", "1 and 2", "1 and 3", "2 and 3"),
    ),
    "item-key-longest": _each(
        choice(
            "Why do bees crowd?",
            "So that the warmth which they make by shivering reaches the queen",
            "To sleep",
            "To fight",
        ),
        choice(
            "What did von Frisch find?",
            "That the angle of the dance against the comb tells where flowers are",
            "That bees are deaf",
            "That queens fly far",
        ),
        choice(
            "What is the dance for?",
            "It tells the other workers where the flowers are to be found",
            "It cools the hive",
            "It cleans the comb",
        ),
    ),
    "item-belief-restated": [
        _bees(question, mixed_up={"The queen of a hive rules over all of its bees.": "She lays eggs."})
        for question in (
            short("Ida says that the queen of a hive rules over its bees. True or false? Say why.", "False: she lays."),
            free("The queen of Tom's hive rules over all bees in it. Is he right?", "No, since she lays eggs alone."),
            true_false("“The queen of the hive rules over all bees.”", answer=False),
        )
    ],
    "item-quoted-before": [
        _bees(
            free("A keeper noted “they shiver in a tight ball”. In which season was that?", "In winter."),
            blocks=[block],
        )
        for block in (
            worked("A keeper noted that they “shiver in a tight ball”. Why?", "They warm her.", "It is cold."),
            worked("What do bees do in winter?", "They warm the queen.", "One note has them “in a tight ball”."),
            task("Read the note “They shiver in a tight ball, all of them” and say what it is about."),
        )
    ],
    "item-starter-states": _each(
        starter("In a storm, wind pushes a hive from the side. What else can push it?", "A bee"),
        starter("Flowers make a sweet juice. Who comes for it?", "Bees"),
        starter("Most insects sleep in the cold. What do you do when you are cold?", "I shiver"),
    ),
    "item-starter-tests": _each(
        starter("What do you call the one who keeps bees?", "A beekeeper", kind="short"),
        starter("On which continent is Vienna?", "In Europe", kind="short"),
        choice("Which part of your body smells?", "the nose", "the ear", "the hand", role="starter"),
    ),
    "item-lettered-names": _each(
        choice(
            "Two bottles stand on the desk, A and B. Which of them holds an acid?",
            "The sour one",
            "The sweet one",
            "The bitter one",
        ),
        choice("Why is hive B warmer than hive C?", "Its bees shiver", "Its bees sleep", "Its bees fly"),
        choice(
            "What follows for the two surfaces?",
            "A takes up less light than B",
            "Both take up the same light",
            "B is no longer lit",
        ),
    ),
    "item-judged-alike": [
        _bees(
            free("Ida says that drones sting. True or false? Give your reason.", "False: a drone has no sting."),
            free("Ben says that bees sleep all winter. True or false? Give your reason.", "False: they shiver."),
        ),
        _bees(true_false("A drone has a sting.", answer=False), true_false("Bees sleep in winter.", answer=False)),
        _bees(true_false("A queen lays eggs.", answer=True), true_false("Workers shiver.", answer=True)),
    ],
    "item-closed-alike": [
        _bees(
            free("Ida says that drones sting. True or false? Give your reason.", "False: a drone has no sting."),
            free("Ben says that bees shiver in winter. True or false? Give your reason.", "True: they keep warm."),
            free("Eva says that a dance shows the way. True or false? Give your reason.", "True: by its angle."),
        ),
        _bees(
            free("Ida sees a long dance. What will the bees do next?", "They fly far."),
            free("Ben sees a short dance. What will the bees do next?", "They fly near."),
            free("Eva sees no dance. What will the bees do next?", "They stay."),
        ),
        _bees(
            free("A dance points up. Explain it to a friend.", "It means towards the sun."),
            free("A dance is long. Explain it to a friend.", "It means far away."),
            free("The bees shiver. Explain it to a friend.", "They keep the queen warm."),
        ),
    ],
    "item-convergence": _each(
        choice("What are ripe berries like?", "red and round", "red and flat", "blue and round"),
        choice("How do scouts fly?", "fast and low", "fast and high", "slowly, but low"),
        choice("What is a drone?", "a large male", "a large female", "a small male"),
        choice("Which is balanced?", "2 K + 3 S", "3 K + 3 S", "2 K + 4 S", "2 K + 2 S"),
    ),
    "item-match-by-elimination": _each(
        match("Match each bee with its work.", {"queen": "lays eggs", "drone": "mates", "worker": "flies"}, spare=""),
        match("Match each year with what happened.", {"1927": "paper", "1973": "prize", "1886": "birth"}, spare=""),
        match("Match the season and the work.", {"spring": "swarm", "summer": "gather", "winter": "shiver"}, spare=""),
    ),
    "item-order-opening": _each(
        order("Put it in order.", "A scout finds flowers", "They learn the way", "Workers fly out", bloom="apply"),
        order("Put it in order.", "The egg hatches", "Then a larva feeds", "The pupa rests", bloom="apply"),
        order("Put it in order.", "Frost comes", "Bees crowd together", "As a result the queen lives", bloom="apply"),
    ),
    "item-recalled-gap": _each(
        cloze("Karl von Frisch was the one who explained the dance in _____.", "1927"),
        cloze("When winter comes, bees crowd together and shiver so that the _____ stays warm.", "queen"),
        cloze("The honey bee that finds flowers will dance on the _____.", "comb"),
    ),
    "item-key-hedged": _each(
        choice("Why did the bees leave?", "They may have lacked food", "They lacked water", "They lost the queen"),
        choice("Do bees hear the dance?", "They probably feel it", "They see it clearly", "They hear it loudly"),
        choice(
            "What do scholars say of bees in old Egypt?",
            "They perhaps lived in tubes",
            "They lived in trees",
            "They lived in pits",
        ),
    ),
    "item-absolute": _each(
        choice("When do bees dance?", "After finding flowers", "Always at noon", "Never in summer"),
        choice("What do drones do?", "They mate with queens", "They do nothing", "They feed the young"),
        choice("Who may dance?", "Scouts", "All bees", "Only queens"),
        choice("What does cold do to a hive?", "It slows it", "It kills it completely", "It moves it"),
    ),
    "item-vague": _each(
        choice("What does a scout do at home?", "She dances", "She usually sleeps", "She hums"),
        choice("How do bees keep warm?", "They shiver", "They often sit in the sun", "They eat"),
        choice("How many queens has a hive?", "One", "Ten", "Many"),
        choice("Where do drones live?", "In the hive", "Sometimes in trees", "In the soil"),
    ),
    "item-clang": _each(
        choice(
            "How does the dance of a bee point to flowers?", "By the angle of her dance", "By her colour", "By her hum"
        ),
        choice("What keeps the queen warm?", "Warm workers around her", "Thick walls", "Sunlight"),
        choice(
            "Which insects gather nectar for the hive?",
            "Those that leave the hive",
            "Those with a sting",
            "Those without wings",
        ),
    ),
    "item-negative-stem": _each(
        choice("Which of these does not live in a hive?", "a spider", "a drone", "a queen"),
        choice("All of these are bees except", "a spider", "a drone", "a queen"),
        choice("Which bee never dances?", "the queen", "the scout", "the worker"),
        choice("What can't a dance show?", "the colour", "the distance", "the direction"),
        choice("Which is NOT a bee?", "a spider", "a drone", "a queen"),
        true_false("True or false? The dance does not show the direction.", False),
        short("Noah says that this is not for the queen to decide. True or false? Give your reason.", "True: so."),
        short("Suppose a drone dances. Ida says: nobody follows him, so he isn't a scout. True or false?", "True: so."),
    ),
    "item-judged-absolute": _each(
        short("Tina says: a bee without flowers has no use for wings. True or false? Give your reason.", "False: so."),
        short("Ella concludes that the angle alone shows the way. True or false? Give your reason.", "False: so."),
        short("Suppose it rains. Tom thinks that all bees must stay at home. True or false? Why?", "False: so."),
    ),
    "item-gratuitous": _each(
        choice(
            "A honey bee that finds flowers dances on the comb. What does the angle show?",
            "The direction",
            "The weather",
            "Her age",
        ),
        choice(
            "Vienna had over a million inhabitants in those days. When was the dance explained?",
            "1927",
            "1937",
            "1947",
            at=0,
        ),
        short(
            "In a valley between two hills there is an old garden with a wall, and behind this wall, under apple "
            "trees that were planted long ago by a gardener who came from another country and stayed all his life, "
            "there stands a hive of honey bees, from which a scout flies to a meadow one "
            "morning in May and comes back: what does she do?",
            "She dances on the comb.",
        ),
    ),
    "item-unfocused": _each(
        choice("Bees:", "dance", "read", "swim"),
        choice("Which of the following is true?", "Bees dance", "Bees read", "Bees swim"),
        choice("Which statement about bees is correct?", "They dance", "They read", "They swim"),
        choice("Bees have lived for millions of years.", "They dance", "They read", "They swim"),
        short("The dance of the bees.", "It shows the way to flowers."),
    ),
    "item-judged-by-reasons": _each(
        true_false("True or false? Bees shiver because the queen must be kept warm.", True),
        true_false("True or false? Scouts dance in order to cool the hive.", False),
        true_false("True or false, and explain why: “The queen shivers in winter.”", False),
        true_false("True or false? The reason for the dance is hunger.", False),
    ),
    "item-answered-elsewhere": [
        _bees(
            choice("Which animal dances on the comb to show the way?", "a bee", "an ant", "a wasp"),
            title="How a bee shows the way by a dance on the comb",
        ),
        _bees(
            short("What does the angle of the dance show?", "the direction"),
            points=["The angle of the dance shows the direction."],
        ),
        _bees(
            choice("Who lays the eggs in a hive?", "the queen", "a drone", "a worker"),
            terms={"queen": "The bee that lays the eggs in a hive."},
        ),
        _bees(
            true_false("True or false? The king of a hive is a drone.", False),
            mixed_up={"A drone is the king of a hive.": "A drone is a male."},
        ),
        _bees(
            cloze("In 1927 the dance was explained by _____.", "Karl von Frisch", bloom="remember"),
            points=["Karl von Frisch explained the dance in 1927."],
        ),
    ],
    "item-answered-by-neighbour": [
        _bees(
            short("Why do the workers shiver in winter?", "To keep the queen warm."),
            choice("What do workers do in winter?", "They shiver", "They fly south", "They sleep"),
        ),
        _bees(
            free("Was it clever of von Frisch, who explained the dance in 1927, to paint dots on bees?", "Yes."),
            choice("Who explained the dance?", "von Frisch", "Darwin", "Pasteur"),
        ),
        _bees(
            true_false("True or false? The length of a dance tells the distance of flowers.", True),
            short("What does the length of a dance tell?", "The distance of the flowers."),
        ),
    ],
    "item-matches-key-terms": [
        _bees(match("Match each term with its meaning.", terms), terms=terms)
        for terms in (
            {"queen": "The bee that lays eggs.", "drone": "A male bee.", "comb": "Cells made of wax."},
            {"scout": "A bee that looks for food.", "swarm": "Bees on the move.", "hive": "The home of a colony."},
            {
                "nectar": "The sweet juice of flowers.",
                "pollen": "The dust of flowers.",
                "wax": "What combs are made of.",
            },
        )
    ],
    "item-not-taught": _each(
        short("What disease did the mites bring?", "A virus that cripples wings.", term="mites"),
        choice("Where was von Frisch born?", "Vienna", "Berlin", "Prague", bloom="remember", term="Karl von Frisch"),
        match(
            "Match each insect with its food.",
            {"ladybird": "aphids", "termite": "timber", "moth": "wool"},
            term="flowers",
        ),
        order("Put the life of a bee in order.", "larva", "pupa", "adult insect", bloom="remember", term="queen"),
    ),
    "item-copied-sentence": _each(
        cloze("Karl von Frisch explained the _____ in 1927.", "dance"),
        true_false("True or false? A hive has one queen, some drones and thousands of workers.", True),
        cloze("In winter the bees crowd together and _____ to keep the queen warm.", "shiver"),
        choice("Which word fits? “A honey bee that finds flowers _____ on the comb.”", "dances", "sleeps", "sings"),
    ),
    "item-why-missing": _each(
        choice("What does the angle show?", "The direction", "The age", "The wind") | {"why": []},
        choice(
            "Who shivers?",
            "The workers",
            "The queen",
            "The drones",
            why=[{"option": "The drones", "reason": {"text": "They are driven out.", "origin": "written"}}],
        ),
        choice(
            "Where is the dance?",
            "On the comb",
            "In the air",
            "On a leaf",
            why=[
                {"option": "In the air", "reason": {"text": " ", "origin": "written"}},
                {"option": "On a leaf", "reason": {"text": "It is seen at home.", "origin": "written"}},
            ],
        ),
    ),
    "item-asked-twice": [
        _bees(
            short("What does the angle of the dance show?", "The direction."),
            choice("What does the dance's angle show to bees?", "The direction", "The weather", "The hour"),
        ),
        _bees(
            true_false("True or false? Drones gather nectar in summer.", False),
            true_false("True or false? In summer drones gather much nectar.", False),
        ),
        _bees(
            short("How do bees keep the queen warm in winter?", "By shivering."),
            short("In winter, how is the queen kept warm?", "By shivering."),
        ),
    ],
    "item-worked-example": [
        _bees(
            question,
            blocks=[
                {
                    "kind": "example",
                    "problem": problem,
                    "origin": "written",
                    "answer": answer,
                    "steps": [{"text": "A minute has sixty seconds.", "origin": "written"}],
                }
            ],
        )
        for question, problem, answer in (
            (
                short(
                    "A dance of 3 seconds points 3 km away. How far does one of 2 seconds point?", "2 km", bloom="apply"
                ),
                "A dance of 3 seconds points 3 km away. How far does one of 2 seconds point?",
                "2 km",
            ),
            (
                choice(
                    "How many bees leave a hive in 5 minutes if 20 leave each minute?",
                    "100",
                    "25",
                    "4",
                    at=2,
                    bloom="apply",
                ),
                "If 20 bees leave a hive each minute, how many leave in 5 minutes?",
                "100 bees",
            ),
            (
                cloze("Of 90 bees, a third are scouts: that is _____ scouts.", "30", bloom="apply"),
                "Of 90 bees, a third are scouts. How many scouts is that?",
                "30 scouts",
            ),
        )
    ],
}
"""For each rule, lessons whose last question it must find fault with."""
