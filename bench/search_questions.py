"""The questions that engines are asked, drawn from the texts that they hold."""

from __future__ import annotations

import random

from search_peers import Document, Question

from kb.text.tokens import STOP_WORDS, tokenise

QUESTIONS = {"words": 110, "filtered": 40, "phrase": 30, "prefix": 20}
LONGEST = {"words": 12, "filtered": 12, "phrase": 4}
FILTERS = ("theme", "group", "sector", "agency", "area", "kind", "status", "scope", "year")
SEED = 66


def drawn(documents: list[Document]) -> list[Question]:
    """Different questions of each kind, the same at every run."""
    chance = random.Random(SEED)
    questions: dict[Question, None] = {}
    for kind, count in QUESTIONS.items():
        wanted = len(questions) + count
        while len(questions) < wanted:
            one = _question(kind, chance.choice(documents), chance)
            if one is not None:
                questions[one] = None
    return list(questions)


def _question(kind: str, document: Document, chance: random.Random) -> Question | None:
    words = [token.text for token in tokenise(document.texts["text"])]
    if kind == "prefix":
        word = chance.choice(words)
        is_fit = len(word) > 5 and word.isalpha() and word not in STOP_WORDS
        return Question(kind, (word[: chance.randint(3, 5)],), ()) if is_fit else None
    size = chance.randint(2 if kind == "phrase" else 1, LONGEST[kind])
    first = chance.randint(0, max(0, len(words) - size))
    chosen = tuple(words[first : first + size])
    if STOP_WORDS.issuperset(chosen) or (kind == "phrase" and len(chosen) < 2):
        return None
    filters = _filters(document, chance) if kind == "filtered" else ()
    return Question(kind, chosen, filters)


def _filters(document: Document, chance: random.Random) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """One or two values that the document has; of years five together."""
    names = [name for name in FILTERS if document.values[name]]
    values = {name: chance.choice(document.values[name]) for name in names}
    chosen: dict[str, tuple[str, ...]] = {
        name: (values[name],) for name in chance.sample(names, chance.randint(1, 2))
    }
    if "year" in chosen:
        first = min(int(values["year"]), 2019)
        chosen["year"] = tuple(str(year) for year in range(first, first + 5))
    return tuple(chosen.items())
