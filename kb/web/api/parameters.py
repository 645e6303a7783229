"""What an endpoint may be asked, checked and described from one table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from kb.errors import WrongUsage
from kb.web.visit import Visit

Kind = Literal["text", "texts", "number", "choice", "flag"]
_MOST_TEXTS = 50
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class Parameter:
    """One name in the address after "?"; ``texts`` may stand several times.

    ``most`` is the largest number, or the length of the longest text; ``pattern`` is one that both
    Python and JSON Schema read alike.
    """

    name: str
    about: str
    kind: Kind = "text"
    most: int = 2_000
    default: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    required: bool = False

    def value(self, visit: Visit) -> Any:
        """What was asked: text, list, number or bool; raises WrongUsage."""
        sent = visit.request.query_params.getlist(self.name)
        if self.kind == "texts":
            if len(sent) > _MOST_TEXTS:
                raise WrongUsage(
                    f"{self.name} stands there {len(sent)} times",
                    hint=f"It may stand there {_MOST_TEXTS} times.",
                )
            return [self._checked(one) for one in dict.fromkeys(sent)]
        if len(sent) > 1:
            raise self._refused(sent[1], "it stands there twice")
        if not sent and self.required:
            raise WrongUsage(f"{self.name} is missing", hint=self.about)
        text = self._checked(sent[0]) if sent else self.default
        if self.kind == "number":
            return int(text)
        return text == "true" if self.kind == "flag" else text

    def _checked(self, text: str) -> str:
        match self.kind:
            case "number":
                if not _NUMBER.fullmatch(text) or int(text) > self.most:
                    raise self._refused(text, f"it is no number from 1 to {self.most}")
            case "choice" | "flag":
                known = self.choices or ("true", "false")
                if text not in known:
                    raise self._refused(text, f"choose one of: {', '.join(known)}")
            case _:
                if len(text) > self.most:
                    raise self._refused(text[:40], f"it has more than {self.most} characters")
                if not text and (self.required or self.kind == "texts"):
                    raise self._refused(text, "it is empty")
                if self.pattern and not re.fullmatch(self.pattern, text):
                    raise self._refused(text, self.about)
        return text

    def _refused(self, text: str, why: str) -> WrongUsage:
        return WrongUsage(f"{self.name} cannot be {text!r}", hint=why[:1].upper() + why[1:] + ".")

    def as_openapi(self) -> dict[str, Any]:
        """Its part of the OpenAPI document."""
        told = {"name": self.name, "in": "query", "description": self.about, "schema": self._schema}
        many = {"style": "form", "explode": True} if self.kind == "texts" else {}
        return told | many | {"required": self.required}

    @property
    def _schema(self) -> dict[str, Any]:
        pattern = {"pattern": f"^(?:{self.pattern})$"} if self.pattern else {}
        least = {"minLength": 1} if self.required or self.kind == "texts" else {}
        text = {"type": "string", "maxLength": self.most, **least, **pattern}
        match self.kind:
            case "number":
                bounds = {"minimum": 1, "maximum": self.most}
                return {"type": "integer", **bounds, "default": int(self.default)}
            case "choice":
                default = {"default": self.default} if self.default else {}
                return {"type": "string", "enum": list(self.choices), **default}
            case "flag":
                return {"type": "boolean", "default": False}
            case "texts":
                return {"type": "array", "items": text, "maxItems": _MOST_TEXTS}
            case _:
                return text
