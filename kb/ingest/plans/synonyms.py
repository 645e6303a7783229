"""What the columns of action plans are called: field by field, as patterns.

A pattern must match the whole header after folding (lower case, single spaces, no outer
punctuation, ``_`` as a space, everything from "i.e." or "e.g." on dropped). ``KEPT`` is tried
first, then the fields in this order; a pattern under ``WEAK`` counts only where no other column
has taken the field (a "Lead officer" is the lead agency only in a plan without a "Lead agency").
"""

from __future__ import annotations

from kb.printed import REVIEW_FACTS

_LEAD = (
    r"(?!actions? ?(?:and|&|/) ?)"
    r"(?=.*(?:lead|agenc|officer|organi|person|people|responsib|owner|professional|accountable|"
    r"partner|who|assigned|allocated|sponsor|\bsro\b))"
    r"(?:recommendation )?(?:(?:lead|leads|agency|agencies|officers?|organisations?|organization|"
    r"persons?|people|responsible|responsibility|owners?|professional|name|named|accountable|"
    r"accountability|partners?|body|service|department|directorate|director|manager|board|"
    r"asiantaeth|arweiniol|committee|sponsor|team|designated|nominated|assigned|allocated|strategic|operational|"
    r"executive|senior|delivery|sro|led|who|is|are|by|whom|for|to|of|the|this|it|and|or|will|must|should|do|"
    r"be|doing|taking|forward|action|actions|implementation|post holder|job title|title)"
    r"(?:\(s\)|\(ies\))?[\s/,&\-]*)+"
)
_DATE = (
    r"(?:target|due|deadline|planned|proposed|expected|estimated|anticipated|agreed|intended|"
    r"implementation|original|delivery|forecast)"
)

_REC = (
    r"(?:(?:the|key|overview|report|dhr|dardr|sar|cspr|lcspr|imr|scr|mhhr|review|agency|single|"
    r"single-agency|multi-agency|individual|specific|panel|final|smart|full|national|local|regional|"
    r"strategic|original|summary of|text of|wording of|agreed) )*"
)
_OTHER_FIELD = (
    r"(?:no|nos|num|number|ref|reference|id|status|rag|dates?|timescales?|deadline|lead|leads|"
    r"owners?|officer|agency|agencies|scope|level|outcomes?|progress|themes?|milestones?)"
)
_WHAT_CAME = r"(?:outcomes?|impact|progress|evidence|updates?|results?|comments?|notes?|position)"

SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": (
        r"(?:recommendation|recommendations|rec|action|item|serial|ref|reference|report|dhr|sar|"
        r"cspr|case|s|sr|row|line|paragraph|para)?\.?(?: in (?:the )?report)?"
        r" ?\(?(?:no|nos|num|number|ref|reference|#)s?\.?(?: ?(?:no|nos|num|number)\.?)?\)?"
        r"(?: in (?:the )?(?:report|review))?",
        r"(?:recommendation|rec|action|item|serial)\.? ?ids?",
        r"(?:rec|recs|s/n|no/ref|ref/no|r|item|para|paragraph|rhif|unique (?:id|ref|reference))",
        r"(?:report |overview report )?(?:section|paragraph|para|page)\.? ?(?:no|ref|number|"
        r"reference)\.?",
    ),
    "recommendation": (
        rf"{_REC}recommendations?(?:\(s\))?(?: (?:text|wording|details?|description|made|agreed|"
        r"in full|verbatim|title|summary|accepted|statement|"
        r"(?:from|of|in|made by|as per|as in|as stated in|as set out in|arising from|identified in)"
        r" (?:the )?(?:overview |dhr |final |full )*(?:review|report|dhr|sar|cspr|panel|imrs?)))*",
        r"recommendations? ?(?:/|and|or) ?(?:learning points?|lessons?|actions?|findings?)",
        rf"{_REC}recommendations?(?:\(s\))?(?: ?[/&,] ?| and | or )(?:the )?"
        rf"(?!(?:[\w'-]+ )*{_OTHER_FIELD}\b)[\w'-]+(?: [\w'-]+){{0,2}}",
        rf"(?!(?:[\w'-]+ )*(?:lead|owner|status|rag|date|progress|outcome|action)s?\b)"
        rf"(?:[\w'.-]+ ){{0,2}}[\w'.-]+(?: ?[/&,] ?| and | or ){_REC}recommendations?(?:\(s\))?",
        r"recommendations?\.? ?(?:no|number|ref)\.? ?(?:and|&|/|with) ?(?:text|details?|"
        r"description|wording|title|recommendations?)",
        r"what (?:did|does) the (?:review|panel|report|dhr) recommend|what (?:was|is|were) "
        r"(?:being )?recommended|the (?:review|panel|report) recommends?(?: that)?",
        r"argymhelli(?:ad|on)(?: ?/ ?recommendations?)?|recommendations? ?/ ?argymhelli(?:ad|on)",
        r"text",
    ),
    "scope": (
        r"(?:scope|level|geographical scope)(?: of (?:the )?(?:recommendations?|rec|actions?))?"
        r"(?: ?[(:-]? ?(?:local|regional|national|l|r|n)(?:[ /,]+(?:or |and )?(?:local|regional|"
        r"national|l|r|n))+\)?)?",
        r"(?:local|regional|national)(?:(?: ?/ ?| ?, ?| or | and )+(?:local|regional|national))+"
        r"(?: (?:recommendations?|level|scope))?",
    ),
    "action": (
        r"(?:key |agreed |required |proposed |smart |planned |agency |specific |individual |"
        r"detailed |main |multi-agency )*actions?(?:\(s\))?"
        r"(?: (?:to (?:be )?take|to be taken|taken|(?:required|needed|taken|agreed)"
        r"(?: (?:by|from|of) (?:the |each )?(?:agency|agencies|organisation|service|"
        r"partnership))?|agreed|proposed|planned|"
        r"points?|plan|description|details?|detail|title|summary|in response|to be completed|"
        r"to be undertaken|(?:for|by|from) (?:the )?(?:agency|organisation|partnership)|"
        r"to address.*|to implement.*|to achieve.*|to deliver.*|necessary.*))?"
        r"(?: ?/ ?(?:to be )?taken)?",
        r"actions? ?(?:/|and|&) ?(?:tasks?|steps?|activity|activities|response|milestones?)",
        r"what (?:they|we|agencies|partners)(?: say)?(?: they| we)? (?:will|plan to|intend to) .*",
        r"what (?!needs to change)(?:needs to|will|do we need to|we will|is going to|action|"
        r"are we going to|we are going to|must|should|has to).*",
        r"how (?:will|are|is).*(?:achieved|implemented|done|delivered|do (?:it|this))",
        r"(?:(?:single[ -])?agency|organisation(?:al)?|force|trust|partnership|csp|management|"
        r"our) response|response to (?:the )?recommendations?|cam(?:au)? gweithredu|tasks?|"
        r"activity",
    ),
    "lead_agency": (
        rf"(?!.*(?:officer|person|people|owner|name|who|post|title)){_LEAD}",
        r"asiantaeth arweiniol|(?:partner )?agenc(?:y|ies) (?:involved|to action|concerned)",
    ),
    "milestones": (r"(?:key |smart |agreed |interim )*(?:milestones?|steps?)\b.*|sub-?actions?",),
    "outcome": (
        r"(?:date )?(?:of )?complet(?:ion|ed)(?: dates?)? ?(?:and|&|/|,|with) ?"
        r"(?:outcomes?|comments?|evidence|results?|impact)\b.*",
        r"(?:actual )?outcomes?(?:\(s\))?(?: (?:achieved|and impact|and evidence|"
        r"of (?:the )?action|to date|for .*))?(?: ?/ ?impact)?",
        rf"(?:actual )?outcomes? ?(?:/|and|&|,) ?{_WHAT_CAME}.*",
        r"outcomes? ?(?:and|&|/) ?(?:date (?:of completion|completed)|completion date)",
        r"(?:progress|impact|results?|updates?|current position)"
        r"(?: ?(?:/|and|&|on|against|towards|since|to|as at|as of) ?.*)?",
        r"(?:progress|status|latest|current|quarterly|monthly|action|position|agency|q[1-4]|"
        r"\d+ month|six month|annual|board)[ -](?:progress |status )?(?:update|report|to date|"
        r"made|notes?|comments?|position|statement|summary)s?.*",
        r"where (?:are we|we are|things stand|it stands)\b.*|"
        r"ha(?:s|ve) (?:it|they|we|this) (?:been )?done(?: it)?|"
        r"[a-z]{3,9}\.? ?'?\d{2,4} (?:progress |status )?updates?",
        r"(?:progress |status )?updates? (?:q\d|[a-z]{3,9}\.? ?'?\d{2,4}|\d).*",
        rf"(?:actions? taken|progress|updates?|evidence|work|completion|achievements?|comments?)"
        rf"(?: to date)? ?(?:/|and|&|,) ?{_WHAT_CAME}.*",
        r"what (?:has|have|difference has|impact has|did|was|were)\b.*",
        r"(?:work|actions?) (?:completed|undertaken|done|delivered)(?: to date| so far)?|"
        r"achievements?(?: to date)?|canlyniad(?:au)?|commentary|narrative",
        r"(?:narrative|commentary|written|brief|further|recent|panel|lead(?:'s)?|owner(?:'s)?) "
        r"(?:progress |status )?(?:updates?|progress|position|commentary)|update narrative",
    ),
    "completed": (
        r"(?:actual )?(?:date )?(?:of )?complet(?:ion|ed)(?: dates?| on)?",
        r"(?:actual )?(?:date|when)(?: (?:action|recommendation))?(?: was| is)? (?:achieved|closed|"
        r"of closure|actioned|implemented|signed off|completed?|done|of implementation|"
        r"completed ?/ ?closed)",
        r"(?:closed|achieved|actioned|done|closure|sign[ -]?off|signed off)(?: on| date)?|"
        r"actual (?:date|completion)",
    ),
    "target_date": (
        rf"{_DATE}(?: ?/ ?(?:{_DATE}|review))*(?: for)?(?: completion| end| delivery| finish)*"
        r"(?: dates?| by| timescales?| timeframes?| deadlines?)(?: for (?:completion|delivery|"
        r"implementation|actions?))?",
        rf"{_DATE} (?:for )?completion|(?:target|deadline|due) for (?:delivery|implementation)",
        r"target|due|deadline|end date|finish date|due by|completion (?:due|deadline|date target)",
        r"complet(?:e|ed|ion) by(?: (?:when|date))?",
        rf"(?:completion|end|finish)(?: dates?)? ?[(/,:–-]+ ?{_DATE}(?: dates?)?\)?",
        rf"dates? (?:due|for (?:completion|implementation|delivery|action)|to be (?:completed|"
        rf"achieved|actioned|done)(?: by)?|{_DATE})",
        r"(?:target |agreed |proposed )?time ?-?(?:scale|frame|line|table)s?(?: (?:for|to) .*)?"
        r"(?: ?(?:/|and|&) ?(?:target |due )?(?:dates?|deadlines?|milestones?|review dates?))?",
        r"(?:by )?when(?: by)?|(?:to be )?(?:done|completed|achieved|actioned) by|"
        r"(?:to be )?completed by when|completion target(?: date)?|(?:by )?when will .*|"
        r"dyddiad targed",
    ),
    "status": (
        r"(?:current |action |completion |progress |implementation |latest |overall |b?rag )*"
        r"(?:status|b?ra?y?g)(?: rating)?(?: ?[/-] ?(?:b?rag|status|progress))?"
        r"(?: ?(?:\bas at|\bas of|\bat|\bon|[(:-]) ?.*)?",
        r"(?:b?rag|ragb|rayg)(?: (?:rating|status|progress|colour|score|position))*",
        r"progress ?(?:[(/-] ?)?b?rag\)?(?: rating)?|colour(?: code)?|traffic lights?|statws",
        r"(?:is (?:it|this) )?complete(?:d)?(?:\?)? ?[(/]? ?(?:y ?/ ?n|yes ?/ ?no|yes or no)\)?|"
        r"complete|open ?(?:/|or) ?closed",
    ),
    "themes": (r"themes|themes? ids?",),
    "heading": (
        r"theme",
        r"(?:sub-?)?headings?|sections?|topics?|subject|category|"
        r"area of (?:learning|practice|focus|concern)|key line of enquiry|theme heading|"
        r"(?:key|learning|thematic|priority) (?:themes?|areas?)|"
        r"themes? ?(?:/|and|&) ?(?:areas?|topics?)(?: of .*)?",
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
    "number": (r"ids?|item", r"(?:[\w-]+ ){1,3}ref"),
    "recommendation": (
        r"(?:key )?(?:learning points?|lessons? (?:learnt|learned|to be learnt|to be learned))",
        r"(?:key )?learning",
        r"what needs to change",
        r"recommended actions?|actions? recommended|areas? (?:for|of) improvement",
    ),
    "action": (r"response", r"what needs to change", r"recommended actions?", r"what"),
    "milestones": (r"how(?: will .*)?",),
    "lead_agency": (
        _LEAD,
        r"(?:addressed|directed) to",
        r"service|services|team|board|department|directorate",
    ),
    "target_date": (
        r"by",
        r"dates?|review dates?|revised (?:target |due )?dates?",
    ),
    "outcome": (
        r"comments?|notes?|evidence(?: [\w'/-]+){0,6}|remarks?|assurance|"
        r"actions? taken(?: to date)?",
        r"(?:comments?|notes?) ?(?:/|and|&) ?.*",
        rf"(?:current )?(?:status|b?rag) ?(?:/|and|&|,) ?{_WHAT_CAME}.*",
        r"(?:current )?outcomes? ?(?:/|and|&|,) ?(?:status|b?rag)",
    ),
}

