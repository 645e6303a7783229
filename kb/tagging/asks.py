"""Which stretches of a recommendation are only the setting of what it asks.

A recommendation often tells what happened, what the review found or why it asks. A theme named
only there is not asked for. What says for whom or when a thing is to be done ("where a tenant is
in arrears", "if a patient self-harms") is not setting: such conditions mostly carry the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from kb.tagging.tokens import Tokens

Span = tuple[int, int]

# Without one of these words no clause tells reason or occasion (see ``_CLAUSE``); openers are
# among the first words of a sentence.
_OPENERS = frozenset("after as while whilst with".split())
_AMONG_FIRST = 4
_CUES = frozenset(
    "following since because given light view wake despite although though even happened".split()
)

_BREAK = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"'(0-9])|(?<=;)\s+|\n+")
_ASK = re.compile(
    r"\b(?:should|must|shall|ought|needs? to|recommend\w*|consideration|to [a-z]+|be \w+ed"
    r"|will|asks?|please|let|make|ensure)\b",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\b(?:should|must|shall|ought|needs? to|(?:is|are) to|recommend\w*)\b", re.IGNORECASE
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|didn['’]t|could not|couldn['’]t|would have|knew|has been|have been"
    r"|nobody|no one|none|never|found|told|said|heard)\b",
    re.IGNORECASE,
)
# What an ask says too ("never", "nobody", "has been", "to be told") makes no tale of a sentence.
_TALE = re.compile(
    r"\b(?:was|were|had|did|didn['’]t|could not|couldn['’]t|would have|knew"
    r"|(?<!\bbe )(?<!\bbeing )(?<!\bbeen )(?<!\bis )(?<!\bare )(?<!\bhas )(?<!\bhave )"
    r"(?:found|told|said|heard))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:^\W*(?:that\s+)?(?:for consideration:?\s+)?(?:after|as|while|whilst|with)\b"
    r"|\b(?:(?<!the )following(?! up)|since|because|given(?=\s+(?:that|the|how|what))"
    r"|in (?:the )?(?:light|view|wake) of|despite|although|though|even (?:though|if|where|when)"
    r"|as happened)\b)[^,;:.()]{3,220}",
    re.IGNORECASE,
)
_OCCASION = re.compile(r"\W*(?:after|as|while|whilst|with|following)\b", re.IGNORECASE)


def may_tell_settings(tokens: Tokens) -> npt.NDArray[np.bool_]:
    """Which texts may have a setting: those of several sentences or with a cue, bool[n].

    Of most texts this says at once that ``settings`` finds nothing there.
    """
    cues = np.asarray([_cue(word) for word in tokens.words], dtype=np.int8)[tokens.ids]
    rows, at = tokens.rows(), np.arange(len(tokens))
    is_first = at - tokens.bounds[rows] < _AMONG_FIRST
    told = np.bincount(rows[(cues == 1) | (cues == 2) & is_first], minlength=len(tokens.texts)) > 0
    breaks = tokens.sentence_breaks()
    told[np.searchsorted(tokens.offsets, breaks, side="right") - 1] = True
    return told


@lru_cache(maxsize=200_000)
def _cue(printed: str) -> int:
    """1 for a word that is or holds a cue, 2 for an opener, else 0.

    A word beyond ASCII counts as a cue: its signs may fold into those of one.
    """
    parts = printed.lower().split("'")
    if not printed.isascii() or not _CUES.isdisjoint(parts):
        return 1
    return 0 if _OPENERS.isdisjoint(parts) else 2


def settings(text: str) -> list[Span]:
    """The stretches of a text that only set the scene, as character offsets in order.

    Whole sentences of a text that asks elsewhere, where they tell of the past or, at its end, ask
    nothing; and clauses of reason or occasion.
    """
    end = len(text.rstrip())
    bounds = [0, *(found.end() for found in _BREAK.finditer(text, 0, end)), end]
    sentences = list(pairwise(bounds))
    if len(sentences) == 1:
        return list(_clauses(text[:end], 0))
    asks = [bool(_ASK.search(text, first, last)) for first, last in sentences]
    found: list[Span] = []
    for number, (first, last) in enumerate(sentences):
        if asks[number]:
            is_tale = bool(_TALE.search(text, first, last))
            is_scene = is_tale and sum(asks) > 1 and not _DUTY.search(text, first, last)
        else:
            is_past = bool(_PAST.search(text, first, last))
            is_end = last == end and not text[:first].rstrip().endswith(";")
            is_scene = any(asks) and (is_past or is_end)
        if is_scene:
            found.append((first, last))
        else:
            found += _clauses(text[first:last], first)
    return found


def _clauses(sentence: str, offset: int) -> Iterator[Span]:
    """The clauses of reason or occasion in a sentence that holds more than one of them.

    An occasion ends where the duty begins, a comma or none: "after a DASH officers should …".
    """
    for match in _CLAUSE.finditer(sentence):
        first, last = match.span()
        duty = _DUTY.search(sentence, first, last) if _OCCASION.match(match[0]) else None
        if duty:
            last = duty.start()
        if first > 0 or last < len(sentence) - 1:
            yield offset + first, offset + last
