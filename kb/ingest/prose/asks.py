"""Whether a sentence asks somebody to do something, who is asked, and what a lead-in leads to."""

from __future__ import annotations

import re

from kb.text.agencies import Agencies
from kb.text.normalise import fold, fold_space
from kb.text.patterns import late

_VERBS = (
    r"accept|acknowledge|act|add|address|adopt|advise|agree|align|allocate|allow|amend|apply|"
    r"appoint|appraise|approach|arrange|ask|assess|assign|assist|assure|attach|attend|audit|"
    r"avoid|brief|bring|build|carry|cascade|cease|challenge|change|check|circulate|clarify|"
    r"close|co-?ordinate|collaborate|collate|commission|communicate|complete|conduct|confirm|"
    r"consider|consult|continue|convene|count|create|deliver|demonstrate|describe|design|"
    r"determine|develop|devise|dip[- ]?sample|direct|discuss|display|disseminate|distribute|"
    r"document|draft|draw|educate|embed|emphasi[sz]e|empower|enable|encourage|end|enforce|"
    r"engage|enhance|ensure|equip|escalate|establish|evaluate|evidence|examine|expand|expect|"
    r"explain|explore|extend|facilitate|factor|finali[sz]e|find|flag|focus|follow|formali[sz]e|"
    r"foster|fulfil|fund|gain|gather|give|guide|help|hold|host|identify|implement|improve|"
    r"include|incorporate|increase|inform|initiate|insert|install|integrate|intervene|introduce|"
    r"invest|investigate|invite|issue|join|keep|launch|lead|learn|liaise|link|listen|lobby|log|"
    r"look|maintain|make|mandate|map|mark|maximi[sz]e|meet|mentor|monitor|move|name|nominate|"
    r"notify|obtain|offer|open|organi[sz]e|oversee|participate|pay|pilot|plan|prepare|present|"
    r"prevent|prioriti[sz]e|produce|promote|prompt|propose|protect|provide|publicise|publish|"
    r"put|raise|re-?assure|re-?commission|re-?design|reach|read|reaffirm|recogni[sz]e|"
    r"reconsider|record|recruit|redraft|refer|reflect|refresh|reinforce|reissue|reiterate|"
    r"relaunch|remind|remove|renew|replace|report|request|require|research|resource|respond|"
    r"restrict|retain|review|revise|revisit|roll|run|scope|screen|scrutini[sz]e|search|secure|"
    r"seek|select|send|set|shadow|share|signpost|simplify|source|speak|standardi[sz]e|stipulate|"
    r"stop|strengthen|study|submit|summari[sz]e|supervise|support|survey|sustain|take|target|"
    r"teach|tell|test|track|train|trial|understand|undertake|update|upgrade|upskill|use|"
    r"utili[sz]e|verify|view|visit|widen|work|write"
)
_IMPERATIVE = late(
    rf"(?:that |to |please |(?:urgently|further|formally|jointly|fully|continue to|together,?) )*"
    rf"(?:{_VERBS})\b(?!\s*[:–-])(?!ed\b)",
    re.IGNORECASE,
)
_MODAL = late(
    r"\b(?:(?:should|must|shall|ought to)(?! (?:have|also have) (?!(?:a|an|the|in|clear|access|"
    r"robust|regular|due|regard|appropriate|sufficient|systems?|processes|policies|training|at)\b))"
    r"(?! be noted)|(?:needs?|is required|are required|is asked|are asked|is invited|are invited|"
    r"is urged|are urged|is encouraged|are encouraged|is recommended|are recommended|has|have) to"
    r"(?! (?:have|be noted))|(?:is|are) to (?=[a-z]+(?! ?ed\b))|to be [a-z-]*(?:ed|en|built|"
    r"set|put|made|held|sent|kept|sought|run|told|taught|shown|done|drawn|brought|bought|paid|met)"
    r"\b|recommend(?:s|ed)?\b(?! (?:by|in)\b)|"
    r"recommendation is)",
    re.IGNORECASE,
)
_TO_ACT = late(
    r"(?:The |All |Each )?[A-Z][\w'’&/().,-]*(?: (?:[A-Z(&][\w'’&/().,-]*|and|of|for|the|in|"
    r"with|partners?|agencies|services?)){0,11} to (?:also |jointly |formally )?"
    rf"(?:{_VERBS}|have)\b"
)
_WORDY_TO_ACT = late(rf"[A-Z][^.;:]{{2,80}}? to (?:{_VERBS}|have)\b")
_STRONG = late(
    r"(?:(?:it is|we|i|(?:the |this )?(?:dhr |review |independent |overview |report )*"
    r"(?:panel|chair|author|review|report|dhr))[^.]{0,60}? recommend(?:s|ed)?\b|recommended that\b|"
    r"that (?:the )?[A-Z])",
    re.IGNORECASE,
)
_TOLD = late(
    r"\b(?:was|were|had|did|has been|have been|has (?:already|since)|have (?:already|since)|"
    r"is (?:already|now)|are (?:already|now)|told|considered|felt|noted|found|heard|identified|"
    r"acknowledged|agreed|demonstrated|reported|explained|showed|said|stated|asked|"
    r"made (?:no|a|the)|recommended (?:by|in)|states|shows|believes?)\b",
    re.IGNORECASE,
)
_TOLD_OR_IS = late(rf"{_TOLD.pattern}|\b(?:is|are|been|being)\b", re.IGNORECASE)
_REPORTED = late(
    r"(?<!that )(?<!which )(?<!who )(?<!where )\b(?:was|were|had|did|has been|have been)\b|"
    r"\b(?:told|considered|considers|felt|feels|noted|notes|found|heard|identified|acknowledged|"
    r"agreed|reported|explained|showed|shows|said|stated|states|asked|believed|believes?|"
    r"concluded|suggested|expected) (?:\w+ )?(?:that|whether|if|how)\b",
    re.IGNORECASE,
)
_INTRODUCES = late(
    r"(?:\b(?:following|below|these|overarching|above|below|overleaf)\b[^.]{0,60}\brecommendations?\b|"
    r"\brecommendations?\b[^.]{0,90}\b(?:are|is|were|was|have been|has been|will be|can be|"
    r"should be|must be|be (?:read|seen|considered)|follow|below|made|set out|listed|grouped|arise|"
    r"relate|reflect|build|address|aim|seek|below)\b|"
    r"^(?:this|the (?:next|final|following)) (?:section|chapter|part)\b|"
    r"\b(?:makes?|made|making|sets? out|outlines?|lists?|contains?)\b[^.]{0,60}"
    r"\brecommendations?\b|"
    r"^recommends? the following|^(?:the )?(?:panel|review|chair|author|dhr)\b[^.]{0,40}"
    r"\brecommends? (?:the following|as follows|:)|"
    r"^(?:the )?following (?:actions?|steps|measures)\b)",
    re.IGNORECASE,
)
_SEES_TO_THEM = late(
    r"\b(?:assurance|progress|updates?|report(?:s|ed|ing)?|evidence|action plans?) "
    r"(?:\w+ )?(?:on|of|against|for|from|with) (?:(?:each|all|any|every)(?: one)? of )?"
    r"(?:these|them|the (?:above|following|recommendations))\b",
    re.IGNORECASE,
)
_LEADS_ON = late(
    r"(?:\b(?:should|must|shall|to|that|will|ought to|recommends?|recommended|should (?:also|"
    r"therefore|now|jointly|together)|must also|that (?:they|it|he|she)|should each)"
    r"|\bto the following (?:agencies|bodies))\s*(?:[:–—-]+|…|\.\.\.)?\s*$",
    re.IGNORECASE,
)
_LEADS_ON_WITH_NAME = late(
    r"(?:\brecommend(?:s|ed)? that|\brecommend(?:s|ed)? to|^that) (?P<who>[^.;:]{2,90}?)"
    r"(?: (?:in partnership|together|working|jointly) with [^.;:]{2,80}?)?\s*[:–—-]+\s*$",
    re.IGNORECASE,
)
_HEAD = late(
    r"(?:(?:(?:it is|we|i|(?:the |this )?(?:dhr |review |independent |overview |report )*(?:panel|"
    r"chair|author|review|report|dhr))\b(?: (?:therefore|further|also|strongly|again|thus))* "
    r"recommend(?:s|ed)?|recommended)(?: (?:therefore|further|also))?,?:? (?:that|to):?\s+|"
    r"that:?\s+|"
    r"the recommendation is (?:that|for)\s+)?",
    re.IGNORECASE,
)
_MEASURE = late(
    r"(?:mandatory|regular|improved|increased|better|greater|further|clear(?:er)?|continued|joint|"
    r"refresher|training|development|introduction|creation|establishment|provision|promotion|"
    r"implementation|consideration|dissemination|inclusion|publication|assurance|delivery|adoption|"
    r"commissioning|enhanced|stronger|(?!during|following|according|despite|regarding|concerning|"
    r"nothing|something|being|having)[a-z]+ing)\b",
    re.IGNORECASE,
)
_DUTY = (
    r"(?:should|must|shall|will|needs?\s+to|ought\s+to|(?:is|are)\s+(?:asked|to|required|invited|urged|"
    r"recommended|encouraged)|has\s+to|have\s+to)\b"
)
_ACTS = late(
    rf"[,:]?\s+(?:(?P<duty>{_DUTY})|to\s+(?=(?:{_VERBS})\b)|"
    rf"(?=(?:(?:{_VERBS})(?:e?s)?|\w+ifies|carries|applies|has|is)\b))",
    re.IGNORECASE,
)
_NAME_WORDS = 9
_LONGEST_NAME = 160  # characters, of who is asked
_ASIDE_CLAUSE = late(
    r"(?:,? (?:in partnership with|together with|working with|in conjunction with|"
    r"in collaboration with|supported by|through|via|alongside|as part of|in consultation with|"
    r"with the support of)\b.*|,? (?:also|therefore|jointly|urgently|now|each|all|both))+$",
    re.IGNORECASE,
)
_CLAUSE_BEFORE = late(
    r"(?:when|whenever|where|if|once|after|before|following|until|while|as|in order to|to)\b"
    r"[^,;:.]{3,120},\s+",
    re.IGNORECASE,
)
_QUOTED = late(r"[‘“\"](?:[^‘’“”\"]|(?<=\w)’(?=\w)){1,80}[’”\"]|(?<!\w)'[^']{1,80}'(?!\w)")
_CONTINUES = late(
    r"(?:this|these|it|they|such|in addition|additionally|furthermore|in doing so|as part of this|"
    r"the (?:training|policy|guidance|audit|review|work|briefing|pathway|process|campaign)|"
    r"any|where|when|to (?:do|achieve|support) this)\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether any sentence of a text asks for something ("should", "Review …", "is to")."""
    return any(_sentence_asks(sentence) for sentence in sentences(text))


def asks_outright(text: str) -> bool:
    """Whether its first sentence says "it is recommended" or names somebody who should act."""
    first = next(iter(sentences(text)), "")
    if not _sentence_asks(first):
        return False
    named = first.lower().split()[0] not in _VAGUE
    return bool(_STRONG.match(first) or (named and (_MODAL.search(first) or _TO_ACT.match(first))))


_VAGUE = {
    "this", "these", "those", "it", "they", "he", "she", "there", "which", "who", "what", "such",
    "and", "but", "if", "where", "when", "had", "whether", "how", "as", "an", "a", "any",
    "professionals", "practitioners", "lessons",
}  # fmt: skip


def tells(text: str) -> bool:
    """Whether a text tells what was or is, and asks for nothing."""
    told = _TOLD.search(text) or re.search(r"\b(?:is|are)\b", text)
    promised = re.search(r"\bwill\b", text)
    if promised and told and promised.start() < told.start():
        return False
    return told is not None and not asks(text)


def names_a_measure(text: str) -> bool:
    """Whether a text names what is to be done without a verb ("Mandatory training for GPs.")."""
    return bool(_MEASURE.match(text)) and not tells(text)


def introduces(text: str) -> bool:
    """Whether a text only says that recommendations follow, how they were made or are seen to."""
    if _SEES_TO_THEM.search(fold_space(text)) and len(sentences(text)) == 1:
        return True
    return bool(_INTRODUCES.search(fold_space(text))) and not _asks_beyond(text)


def announces(text: str) -> bool:
    """Whether a text says that this review's recommendations follow ("… the following …:")."""
    said = re.search(r"\bfollowing (?:[\w-]+ ){0,3}recommendations?\b", text, re.IGNORECASE)
    earlier = r"\b(?:earlier|previous(?:ly)?|past|prior|other|agency's own)\b"
    return said is not None and not re.search(earlier, text, re.IGNORECASE)


def leads_on(text: str) -> bool:
    """Whether a text is the beginning of each part of the list below it ("The CSP should:")."""
    last = fold_space(text)
    if re.search(r"\bfollowing\b[^.]*$", last, re.IGNORECASE):
        return bool(re.search(r"\b(?:should|must|to|that)\s*[:–-]*\s*$", last))
    if _LEADS_ON.search(last):
        return True
    named = _LEADS_ON_WITH_NAME.search(last)
    return bool(named) and not _MODAL.search(named["who"]) if named else False


def is_name(text: str) -> bool:
    """Whether words are a name or a title: few, no sentence and nobody's duty."""
    words = text.strip()
    is_sentence = words.endswith((".", ";")) or "\n" in words or obliges(words)
    return 0 < len(words.split()) <= _NAME_WORDS and not is_sentence


def goes_on(text: str) -> bool:
    """Whether a paragraph begins as one that goes on from the ask before it ("This should …")."""
    return bool(_CONTINUES.match(text))


def addressee(text: str, agencies: Agencies) -> str | None:
    """Who is asked, as printed at the head of the ask, where it is a known agency."""
    for sentence in sentences(text):
        if not _sentence_asks(sentence) and not leads_on(sentence):
            continue
        head = _HEAD.match(sentence)
        start = head.end() if head else 0
        return _acting(sentence[start:], agencies)
    return None


def _acting(sentence: str, agencies: Agencies) -> str | None:
    """The known agency before the first word of duty, or before a verb on the way to it."""
    named, colon, _ = sentence[:_LONGEST_NAME].partition(":")
    if colon and (found := known_agency(named, agencies)):
        return found
    sentence = _CLAUSE_BEFORE.sub("", sentence)
    for mark in _ACTS.finditer(sentence[:_LONGEST_NAME]):
        found = known_agency(_ASIDE_CLAUSE.sub("", sentence[: mark.start()]), agencies)
        if found or mark["duty"]:
            return found
    return None


def known_agency(text: str, agencies: Agencies) -> str | None:
    """The name in a text that is one agency or a list of agencies, without "the"; else None."""
    whole = text.strip(" :,.–-")
    bare = re.sub(r"^the\s+(?=\S)", "", whole, flags=re.IGNORECASE)
    for form in (bare, whole, re.sub(r"^all\s+(?=\S)", "", whole, flags=re.IGNORECASE)):
        if (
            0 < len(form.split()) <= 14
            and agencies.knows(form.replace("’", "'"))
            and not _NO_NAME.search(form)
        ):
            return form
    return None


_NO_NAME = late(
    r"\b(?:should|must|will|who|which|that|staff|professionals|practitioners|commissioned|"
    r"and health services in)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The sentences of a text; an abbreviation before a small letter ends none."""
    parts = re.split(r"(?<=[.!?])[\s”’\"]+(?=[A-Z“‘(\[])|\n+", text.strip())
    return [part.strip() for part in parts if part.strip()]


def obliges(text: str) -> bool:
    """Whether a text has a word of duty that does not look back ("should", "is to", "must")."""
    return bool(_MODAL.search(text) or _TO_ACT.match(text))


def _sentence_asks(sentence: str) -> bool:
    if _TO_ACT.match(sentence) or re.match(r"that \S", sentence, re.IGNORECASE):
        return True
    first = _QUOTED.sub("", sentence).split(",", maxsplit=1)[0]
    if _IMPERATIVE.match(sentence) and not _TOLD.search(first):
        return True
    named, colon, rest = sentence[:_LONGEST_NAME].partition(": ")
    if colon and len(named.split()) <= 8 and _IMPERATIVE.match(rest):
        return True
    modal = _MODAL.search(sentence)
    if modal is None:
        return bool(_WORDY_TO_ACT.match(sentence)) and not _TOLD_OR_IS.search(sentence)
    before = sentence[: modal.start()]
    told = _REPORTED.search(before)
    return told is None or bool(re.search(r"\brecommend", sentence[told.start() :], re.I))


def _asks_beyond(text: str) -> bool:
    """Whether some sentence asks and does not speak of the recommendations themselves."""
    return any(
        _sentence_asks(sentence) and not re.search(r"\brecommend", fold(sentence))
        for sentence in sentences(text)
    )
