"""Named features of a pair of texts, each in [0, 1], that the duplicate verdict rests on.

Every feature can be computed from the two readings, the weights of words in the base and the two
cosines; what a text does not say (sector, themes) leaves its feature at 0.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from kb.similarity.alignment import Alignment, features_of
from kb.similarity.leftovers import LEFTOVERS, leftovers_of
from kb.similarity.reading import Reading
from kb.similarity.swaps import swaps_of
from kb.similarity.traits import TRAITS, traits_of
from kb.similarity.words import Word

FEATURES = (
    "same_words",
    "word_cosine",
    "character_cosine",
    "latent_cosine",
    "shared_words",
    "contained",
    "edit",
    "rare_shared",
    "same_ask",
    "other_ask",
    "same_object",
    "other_object",
    "unmatched_draft",
    "unmatched_stored",
    "swapped_words",
    "other_direction",
    "other_polarity",
    "other_figures",
    "same_addressee",
    "other_addressee",
    "same_themes",
    "other_themes",
    "sentence_cosine",
    "in_order",
    "replaced",
    "replaced_much",
    "long_run",
    "both_unmatched",
    *TRAITS,
    *LEFTOVERS,
    "same_subject",
    "in_field",
)

FRAME_WEIGHT = 0.3
NEAR_CREDIT = 0.8
PREFIX = 5
SLIPS_FROM = 7
END = 3
_UNLISTED = 0.8
_LONGEST_EDIT = 4_000
ANY_SENTENCES = 0.4  # the cosine that any two recommendations on a like matter may have
VERB_OR_BODY = 0.5
FULL_GROUNDS = 2.0
ONE_WORD = 0.4
MUCH_SHARED = 0.3


@dataclass(frozen=True)
class Side:
    """One of the two texts, with the sectors and themes that are known of it.

    ``in_field`` says how surely it is of the field of what is stored, in [0, 1].
    """

    reading: Reading
    sectors: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    in_field: float = 1.0

    @property
    def known_sectors(self) -> frozenset[str]:
        """The sectors given, else those of the bodies in its subject."""
        return self.sectors or frozenset(self.reading.duty_holders.values())


@dataclass(frozen=True)
class Comparison:
    """Two texts laid beside each other: the shared words, those of one side alone, the features."""

    draft: Side
    stored: Side
    shared: tuple[str, ...]
    near: Mapping[str, str]
    only_draft: tuple[Word, ...]
    only_stored: tuple[Word, ...]
    rare: tuple[Word, ...]
    swaps: tuple[tuple[str, str], ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)


def compare(
    draft: Side,
    stored: Side,
    *,
    weight: Callable[[str], float],
    is_rare: Callable[[str], bool],
    word_cosine: float,
    character_cosine: float,
    latent_cosine: float = 0.0,
    sentence_cosine: float = 0.0,
) -> Comparison:
    """Lay two texts beside each other.

    ``weight`` gives the idf of a word key in the base, ``is_rare`` whether few texts hold it; the
    cosines are those of the vectors named, 0 where there are none.
    """
    comparison = _beside(draft, stored, is_rare)
    mass = _Mass(comparison, weight)
    alignment = Alignment.of(draft.reading.in_order, stored.reading.in_order)
    swaps: tuple[tuple[str, str], ...] = ()
    if alignment and mass.jaccard >= MUCH_SHARED:
        alone = _alone(comparison)
        swaps = swaps_of(draft.reading, stored.reading, alignment, alone, weight)
    grounds = max(mass.jaccard, _grounds(comparison, weight))
    features = {
        "word_cosine": min(1.0, word_cosine) * grounds,
        "character_cosine": min(1.0, character_cosine) * grounds,
        "latent_cosine": latent_cosine,
        "sentence_cosine": max(0.0, sentence_cosine - ANY_SENTENCES) / (1 - ANY_SENTENCES),
        "contained": mass.contained * grounds,
        **_wording(comparison, mass),
        "swapped_words": float(bool(swaps)),
        **asked_of(draft, stored),
        "other_polarity": float(bool(other_polarity(comparison))),
        **features_of(alignment, *map(mass.of_each, (draft.reading, stored.reading))),
        **traits_of(draft.reading, stored.reading, weight),
        **leftovers_of(
            draft.reading,
            stored.reading,
            (comparison.only_draft, comparison.only_stored),
            alignment=alignment,
            weight=weight,
        ),
    }
    features["in_field"] = draft.in_field
    features["same_subject"] = features["latent_cosine"] * features["same_concepts"]
    return replace(comparison, swaps=swaps, features=features)


def _beside(draft: Side, stored: Side, is_rare: Callable[[str], bool]) -> Comparison:
    """The words that both have and those of one alone, without features."""
    a, b = draft.reading.keys, stored.reading.keys
    shared = tuple(key for key in a if key in b)
    near = near_keys(a, b)
    taken = frozenset(near.values())
    only_a = tuple([word for key, word in a.items() if key not in b and key not in near])
    only_b = tuple([word for key, word in b.items() if key not in a and key not in taken])
    language = draft.reading.language
    rare = tuple(
        b[key]
        for key in shared
        if is_rare(key) and key not in language.frame and not language.classes_of(b[key].form)
    )
    return Comparison(draft, stored, shared, near, only_a, only_b, rare)


def _wording(comparison: Comparison, mass: _Mass) -> dict[str, float]:
    """How far the words are the same, and how far each has words of its own."""
    a, b = comparison.draft.reading, comparison.stored.reading
    return {
        "same_words": float(a.folded == b.folded),
        "shared_words": mass.jaccard,
        "edit": edit(a.sorted_words, b.sorted_words),
        "rare_shared": min(1.0, len(comparison.rare) / 2),
        "unmatched_draft": mass.unmatched_draft,
        "unmatched_stored": mass.unmatched_stored,
        "both_unmatched": min(mass.unmatched_draft, mass.unmatched_stored),
    }


def asked_of(draft: Side, stored: Side) -> dict[str, float]:
    """What is asked of whom: verbs, direction, figures, addressees, themes."""
    found = {
        **_asks(draft.reading, stored.reading),
        "other_direction": float(reversed_direction(draft.reading, stored.reading) is not None),
        "other_figures": float(_differ(draft.reading.numbers, stored.reading.numbers)),
        **_sets("addressee", draft.known_sectors, stored.known_sectors),
        **_sets("themes", draft.themes, stored.themes),
    }
    if _other_duty_holder(draft, stored):
        found["same_addressee"], found["other_addressee"] = 0.0, 1.0
    return found


class _Mass:
    """How much of the weight of two texts' words is shared."""

    def __init__(self, comparison: Comparison, weight: Callable[[str], float]) -> None:
        self._frame = comparison.draft.reading.language.frame
        self._weight = weight
        slips = self._weigh(comparison.near)
        near = NEAR_CREDIT * slips
        both = self._weigh(comparison.shared) + near
        draft, stored = (
            self._weigh([word.key for word in words])
            for words in (comparison.only_draft, comparison.only_stored)
        )
        lost = slips - near
        total = both + draft + stored + lost
        self.jaccard = both / total if total else 0.0
        self.unmatched_draft = draft / (both + lost + draft) if draft else 0.0
        self.unmatched_stored = stored / (both + lost + stored) if stored else 0.0
        shorter = both + lost + min(draft, stored)
        self.contained = both / shorter if shorter else 0.0

    def _weigh(self, keys: Iterable[str]) -> float:
        return sum(weigh_each(keys, self._weight, self._frame))

    def of_each(self, reading: Reading) -> list[float]:
        """The weight of each content word."""
        return weigh_each(reading.in_order, self._weight, self._frame)


