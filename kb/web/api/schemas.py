"""What the API answers, as JSON Schema: the shapes that scripts may rely on."""

from __future__ import annotations

from typing import Any, get_args

from kb.model import Precision, Publication, ScopeValue, Sector, StatusValue, TaggedBy

Schema = dict[str, Any]


def record(required: dict[str, Schema], *, more: bool = False) -> Schema:
    """An object with these fields; all stand there always, and no other unless ``more``."""
    return {
        "type": "object",
        "properties": required,
        "required": sorted(required),
        "additionalProperties": more,
    }


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": items}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
MAYBE_NUMBER: Schema = {"type": ["integer", "null"]}
ANY_OBJECT: Schema = {"type": "object"}
SPAN = {**many(NUMBER), "minItems": 2, "maxItems": 2}


def _one_of(names: Any, *, or_null: bool = False) -> Schema:
    values = list(get_args(names))
    return {"enum": [*values, None]} if or_null else {"type": "string", "enum": values}


_VERDICT: Schema = {"type": "string", "enum": ["duplicate", "overlapping", "related", "new"]}
_COUNTED = {
    "id": TEXT,
    "name": TEXT,
    "recommendations": NUMBER,
    "reviews": NUMBER,
    "recommendation_share": record({"value": SHARE, "low": SHARE, "high": SHARE}),
    "review_share": record({"value": SHARE, "low": SHARE, "high": SHARE}),
}
_DATE = record(
    {
        "printed": MAYBE_TEXT,
        "date": MAYBE_TEXT,
        "precision": _one_of(Precision, or_null=True),
        "all": many(TEXT),
    }
)
_STATUS = record({"printed": MAYBE_TEXT, "value": _one_of(StatusValue, or_null=True)})
_ACTION = record(
    {
        "text": MAYBE_TEXT,
        "lead_agency": MAYBE_TEXT,
        "lead_agencies": many(ref("Agency")),
        "milestones": MAYBE_TEXT,
        "target_date": _DATE,
        "outcome": MAYBE_TEXT,
        "status": _STATUS,
        "completed": _DATE,
    }
)
_SOURCE = {"file": TEXT, "sha256": TEXT, "place": TEXT, "url": MAYBE_TEXT}
_RECOMMENDATION = {
    "id": TEXT,
    "review_id": TEXT,
    "position": NUMBER,
    "number": MAYBE_TEXT,
    "text": TEXT,
    "heading": MAYBE_TEXT,
    "scope": record({"printed": MAYBE_TEXT, "value": _one_of(ScopeValue, or_null=True)}),
    "status": _STATUS,
    "lead_agency": MAYBE_TEXT,
    "lead_agencies": many(ref("Agency")),
    "action": MAYBE_TEXT,
    "milestones": MAYBE_TEXT,
    "outcome": MAYBE_TEXT,
    "target_date": _DATE,
    "completed": _DATE,
    "actions": many(_ACTION),
    "other": many(record({"header": TEXT, "text": TEXT})),
    "flags": many(TEXT),
    "source": record(_SOURCE, more=True),
}
_LIKENESS = {
    "id": TEXT,
    "score": SHARE,
    "verdict": _VERDICT,
    "reasons": many(TEXT),
    "text": TEXT,
    "shared": many(many(SPAN)),
    "only_text": many(SPAN),
    "only_stored": many(SPAN),
    "addressee": {"type": ["object", "null"]},
}
_MATCH = {
    **_LIKENESS,
    "review_id": TEXT,
    "area": MAYBE_TEXT,
    "year": MAYBE_NUMBER,
    "status": _one_of(StatusValue, or_null=True),
    "completed": MAYBE_TEXT,
    "says": TEXT,
    "counted": {"type": "boolean"},
}
_FACTS = {
    "id": TEXT,
    "title": TEXT,
    "kind": MAYBE_TEXT,
    "area": MAYBE_TEXT,
    "region": MAYBE_TEXT,
    "year": ref("Year"),
    "published": MAYBE_TEXT,
    "publication": _one_of(Publication),
    "url": MAYBE_TEXT,
}

SCHEMAS: dict[str, Schema] = {
    "Error": record({"error": record({"message": TEXT, "hint": TEXT, "reference": MAYBE_TEXT})}),
    "Agency": record({"printed": TEXT, "name": TEXT, "sector": _one_of(Sector)}),
    "Year": record({"value": MAYBE_NUMBER, "of": {"enum": ["publication", "report", None]}}),
    "Tag": record(
        {
            "id": TEXT,
            "by": many(_one_of(TaggedBy)),
            "confidence": SHARE,
            "evidence": many(record({"start": NUMBER, "end": NUMBER, "text": TEXT, "why": TEXT})),
        }
    ),
    "Hit": record(
        {
            "id": TEXT,
            "review_id": TEXT,
            "text": TEXT,
            "score": {"type": "number"},
            "themes": many(ref("Tag")),
            "highlights": many(many(NUMBER)),
            "sentences": many(many(NUMBER)),
            "area": MAYBE_TEXT,
            "year": MAYBE_NUMBER,
            "kind": MAYBE_TEXT,
            "status": _one_of(StatusValue, or_null=True),
            "lead_agencies": many(ref("Agency")),
            "publication": _one_of(Publication),
        }
    ),
    "Match": record(_MATCH),
    "CheckedMatch": record(
        {
            **_MATCH,
            "title": TEXT,
            "publication": _one_of(Publication),
            "number": MAYBE_TEXT,
            "outcome": MAYBE_TEXT,
            "source": record(_SOURCE, more=True),
            "citation": TEXT,
        }
    ),
    "Search": record(
        {
            "query": TEXT,
            "total": NUMBER,
            "hits": many(ref("Hit")),
            "facets": {
                "type": "object",
                "additionalProperties": many(
                    record({"value": TEXT, "name": TEXT, "count": NUMBER})
                ),
            },
            "did_you_mean": many(TEXT),
            "advice": many(record({"about": TEXT, "found": NUMBER, "words": TEXT})),
        }
    ),
    "Check": record(
        {
            "id": TEXT,
            "draft": TEXT,
            "verdict": _VERDICT,
            "says": TEXT,
            "matches": many(ref("CheckedMatch")),
            "history": MAYBE_TEXT,
            "counted": many(TEXT),
            "notes": many(TEXT),
            "within": many(record(_LIKENESS)),
        },
        more=True,  # "advice", where it was asked for
    ),
    "Recommendation": record(
        {
            **_RECOMMENDATION,
            "themes": many(ref("Tag")),
            "suggestions": many(ref("Tag")),
            "review": record(_FACTS),
            "repeats": many(ref("Match")),
            "more_like_this": many(TEXT),
            "citation": TEXT,
            "removed": {"type": "boolean"},
            "corrections": many(ANY_OBJECT),
        }
    ),
    "Review": record(
        {
            **_FACTS,
            "report_date": MAYBE_TEXT,
            "death_month": MAYBE_TEXT,
            "sources": many(ANY_OBJECT),
            "history": many(ANY_OBJECT),
            "recommendations": many(record({**_RECOMMENDATION, "removed": {"type": "boolean"}})),
        }
    ),
    "Themes": record(
        {
            "themes": many(record(_COUNTED, more=True)),
            "denominators": {"type": "object", "additionalProperties": NUMBER},
        },
        more=True,
    ),
    "Report": ANY_OBJECT,
}
