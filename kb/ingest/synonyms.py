"""What the columns of action plans are called: field by field, as patterns.

A pattern must match the whole header after folding (lower case, single spaces, no outer
punctuation, ``_`` as a space, everything from "i.e." or "e.g." on dropped). Fields are tried in
this order; a pattern under ``WEAK`` counts only where no other column has taken the field (a
"Lead officer" is the lead agency only in a plan without a "Lead agency").
"""

from __future__ import annotations

_LEAD = (
    r"(?=.*(?:lead|agenc|officer|organi|person|people|responsib|owner|professional|accountable|"
    r"partner|who))(?:(?:lead|leads|agency|agencies|officers?|organisations?|organization|persons?|people|"
    r"responsible|responsibility|owners?|professional|name|accountable|partners?|body|service|"
    r"department|led|who|is|by|whom|for|the|and|or|action|implementation|delivery|post holder)"
    r"(?:\(s\)|\(ies\))?[\s/,&\-]*)+"
)
_DATE = (
    r"(?:target|due|deadline|planned|proposed|expected|estimated|anticipated|agreed|intended|"
    r"implementation|review)"
)

_REC = r"(?:(?:the|key|overview|report|dhr|review|agency|single|single-agency|specific) )*"
_OTHER_FIELD = (
    r"(?:no|nos|num|number|ref|reference|id|status|rag|dates?|timescales?|deadline|lead|leads|"
    r"owners?|officer|agency|agencies|scope|level|outcomes?|progress|themes?|milestones?)"
)

SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": (
        r"(?:recommendation|rec|action|item|serial|ref|reference|report|dhr)?\.? ?"
        r"(?:no|nos|num|number|ref|reference|#)s?",
        r"(?:recommendation|rec|action|item|serial)\.? ?ids?",
        r"(?:rec|s/n|no/ref|ref/no|r)",
    ),
    "recommendation": (
        r"(?:the |key |overview |report |dhr |review |agency |individual |single |single-agency |"
        r"multi-agency |panel |imr |final |specific |smart |full |text of |wording of )*"
        r"recommendations?(?:\(s\))?(?: (?:text|wording|details?|description|made|agreed|"
        r"in full|from the (?:review|report|dhr)|of the (?:review|report|dhr|panel)))*",
        r"recommendations? ?(?:/|and|or) ?(?:learning points?|lessons?|actions?|findings?)",
        rf"{_REC}recommendations?(?:\(s\))?(?: ?[/&,] ?| and | or )(?:the )?"
        rf"(?!(?:[\w'-]+ )*{_OTHER_FIELD}\b)[\w'-]+(?: [\w'-]+){{0,2}}",
        r"text",
    ),
    "scope": (
        r"(?:scope|level)(?: of (?:the )?(?:recommendations?|actions?))?",
        r"(?:local|regional|national)(?:(?: ?/ ?| ?, ?| or | and )+(?:local|regional|national))+",
    ),
    "action": (
        r"(?:key |agreed |required |proposed |smart |planned |agency )*actions?(?:\(s\))?"
        r"(?: (?:to (?:be )?take|to be taken|taken|required|needed|agreed|proposed|planned|"
        r"points?|plan|description|details?|to address.*|to implement.*))?"
        r"(?: ?/ ?(?:to be )?taken)?",
        r"what (?!needs to change)(?:needs to|will|do we need to|we will|is going to|action).*",
        r"how (?:will|are|is).*(?:achieved|implemented|done|delivered)",
        r"agency response",
    ),
    "lead_agency": (rf"(?!.*\b(?:officer|person|people|owner|name|who|whom|post)){_LEAD}",),
    "milestones": (r"(?:key )?(?:milestones?|steps?)\b.*",),
    "outcome": (
        r"(?:date )?(?:of )?complet(?:ion|ed)(?: dates?)? ?(?:and|&|/|,|with) ?"
        r"(?:outcomes?|comments?|evidence|results?|impact)\b.*",
        r"(?:actual )?outcomes?(?: (?:achieved|and impact|and evidence|of (?:the )?action|"
        r"to date|for .*))?(?: ?/ ?impact)?",
        r"outcomes? (?:and|&|/) (?:date (?:of completion|completed)|completion date)",
        r"(?:progress|impact|results?|updates?|current position)(?: ?(?:/|and|&|on) ?.*)?",
        r"(?:progress|status) (?:update|report|to date|made)s?.*",
    ),
    "completed": (
        r"(?:actual )?(?:date )?(?:of )?complet(?:ion|ed)(?: dates?| on)?",
        r"date (?:achieved|closed|of closure|actioned|implemented|signed off)",
        r"(?:closed|achieved|actioned)(?: on| date)?",
    ),
    "target_date": (
        rf"{_DATE}(?: ?/ ?{_DATE})*(?: for)?(?: completion| end)?(?: dates?| by| timescales?)",
        r"target|due|deadline|end date",
        r"complet(?:e|ed|ion) by(?: (?:when|date))?",
        rf"dates? (?:due|for (?:completion|implementation)|to be completed(?: by)?|{_DATE})",
        r"(?:target )?time ?-?(?:scale|frame|line|table)s?(?: for .*)?",
        r"(?:by )?when(?: by)?|to be completed by|completion target",
    ),
    "status": (
        r"(?:current |action |completion |progress |implementation |b?rag )*"
        r"(?:status|b?rag)(?: rating)?",
        r"b?rag(?: (?:rating|status))*",
    ),
    "themes": (r"themes?(?: ids?)?",),
    "heading": (
        r"(?:sub-?)?headings?|sections?|topics?|subject|category|"
        r"area of (?:learning|practice)|key line of enquiry|theme heading",
    ),
    "review": (r"review(?: (?:name|id))?|dhr(?: (?:name|id))?|report id",),
    "title": (r"(?:review |report )?title",),
    "kind": (r"kind(?: of review)?|review (?:type|kind)|type of review",),
    "area": (r"area|csp|community safety partnership|local authority(?: area)?",),
    "region": (r"region",),
    "published": (r"published|publication date|date (?:of publication|published)|published on",),
    "report_date": (r"report date|date of (?:the )?report",),
    "publication": (r"publication(?: status)?",),
    "death_month": (r"death month|(?:month|date) of (?:the )?death",),
    "url": (r"url|review url|link|web ?link|source url|web ?address",),
    "year": (r"year(?: (?:of publication|published))?",),
    "year_of": (r"year of",),
}

WEAK: dict[str, tuple[str, ...]] = {
    "number": (r"ids?",),
    "recommendation": (
        r"(?:key )?(?:learning points?|lessons? (?:learnt|learned|to be learnt|to be learned))",
        r"(?:key )?learning",
        r"what needs to change",
    ),
    "action": (r"response", r"what needs to change"),
    "lead_agency": (_LEAD,),
    "target_date": (r"dates?",),
    "outcome": (r"comments?|notes?|evidence.*",),
}

FACT_FIELDS = (
    "title",
    "kind",
    "area",
    "region",
    "published",
    "report_date",
    "publication",
    "death_month",
    "url",
    "year",
    "year_of",
)
DERIVED = frozenset(
    {
        "id",
        "position",
        "lead_agencies",
        "agencies",
        "sectors",
        "target_date_precision",
        "target_dates_all",
        "completed_precision",
        "completed_all",
        "source",
        "source_file",
        "source_sha256",
        "source_place",
        "themes",
        "themes_by",
        "themes_confidence",
        "themes_evidence",
        "suggestions",
    }
)
"""Columns of ``kb export`` that the knowledge base made itself: they are made again."""
ALIASES = {"text": "recommendation", "agency": "lead_agency"}
FIELDS = tuple(SYNONYMS)