def weigh_each(
    keys: Iterable[str], weight: Callable[[str], float], frame: Collection[str]
) -> list[float]:
    """The weight of each key; a word of the frame weighs little."""
    return [weight(key) * FRAME_WEIGHT if key in frame else weight(key) for key in keys]


def _alone(comparison: Comparison) -> frozenset[str]:
    return frozenset(word.key for word in (*comparison.only_draft, *comparison.only_stored))


def _grounds(comparison: Comparison, weight: Callable[[str], float]) -> float:
    """How far the shared words make a subject, in [0, 1]: two or three rare words make one.

    Each counts by its idf beside that of a word the base lacks, verbs and bodies half, words of
    the frame not at all. One word alone is hardly a subject.
    """
    language = comparison.draft.reading.language
    total, count = 0.0, 0
    for key in (*comparison.shared, *comparison.near.values()):
        if key in language.frame:
            continue
        form = comparison.stored.reading.keys[key].form
        is_light = key in language.bodies or language.classes_of(form)
        total += weight(key) * (VERB_OR_BODY if is_light else 1)
        count += 1
    grounds = min(1.0, total / (FULL_GROUNDS * weight("")))
    return grounds if count > 1 else grounds * ONE_WORD


def near_keys(a: Collection[str], b: Collection[str]) -> dict[str, str]:
    """Keys of one side alone that belong together: beginnings of one another, slips of typing."""
    left = [key for key in a if key not in b and len(key) >= PREFIX]
    free = [key for key in b if key not in a and len(key) >= PREFIX]
    if len(left) * len(free) > 20_000:
        return {}
    near: dict[str, str] = {}
    heads, tails = {key[:END] for key in free}, {key[-END:] for key in free}
    for key in left:
        if key[:END] not in heads and key[-END:] not in tails:
            continue  # a slip leaves one end of a word as it is
        for other in free:
            if are_near(key, other):
                near[key] = other
                free.remove(other)
                break
    return near


