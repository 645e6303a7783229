"""The spellings of a word as one: British and American, and pairs such as adviser and advisor.

Every word is folded to one spelling before its stem is taken, in the index as in a query, so a
variant counts as much as what was typed. Only search does this: tags and the duplicate check read
words as they are printed. The spelling kept need not be a word ("labouratory"): nobody sees it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kb.text import tokens
from kb.text.patterns import late

# Stands before a folded spelling in the vocabulary, apart from words that somebody printed.
MARK = "="

_OUR = (
    "arm|behavi|cand|clam|col|demean|misdemean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|"
    "od|parl|ranc|rig|rum|sav|splend|tum|val|vap|vig"
)
_RE = "calib|cent|fib|lit|maneuv|(?:centi|kilo|milli)?met|theat"
# What a word must hold for a rule to be tried, its pattern, and what stands for what that meets.
_RULES: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = tuple(
    (tuple(held.split()), late(pattern), kept)
    for held, pattern, kept in (
        # organize, organisation (not: prize), analyze
        ("iz", r"(?<=[a-z]{2})(?<!pr)iz(?=e[srd]?$|ers$|ing$|ations?$|ational$|able$)", "is"),
        ("lyz", r"(?<=[a-z]l)yz(?=e[srd]?$|ers$|ing$)", "ys"),
        # behavior, unfavorable, honorary; the other way round: centre, metres, manoeuvring
        ("or", rf"^((?:dis|mis|un)?(?:{_OUR}))or", r"\1our"),
        ("manoeuv", r"^manoeuv", "maneuv"),
        ("re", rf"^({_RE})re(?=s?$)", r"\1er"),
        ("red ring", rf"^({_RE})r(?=ed$|ing$)", r"\1er"),
        # counsellor, fuelled (the stem has cancelled and the like), fulfill, enrollment, skillful
        ("counsell", r"^counsell(?=ors?$)", "counsel"),
        ("lled lling", r"^(dial|duel|fuel|trial)l(?=ed$|ing$)", r"\1"),
        ("marvell", r"^marvell(?=ous)", "marvel"),
        ("ll", r"^(distil|enrol|fulfil|instal|instil)l(?=s?$|ments?$)", r"\1"),
        ("illful", r"^(ski|wi)ll(?=ful)", r"\1l"),
        # defense, licensing, practise
        ("ense", r"^(def|off|pret)ens(?=es?$|eless$)", r"\1enc"),
        ("licens practis", r"^(licen|practi)s(?=e[des]?$|ing$|able$)", r"\1c"),
        # programmes, dialogue, judgment, advisor, enquiry
        ("gramme", r"grammes?$", "gram"),
        ("logue", r"(?<=[a-z]{3}log)ue(?=s?$)", ""),
        ("dgment", r"dgment", "dgement"),
        ("advisor convenor protestor", r"^(advis|conven|protest)or(?=s?$)", r"\1er"),
        ("enquir", r"^enquir", "inquir"),
        # paediatric, anaesthetic, foetus, oestrogen
        ("ae", r"^(an|encyclop|f|gyn|h|isch|leuk|orthop|p|septic)ae(?=[cdms])", r"\1e"),
        ("foe rrhoe", r"^(diarrh|f)oe(?=[at])", r"\1e"),
        ("oe", r"^oe(?=str|soph|dem)", "e"),
        # single words
        ("biass focuss", r"^(bias|focus)s(?=e[ds]$|ing$)", r"\1"),
        ("eable", r"^(lik|siz|un?us)eable$", r"\1able"),
        ("nt mt lt", r"^(burn|dream|lean|learn|spoil)t$", r"\1ed"),
        ("amongst", r"^amongst$", "among"),
        ("wards", r"^(toward|afterward|backward|forward)s$", r"\1"),
        ("skeptic", r"^skeptic", "sceptic"),
        ("artifact", r"^artifact", "artefact"),
        ("gray", r"^gray(?=s?$|er$)", "grey"),
    )
)


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """A lower-case word in the one spelling that stands for all of its spellings."""
    for held, pattern, kept in _RULES:
        for part in held:  # a loop, since all words of an index come through here
            if part in word:
                word = pattern.sub(kept, word)
                break
    return word


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a lower-case word, the same for all of its spellings."""
    return tokens.stem(folded(word.removesuffix("'s")))


def beginnings(start: str) -> tuple[str, ...]:
    """What the words of the vocabulary begin with that ``start*`` asks for."""
    one = folded(start)
    one = f"{one[:-2]}is" if one.endswith("iz") else one
    return tuple(dict.fromkeys((start, one, MARK + one)))


def vocabulary(word: str) -> tuple[str, ...]:
    """A word as the vocabulary holds it: as printed, and where it differs its folded spelling."""
    one = folded(word)
    return (word,) if one == word else (word, MARK + one)