KEPT: tuple[str, ...] = (
    r"(?:desired|expected|intended|target|anticipated|planned|proposed|required) "
    r"(?:outcomes?|impacts?|results?|benefits?|change)(?:\(s\))?(?: .*)?",
    r"(?:target|outcomes?) (?:sought|wanted|expected|desired|intended|required)",
    r"outcome measures?|(?:measures?|measurement|evidence|indicators?|criteria) (?:of|for) "
    r"(?:success|impact|effectiveness)|success (?:measures?|criteria|indicators?)|kpis?|"
    r"key performance indicators?|performance (?:measures?|indicators?)",
    r"what (?:will |does |would )?(?:success|good|the (?:impact|outcome|difference)|difference|"
    r"impact|outcomes?)\b(?! has).*",
    r"what (?:do|are) we (?:want|hoping|trying|aiming).*|aims?|objectives?|goals?|purpose|why",
    r"how (?:will|do|would|are|can|shall|is|has)\b.*\b(?:know|measured?|evidenced?|monitor(?:ed)?|"
    r"assured?|tested|evaluated?|shown|demonstrated?|reviewed)\b.*",
    r"monitoring(?: arrangements?| and .*| by| process| method| mechanism)?|governance|"
    r"quality assurance|audit|assurance (?:method|mechanism|route)|reporting (?:to|arrangements)",
    r"priority|priority (?:rating|level)|risk(?: rating| level)?|resources?(?: required| "
    r"implications?| needed)?|budget|costs?|rationale|background|context|findings?|issues?|"
    r"barriers?(?: .*)?|start dates?|commenced|links? to .*|dependencies",
)
"""Headers that are known, and whose column is kept as printed cells: none of them is a field.

What a plan wants to come of an action is not what came of it, so it is never read as an outcome.
"""

FACT_FIELDS = (*REVIEW_FACTS, "year", "year_of")
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