def are_near(key: str, other: str) -> bool:
    """Whether one of two longer words begins with the other, or they are a slip apart."""
    return is_slip(key, other) or key.startswith(other) or other.startswith(key)


def is_slip(key: str, other: str) -> bool:
    """Whether two longer words are one slip of typing apart."""
    from rapidfuzz.distance import OSA

    is_long = min(len(key), len(other)) >= SLIPS_FROM
    return is_long and OSA.distance(key, other, score_cutoff=1) <= 1


def edit(a: str, b: str) -> float:
    """Similarity of two texts' sorted words (what rapidfuzz calls ``token_sort_ratio``)."""
    from rapidfuzz.fuzz import ratio

    return ratio(a[:_LONGEST_EDIT], b[:_LONGEST_EDIT]) / 100


def _asks(a: Reading, b: Reading) -> dict[str, float]:
    """1 for the same main ask, 0.7 where one text's main ask is a later one of the other.

    Another ask counts in full between listed verbs and less where one is not listed, since it may
    be another word for the same.
    """
    same = 0.0
    real_a, real_b = a.real_asks, b.real_asks
    if real_a and real_b:
        all_a, all_b = ({c for ask in asks for c in ask.classes} for asks in (real_a, real_b))
        first_a, first_b = set(real_a[0].classes), set(real_b[0].classes)
        if first_a & first_b:
            same = 1.0
        elif first_a & all_b or first_b & all_a:
            same = 0.7
    other = 0.0
    if real_a and real_b and not same:
        other = 1.0 if real_a[0].is_listed and real_b[0].is_listed else _UNLISTED
    objects_a, objects_b = a.asked_objects, b.asked_objects
    smaller = min(len(objects_a), len(objects_b))
    return {
        "other_object": float(_differ(objects_a, objects_b)),
        "same_ask": same,
        "other_ask": other,
        "same_object": len(objects_a & objects_b) / smaller if smaller else 0.0,
    }


def reversed_direction(draft: Reading, stored: Reading) -> tuple[str, str] | None:
    """The two directions in words where one text sends what the other receives, else None."""
    for one in draft.directions:
        for other in stored.directions:
            turned = one.giver & other.receiver and one.receiver & other.giver
            kept = any(
                one.giver & same.giver and one.receiver & same.receiver
                for same in stored.directions
            )
            if turned and not kept:
                return one.words, other.words
    return None


def other_polarity(comparison: Comparison) -> tuple[Word, ...]:
    """Shared words that stand under a negation on one side only; none where any is on both."""
    a, b = comparison.draft.reading.negated, comparison.stored.reading.negated
    if a & b:
        return ()
    words = comparison.stored.reading.keys
    return tuple(words[key] for key in comparison.shared if (key in a) != (key in b))


def _other_duty_holder(draft: Side, stored: Side) -> bool:
    """Both subjects name bodies ("health visitors", "GPs") and none in common."""
    return _differ(frozenset(draft.reading.duty_holders), frozenset(stored.reading.duty_holders))


def _differ(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a) and bool(b) and not a & b


def _sets(name: str, a: frozenset[str], b: frozenset[str]) -> dict[str, float]:
    if name == "addressee" and "all-agencies" in a | b:
        return {f"same_{name}": 0.0, f"other_{name}": 0.0}
    share = len(a & b) / len(a | b) if a and b else 0.0
    return {f"same_{name}": share, f"other_{name}": float(_differ(a, b))}
