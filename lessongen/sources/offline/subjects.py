"""School subjects: the names that people give them, and what each is about.

`about` is embedded at data-build time, and each article gets a standing in each subject: how many of STEPS it reaches,
shares of all articles that are further from the subject than this one. That tells "Java" the island from the language.
"""

from __future__ import annotations

from dataclasses import dataclass

from lessongen.text.words import tokens

STEPS = (0.50, 0.75, 0.85, 0.90, 0.94, 0.97, 0.99)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A subject: its folded names in the languages of the pack, sentences that say what belongs to it, and the pack's
    categories that lie within it.
    """

    names: tuple[str, ...]
    about: tuple[str, ...]
    categories: frozenset[str]


def _subject(names: str, *about: str, categories: tuple[str, ...] = ()) -> Subject:
    return Subject(names=tuple(names.split(", ")), about=about, categories=frozenset(categories))


# The order is that of the standings in the shipped facts: append, and run scripts/build_neighbours.py again.
SUBJECTS = (
    _subject(
        "mathematics, math, maths, algebra, geometry, arithmetic, calculus, statistics, trigonometry, mathematiques, "
        "matematicas, matematica",
        "mathematics, numbers and arithmetic",
        "algebra, equations and functions",
        "geometry, shapes, angles and theorems",
        "probability and statistics",
        categories=("Mathematics",),
    ),
    _subject(
        "physics, physique, fisica",
        "physics, forces, motion and energy",
        "electricity, magnetism, light and waves",
        "quantum mechanics, particles and relativity",
        "optics, sound, heat and electronics",
        categories=("Physical sciences",),
    ),
    _subject(
        "chemistry, chimie, quimica",
        "chemistry, atoms, molecules and reactions",
        "chemical element",
        "chemical compound, acid, salt or solution",
        "properties of matter, gases, liquids and solids",
        categories=("Physical sciences",),
    ),
    _subject(
        "biology, biologie, biologia, zoology, botany, life science, life sciences, nature, svt",
        "biology, cells and genetics",
        "proteins, enzymes, membranes and metabolism",
        "animals and their behaviour",
        "plants and fungi",
        "human anatomy and physiology",
        "evolution and ecology of organisms",
        categories=("Biology and health sciences",),
    ),
    _subject(
        "astronomy, space, astronomie, astronomia",
        "astronomy, stars, galaxies and the universe",
        "planets and moons of the Solar System",
        "space exploration",
        categories=("Physical sciences",),
    ),
    _subject(
        "geology, earth science, earth sciences, meteorology, environment, environmental science, geologie, geologia",
        "geology, rocks, minerals and the Earth's interior",
        "weather, climate and the environment",
        "landforms, oceans, earthquakes and volcanoes",
        categories=("Physical sciences", "Geography"),
    ),
    _subject(
        "health, medicine, nursing, hygiene, anatomy, sante, salud, medicina, medecine",
        "medicine, diseases and their treatment",
        "human health, nutrition and the body",
    ),
    _subject(
        "psychology, psychologie, psicologia",
        "psychology, the mind, emotion, memory and behaviour",
        "psychologist or mental disorder",
    ),
    _subject(
        "history, world history, histoire, historia",
        "history of empires, kingdoms and civilizations",
        "war, battle, revolution or treaty",
        "political leader, king, queen or emperor",
        "historical period, society and its institutions",
        "ancient and medieval peoples, tribes and cultures",
        "exploration, trade, slavery and colonialism",
        categories=("History", "Geography", "People"),
    ),
    _subject(
        "geography, geographie, geografia",
        "country or city, its population and economy",
        "river, mountain, sea, island or desert",
        "landforms, climate, oceans, earthquakes and volcanoes",
        "settlement, migration and land use",
        "weather, climate zones, glaciers, forests and soil",
        categories=("Geography",),
    ),
    _subject(
        "politics, civics, government, citizenship, political science, politique, politica",
        "politics, government, elections and democracy",
        "constitution, rights and law",
        "international organization",
        categories=("Society and social sciences",),
    ),
    _subject("law, legal studies, droit, derecho", "law, courts, crime and justice", "rights, contract and property"),
    _subject(
        "economics, business, finance, accounting, commerce, marketing, economie, economia",
        "economics, markets, money, trade and taxes",
        "work, employment, wages, prices and poverty",
        "business, companies, finance and management",
        categories=("Society and social sciences",),
    ),
    _subject(
        "sociology, social studies, social science, social sciences, society, anthropology, sociologie, sociologia",
        "society, culture, family and social groups",
        "politics, government and economics",
        "country, history and civilization",
    ),
    _subject(
        "philosophy, logic, philosophie, filosofia",
        "philosophy, ethics, logic and knowledge",
        "philosopher and school of thought",
        categories=("Philosophy and religion",),
    ),
    _subject(
        "religion, religious studies, theology, mythology, religions",
        "religion, gods, scripture and worship",
        "religious leader, saint or prophet",
        "mythology and legend",
        categories=("Philosophy and religion",),
    ),
    _subject(
        "english, ela, language arts, linguistics, grammar, language, languages, writing, anglais, ingles",
        "grammar, words, sentences and language",
        "literature, poetry, novels and drama",
        "writer, poet, novelist or playwright",
        "writing, reading and rhetoric",
        "sounds of speech, letters and alphabets",
    ),
    _subject(
        "literature, poetry, litterature, literatura, drama",
        "literature, poetry, novels and drama",
        "writer, poet, novelist or playwright",
        "theatre, plays and stories",
        categories=("Arts",),
    ),
    _subject(
        "spanish, espanol, espagnol, castellano",
        "Spanish language and grammar",
        "Spain, Latin America and their culture",
        "grammar, words, sentences and language",
    ),
    _subject(
        "french, francais, frances",
        "French language and grammar",
        "France and French culture",
        "grammar, words, sentences and language",
    ),
    _subject(
        "german, deutsch, allemand, aleman",
        "German language and grammar",
        "Germany and German culture",
        "grammar, words, sentences and language",
    ),
    _subject(
        "latin, greek, classics",
        "ancient Rome and the Latin language",
        "ancient Greece and the Greek language",
        "grammar, words, sentences and language",
    ),
    _subject(
        "art, arts, visual arts, drawing, painting, design, photography, art history, arte, artes",
        "painting, sculpture and visual art",
        "painter or sculptor, art movement and style",
        "architecture, design and photography",
    ),
    _subject(
        "music, musique, musica",
        "music, melody, harmony and rhythm",
        "musical instrument",
        "composer, musician, singer or band",
        "musical genre, opera and dance",
        categories=("Arts",),
    ),
    _subject(
        "film, cinema, theatre, theater, dance, media, media studies, television",
        "film, cinema and television",
        "actor or film director",
        "theatre, drama and dance",
    ),
    _subject(
        "architecture, construction, arquitectura",
        "architecture, buildings and construction",
        "architect and architectural style",
        categories=("Arts",),
    ),
    _subject(
        "computer science, cs, computing, computers, programming, informatics, informatique, informatica, ict, coding, "
        "software, data science",
        "computer science, algorithms and data structures",
        "programming language and software",
        "computer hardware, networks and the Internet",
        "data, encryption, codes and security",
        "artificial intelligence and information technology",
    ),
    _subject(
        "technology, engineering, technologie, tecnologia, electronics, design and technology",
        "technology, machines and engineering",
        "electronics and communication",
        "tools, materials and manufacturing",
        "transport, vehicles and aviation",
        categories=("Technology",),
    ),
    _subject(
        "sport, sports, physical education, pe, eps, deporte, deportes, fitness",
        "sport, team game and competition",
        "athlete, exercise and physical fitness",
        categories=("Everyday life",),
    ),
    _subject(
        "cooking, food, nutrition, cuisine, cocina, home economics", "food, cooking and ingredients", "drink, fruit"
    ),
    _subject("games, game, gaming, jeux, juegos", "game, board game, card game or video game", "toy or puzzle"),
    _subject(
        "agriculture, gardening, farming, jardinage", "agriculture, farming, crops and livestock", "garden plants, soil"
    ),
    _subject("driving, transport, transportation, aviation", "transport, vehicles and roads", "car, ship or aircraft"),
    _subject("fashion, crafts, sewing, textiles, craft", "clothing, textiles and fashion", "craft, sewing and pottery"),
    _subject("military, war, defense, defence", "war, weapons and military forces", "general or battle"),
    _subject(
        "science, sciences, ciencia, ciencias, general science, natural science",
        "physics, forces, motion and energy",
        "chemistry, atoms, molecules and reactions",
        "biology, cells, animals and plants",
        "astronomy, stars and planets",
        "geology, weather and the Earth",
        "human body and health",
        "scientist and scientific method",
        categories=("Physical sciences", "Biology and health sciences"),
    ),
)

_BY_NAME = {" ".join(tokens(name)): number for number, subject in enumerate(SUBJECTS) for name in subject.names}
_LONGEST_NAME = 3


def recognise(subject: str) -> tuple[int, ...]:
    """The numbers of the subjects that a person's words name: "AP art history" names one, "gibberish" none.

    A whole name counts before the names inside it.
    """
    words = tokens(subject)
    for size in range(min(len(words), _LONGEST_NAME), 0, -1):
        spans = (" ".join(words[first : first + size]) for first in range(len(words) - size + 1))
        found = tuple(dict.fromkeys(_BY_NAME[span] for span in spans if span in _BY_NAME))
        if found:
            return found
    return ()
