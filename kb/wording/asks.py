"""Where a recommendation asks for something: the verb, who is to do it, and what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.text.tokens import Token, stem, tokenise
from kb.wording.practice import Practice, Span

_SENTENCE_END = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bNo)[.!?;:]\s+|\n")
_MODALS = frozenset({"should", "must", "shall", "ought"})
_SKIPPED = frozenset({"also", "now", "then", "always", "both", "all", "jointly", "to", "not"})
_DOES = frozenset({"receive", "attend", "complete", "undertake"})
_DONE = frozenset({"trained", "retrained", "briefed", "reminded"})
_SAME_THING = frozenset({"it", "them"})  # "list the dates and keep them" is one ask
_LONGEST = 400


@dataclass(frozen=True)
class Ask:
    """One thing asked: ``subject`` who is to do it, ``verb`` as printed, ``rest`` what follows.

    ``is_passive`` tells "to be reviewed", where the subject is what it is done to.
    """

    subject: tuple[Token, ...]
    verb: Token
    rest: tuple[Token, ...]
    is_passive: bool
    is_negated: bool

    @property
    def span(self) -> Span:
        """Where the verb stands."""
        return self.verb.start, self.verb.end

    def is_one_of(self, verbs: frozenset[str]) -> bool:
        """Whether its verb, in whatever form, is one of these."""
        return self.verb.text in verbs or stem(self.verb.text) in {stem(verb) for verb in verbs}


def asks_of(text: str, practice: Practice) -> list[Ask]:
    """What a text asks for, in order; sentences that only tell what happened ask for nothing."""
    return [
        ask
        for words in _sentences(text)
        if len(words) <= _LONGEST
        for ask in _asks_in(words, practice)
    ]


def _sentences(text: str) -> Iterator[list[Token]]:
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    words = tokenise(text)
    at = 0
    for end in [*ends, len(text)]:
        sentence = []
        while at < len(words) and words[at].start < end:
            sentence.append(words[at])
            at += 1
        if sentence:
            yield sentence


def _asks_in(words: Sequence[Token], practice: Practice) -> Iterator[Ask]:
    marker = _marker(words, practice)
    if marker is None:
        if words[0].text not in practice.words["verbs"] or len(words) < 3:
            return
        verb, passive, negated = 0, False, False
        subject: tuple[Token, ...] = ()
    else:
        verb = marker + 1
        while verb < len(words) and _is_skipped(words[verb]):
            verb += 1
        at = verb + 1
        while at < len(words) and _is_skipped(words[at]):
            at += 1
        passive = words[verb : verb + 1] != [] and words[verb].text == "be"
        passive = passive and at < len(words) and _is_participle(words[at], practice)
        verb = at if passive else verb
        if verb >= len(words):
            return
        subject = tuple(words[:marker])
        negated = any(word.text in ("not", "never", "no") for word in words[marker:verb])
    if _tells_what_was(words, verb, practice):
        return
    main = Ask(subject, words[verb], tuple(words[verb + 1 :]), passive, negated)
    yield _ensured(main) or main
    if not passive:
        yield from _joined(words, verb, main, practice)


def _ensured(main: Ask) -> Ask | None:
    """What is to be made sure of in "ensure that all midwives are trained"."""
    if main.verb.text != "ensure":
        return None
    for at, word in enumerate(main.rest):
        is_passive = word.text in _DONE and at > 0 and main.rest[at - 1].text in ("are", "is", "be")
        if is_passive or (word.text in _DOES and at > 1):
            return Ask(main.rest[:at], word, main.rest[at + 1 :], is_passive, main.is_negated)
    return None


def _tells_what_was(words: Sequence[Token], verb: int, practice: Practice) -> bool:
    """Whether it is said of the past: "should have taken"."""
    after = words[verb + 1].text if verb + 1 < len(words) else ""
    perfect = after in practice.words["perfect"] or after.endswith("ed")
    return words[verb].text == "have" and perfect


def _is_participle(word: Token, practice: Practice) -> bool:
    return word.text.endswith("ed") or word.text in practice.words["participles"]


def _is_skipped(word: Token) -> bool:
    return word.text in _SKIPPED or word.text.endswith("ly")


def _marker(words: Sequence[Token], practice: Practice) -> int | None:
    """The place of the first "should", or of the "to" of "GPs to ask"."""
    modal = next((at for at, word in enumerate(words) if word.text in _MODALS), None)
    if modal is None and _opens_with_to(words, practice):
        return 0
    for at, word in enumerate(words[: len(words) if modal is None else modal]):
        if word.text == "to" and at and _is_plan_style(words, at, practice):
            return at
    return modal


def _opens_with_to(words: Sequence[Token], practice: Practice) -> bool:
    """Whether a sentence is "To include a line on …" and tells nothing else."""
    opens = len(words) > 2 and words[0].text == "to" and words[1].text in practice.words["verbs"]
    return opens and not practice.words["finite"] & {word.text for word in words}


def _is_plan_style(words: Sequence[Token], at: int, practice: Practice) -> bool:
    """Whether a "to" before any "should" asks: nothing before it is a finite verb but "is to"."""
    if at + 1 >= len(words):
        return False
    after = words[at + 1].text
    if after != "be" and not _is_skipped(words[at + 1]) and after not in practice.words["verbs"]:
        return False
    before = [word.text for word in words[:at]]
    if before[-1] in ("is", "are") or before[-1] in practice.words["addressed"]:
        before = before[:-1]
    if before and before[-1] in ("is", "are"):
        before = before[:-1]
    if not before or before[-1] in practice.words["before_no_ask"] or before[-1].endswith("ed"):
        return False
    return not practice.words["finite"] & set(before)


def _joined(words: Sequence[Token], verb: int, main: Ask, practice: Practice) -> Iterator[Ask]:
    """Further verbs that "and" or a comma joins to the main one, where they surely are verbs."""
    for at in range(verb + 2, len(words) - 1):
        word, before = words[at], words[at - 1]
        is_joined = before.text in ("and", "then") or before.end + 1 < word.start
        if is_joined and _surely_asks(word.text, words[at + 1].text, practice):
            yield Ask(main.subject, word, tuple(words[at + 1 :]), False, False)


def _surely_asks(word: str, after: str, practice: Practice) -> bool:
    if word not in practice.words["verbs"] or after in _SAME_THING:
        return False
    return word in practice.words["never_nouns"] or after in practice.words["determiners"]
