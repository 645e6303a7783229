"""The spellings of a word as one: British and American, and pairs such as adviser and advisor.

Every word is folded to one spelling before its stem is taken, in the index as in a query, so a
variant counts as much as what was typed. Only search does this: tags and the duplicate check read
words as they are printed. The spelling kept need not be a word ("labouratory"): nobody sees it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kb.text import tokens

# Stands before a folded spelling in the vocabulary, apart from words that somebody printed.
MARK = "="

_OUR = (
    "arm|behavi|cand|clam|col|demean|misdemean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|"
    "od|parl|ranc|rig|rum|sav|splend|tum|val|vap|vig"
)
_RE = "calib|cent|fib|lit|maneuv|(?:centi|kilo|milli)?met|theat"
_RULES = tuple(
    (re.compile(pattern), kept)
    for pattern, kept in (
        # organize, organisation (not: prize), analyze
        (r"(?<=[a-z]{2})(?<!pr)iz(?=e[srd]?$|ers$|ing$|ations?$|ational$|able$)", "is"),
        (r"(?<=[a-z]l)yz(?=e[srd]?$|ers$|ing$)", "ys"),
        # behavior, unfavorable, honorary; the other way round: centre, metres, manoeuvring
        (rf"^((?:dis|mis|un)?(?:{_OUR}))or", r"\1our"),
        (r"^manoeuv", "maneuv"),
        (rf"^({_RE})re(?=s?$)", r"\1er"),
        (rf"^({_RE})r(?=ed$|ing$)", r"\1er"),
        # counsellor, fuelled (the stem has cancelled and the like), fulfill, enrollment, skillful
        (r"^counsell(?=ors?$)", "counsel"),
        (r"^(dial|duel|fuel|trial)l(?=ed$|ing$)", r"\1"),
        (r"^marvell(?=ous)", "marvel"),
        (r"^(distil|enrol|fulfil|instal|instil)l(?=s?$|ments?$)", r"\1"),
        (r"^(ski|wi)ll(?=ful)", r"\1l"),
        # defense, licensing, practise
        (r"^(def|off|pret)ens(?=es?$|eless$)", r"\1enc"),
        (r"^(licen|practi)s(?=e[des]?$|ing$|able$)", r"\1c"),
        # programmes, dialogue, judgment, advisor, enquiry
        (r"grammes?$", "gram"),
        (r"(?<=[a-z]{3}log)ue(?=s?$)", ""),
        (r"dgment", "dgement"),
        (r"^(advis|conven|protest)or(?=s?$)", r"\1er"),
        (r"^enquir", "inquir"),
        # paediatric, anaesthetic, foetus, oestrogen
        (r"^(an|encyclop|f|gyn|h|isch|leuk|orthop|p|septic)ae(?=[cdms])", r"\1e"),
        (r"^(diarrh|f)oe(?=[at])", r"\1e"),
        (r"^oe(?=str|soph|dem)", "e"),
        # single words
        (r"^(bias|focus)s(?=e[ds]$|ing$)", r"\1"),
        (r"^(lik|siz|un?us)eable$", r"\1able"),
        (r"^(burn|dream|lean|learn|spoil)t$", r"\1ed"),
        (r"^(among)st$", r"\1"),
        (r"^(toward|afterward|backward|forward)s$", r"\1"),
        (r"^skeptic", "sceptic"),
        (r"^artifact", "artefact"),
        (r"^gray(?=s?$|er$)", "grey"),
    )
)


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """A lower-case word in the one spelling that stands for all of its spellings."""
    for pattern, kept in _RULES:
        word = pattern.sub(kept, word)
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
