"""Rules run over many texts at once find what a plain search, text by text, finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import TaxonomyError
from kb.model import Group, Rule, Taxonomy, Theme
from kb.tagging.patterns import PatternSet
from kb.tagging.phrase_set import CompiledPhrases, PhraseSet
from kb.tagging.phrases import Alternative, Phrase
from kb.tagging.rules import RuleSet
from kb.tagging.tokens import Tokens, lowered
from kb.tagging.words import NAME, OPENING, PLAIN, word_table
from kb.text.abbreviations import load_abbreviations
from kb.text.tokens import Token, tokenise

ABBREVIATIONS = load_abbreviations({"MAD": "multi agency desk", "ODD": {"long": "old duty desk",
                                    "capitals": True}})  # fmt: skip
SENTENCE_END = re.compile(r"[.;!?](?=\s|[\"'’”)\]]|$)|\n\s*\n")
Span = tuple[int, int]

SIGNS = "ab'’.;!? \n\t\"”)]_-éİß²１\x1c\ud800"
WORDS = ("share shared sharing police police's GPs it IT odd ODD odds mad MAD multi agency desk "
         "multi-agency multiagency old duty "
         "Desks ex ex-partner over sixty sixty-five").split()  # fmt: skip
BETWEEN = (" ", " ", " ", " ", "-", "/", ". ", ".", "; ", "\n", "\n \n", " and ", "’s ", "?” ")
PLACES = ("share", "shar*", "police", "police/desk*", "multi-agency", "mad", "MAD", "ODD", "it/IT",
          "ex*/ex-partner", "ex-p*", "sixty-five/sixty", "over", "a/an*/multi-agency/old", "desk",
          "multi agency desk", "old duty desk", "and")  # fmt: skip

texts = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(BETWEEN)).map("".join), max_size=14
).map("".join)
phrases = st.tuples(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(("", "", " [1]", " [2]", " [5]"))),
        max_size=3,
    ),
    st.sampled_from(PLACES),
).map(lambda parts: " ".join([*("".join(part) for part in parts[0]), parts[1]]))


def sentences(text: str, words: Sequence[Token]) -> list[int]:
    ends = [match.start() for match in SENTENCE_END.finditer(text)]
    return [sum(end < word.start for end in ends) for word in words]


class Plain:
    """A phrase in one text, word by word: of what begins with one word the longest first."""

    def __init__(self, phrase: Phrase, text: str) -> None:
        self.steps, self.text, self.words = phrase.steps, text, tokenise(text)
        self.sentence = sentences(text, self.words)

    def first(self) -> Span | None:
        for at in range(len(self.words)):
            for end in self.ends(0, at):
                return self.words[at].start, self.words[end - 1].end
        return None

    def ends(self, step: int, at: int) -> Iterator[int]:
        for alternative in sorted(self.steps[step].alternatives, key=len, reverse=True):
            end = at + len(alternative)
            if not self.stands(alternative, at, end):
                continue
            if step + 1 == len(self.steps):
                yield end
                continue
            for further in range(end, min(end + self.steps[step + 1].gap + 1, len(self.words))):
                if self.sentence[further] == self.sentence[at]:
                    yield from self.ends(step + 1, further)

    def stands(self, alternative: Alternative, at: int, end: int) -> bool:
        if end > len(self.words) or self.sentence[end - 1] != self.sentence[at]:
            return False
        pairs = zip(alternative, self.words[at:end], strict=True)
        return all(p.matches(w.text, self.text[w.start : w.end]) for p, w in pairs)


def plainly(phrase: Phrase, text: str) -> Span | None:
    return Plain(phrase, text).first()


def taxonomy(*rules: Rule) -> Taxonomy:
    themes = tuple(Theme(id=f"t{at}", name="T", rules=(one,)) for at, one in enumerate(rules))
    return Taxonomy(groups=(Group(id="g", name="G", themes=themes),))


@settings(max_examples=300, deadline=None)
@given(st.lists(texts, max_size=6), st.lists(phrases, min_size=1, max_size=6, unique=True))
def test_phrases_stand_where_a_plain_search_finds_them(many: list[str], wanted: list[str]) -> None:
    compiled = [Phrase(text, ABBREVIATIONS) for text in wanted]
    spots = PhraseSet(CompiledPhrases.of(compiled)).find(Tokens.of(many))
    columns = (spots.phrases, spots.rows, spots.starts, spots.ends)
    found = {
        (phrase, row): (start, end)
        for phrase, row, start, end in zip(*(one.tolist() for one in columns), strict=True)
    }
    assert len(found) == len(spots.rows)
    assert found == {
        (number, row): span
        for number, phrase in enumerate(compiled)
        for row, text in enumerate(many)
        if (span := plainly(phrase, text)) is not None
    }


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_rules_fire_where_each_of_their_phrases_says_so(data: st.DataObject) -> None:
    some = st.lists(phrases, max_size=2).map(tuple)
    rules = [
        Rule(any=data.draw(some), all=(*data.draw(some), data.draw(phrases)), none=data.draw(some))
        for _ in range(data.draw(st.integers(1, 4)))
    ]
    many = data.draw(st.lists(texts, max_size=4))
    hits = RuleSet.of(taxonomy(*rules), ABBREVIATIONS).of_many(many)
    for text, fired in zip(many, hits, strict=True):
        spans = {
            p: plainly(Phrase(p, ABBREVIATIONS), text)
            for rule in rules
            for p in (*rule.any, *rule.all, *rule.none)
        }
        expected = {
            f"t{at}": sorted({spans[p] for p in (*rule.any, *rule.all)} - {None})  # type: ignore[type-var]
            for at, rule in enumerate(rules)
            if all(spans[p] for p in rule.all)
            and (not rule.any or any(spans[p] for p in rule.any))
            and not any(spans[p] for p in rule.none)
        }
        assert {hit.theme: list(hit.spans) for hit in fired} == expected
        assert [hit.theme for hit in fired] == sorted(expected)
        for hit in fired:
            assert [e.text for e in hit.evidence] == [text[start:end] for start, end in hit.spans]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.text(SIGNS, max_size=25), st.text(max_size=12)), max_size=5))
def test_words_and_sentences_of_many_texts_are_those_of_each(many: list[str]) -> None:
    tokens = Tokens.of(many)
    for row, text in enumerate(many):
        here = slice(*tokens.bounds[row : row + 2].tolist())
        printed = [tokens.words[number] for number in tokens.ids[here].tolist()]
        starts = (tokens.starts[here] - tokens.offsets[row]).tolist()
        ends = (tokens.ends[here] - tokens.offsets[row]).tolist()
        words = tokenise(text)
        assert list(zip(map(lowered, printed), starts, ends, strict=True)) == words
        assert printed == [text[word.start : word.end] for word in words]
        parted = np.diff(tokens.sentences[here]) > 0
        assert parted.tolist() == (np.diff(sentences(text, words)) > 0).tolist()


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, max_size=4))
def test_the_word_table_holds_every_abbreviation_that_is_found(many: list[str]) -> None:
    table = word_table(Tokens.of(many), ABBREVIATIONS)
    for row, text in enumerate(many):
        here = slice(*table.bounds[row : row + 2].tolist())
        words = [table.vocabulary[number] for number in table.ids[here].tolist()]
        told = list(zip(words, table.starts[here].tolist(), table.ends[here].tolist(), strict=True))
        mentions = [(m.short, m.start, m.end) for m in ABBREVIATIONS.find(text)]
        assert [one for one in told if one in mentions] == mentions
        assert told == sorted(told, key=lambda one: one[1])
        assert all(before[2] <= after[1] for before, after in pairwise(told))


def test_a_rule_is_aside_only_where_nothing_that_it_meets_is_asked() -> None:
    rules = RuleSet.of(taxonomy(Rule(any=("genogram*",)), Rule(all=("genogram*", "midwives"))))
    many = [
        "No genogram was found. Midwives should ask.",
        "No genogram was found. Midwives should draw a genogram.",
        "Midwives were late. No genogram was drawn. Police should visit.",
        "Officers should draw genograms.",
    ]
    hits = rules.of_many(many)
    assert [[(hit.theme, hit.aside) for hit in one] for one in hits] == [
        [("t0", True), ("t1", False)],
        [("t0", False), ("t1", False)],
        [("t0", True), ("t1", True)],
        [("t0", False)],
    ]
    assert [[e.start for e in hit.evidence] for hit in hits[1]] == [[46], [23, 46]]


def test_texts_do_not_run_into_each_other() -> None:
    rules = RuleSet.of(taxonomy(Rule(any=("share [5] information", "domestic abuse"))))
    assert rules.of_many(["share", "information", "domestic", "abuse", ""]) == [[]] * 5
    assert [len(hits) for hits in rules.of_many(["share the information", "x", "DA"])] == [1, 0, 1]


def test_no_texts_and_no_rules_are_no_hits() -> None:
    assert RuleSet.of(taxonomy(Rule(any=("police",)))).of_many([]) == []
    assert RuleSet.of(Taxonomy(groups=())).of_many(["police", ""]) == [[], []]
    assert RuleSet.of(taxonomy(Rule(pattern="a+"))).of_many(["", "—"]) == [[], []]


def test_a_word_said_over_and_over_keeps_no_phrase_from_an_answer() -> None:
    text = "share " * 3_000
    steps = " [40] ".join(["share"] * 12)
    rules = RuleSet.of(taxonomy(Rule(any=(steps, f"{steps} police"))))
    [hit] = rules.themes(text)
    assert hit.spans == ((0, 71),)


def test_a_pattern_is_one_of_all_and_tells_its_first_match() -> None:
    rules = RuleSet.of(
        taxonomy(
            Rule(pattern=r"\b[A-Z]{3}\b"),
            Rule(any=("police",), pattern="é+"),
            Rule(all=("police", "share"), pattern="(?i)POLICE", none=("desk",)),
        )
    )
    hits = rules.of_many(["The police share éé é", "“ABC”, then DEF", "police share desk"])
    told = [[(hit.theme, hit.spans) for hit in one] for one in hits]
    assert told == [
        [("t1", ((4, 10), (17, 19))), ("t2", ((4, 10), (11, 16)))],
        [("t0", ((1, 4),))],
        [],
    ]


def test_many_patterns_find_what_each_finds_alone() -> None:
    patterns = [rf"(?i)^(\W*\w+){{0,{n % 5}}}?\W*\b(w{n}|x{n % 7})\b" for n in range(70)]
    many = [f"a b, w{n} and X{n % 9}; é w{n + 1}" for n in range(60)]
    spots = PatternSet(patterns).find(many)
    columns = (spots.phrases, spots.rows, spots.starts, spots.ends)
    found = {(p, row): span for p, row, *span in np.stack(columns, axis=1).tolist()}
    alone = {
        (number, row): list(match.span())
        for number, pattern in enumerate(patterns)
        for row, text in enumerate(many)
        if (match := re.search(pattern, text))
    }
    assert found == alone


def test_a_faulty_phrase_or_pattern_is_named_with_its_place() -> None:
    for rule, told in ((Rule(any=("[2] share",)), "gap"), (Rule(pattern="("), "RE2")):
        with pytest.raises(TaxonomyError, match=told) as caught:
            RuleSet.of(taxonomy(Rule(any=("police",)), rule))
        assert caught.value.place == "theme t1, rule 1"


def test_a_gap_is_as_wide_leftwards_from_the_rarest_word() -> None:
    """A place with alternatives of one and of two words, and more such words than of the next."""
    rules = RuleSet.of(taxonomy(Rule(any=("old/multi-agency [1] police",))))
    many = ["old a b police", "old a police", "multi-agency a police", "old old multi agency old"]
    assert [[hit.spans for hit in one] for one in rules.of_many(many)] == [
        [],
        [((0, 12),)],
        [((0, 21),)],
        [],
    ]


def test_a_capital_at_the_very_beginning_opens_a_sentence() -> None:
    table = word_table(Tokens.of(["Aa", "Bo saw Cy. Du"]), ABBREVIATIONS)
    forms = dict(zip((table.vocabulary[at] for at in table.ids), table.forms.tolist(), strict=True))
    assert forms == {"aa": OPENING, "bo": OPENING, "saw": PLAIN, "cy": NAME, "du": OPENING}
