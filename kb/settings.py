"""The settings of a knowledge base, ``kb.toml``; every one has a default."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from kb.errors import SettingsError
from kb.limits import Limits

FILE = "kb.toml"
Audience = Literal["own", "shared"]
EngineName = Literal["arrays", "whoosh"]

DEFAULT_TEXT = """\
# Settings of this knowledge base. Every line may be left out.

# own:    everything is shown, and what is unpublished is marked
# shared: unpublished reviews (and those of unknown publication) are left out everywhere
audience = "own"

# Learn tags from the judged starter texts that come with the program, too. They teach; they are
# never stored, searched or counted here.
learn_from_starter = true

# What finds the rows of a search: arrays (fast) or whoosh (the full-text index of Whoosh).
# Both find the same. It takes effect with the next kb build.
engine = "arrays"

# Sentence vectors beside the words when drafts are checked: "auto" (where the extra
# dhr-kb[semantic] is installed), "off", or a folder that holds a sentence-transformers model
semantic = "auto"

# Your own abbreviations and agencies, over the shipped ones:
# [abbreviations]
# SIDAS = "Somewhere Integrated Domestic Abuse Service"
#
# [agencies]
# "Somewhere Refuge" = "domestic-abuse-service"
#
# How much memory and time the reading of one document may take:
# [reading]
# megabytes = 2048
# seconds = 300
"""
_LEAST = {"megabytes": 256, "seconds": 1}  # with less memory not even an empty file is read
_MOST = 10_000_000


@dataclass(frozen=True)
class Settings:
    """What ``kb.toml`` says, checked when read; ``digest`` is that of the file."""

    audience: Audience = "own"
    learn_from_starter: bool = True
    engine: EngineName = "arrays"
    semantic: str = "auto"
    abbreviations: dict[str, Any] = field(default_factory=dict)
    agencies: dict[str, Any] = field(default_factory=dict)
    reading: Limits = field(default_factory=Limits)
    digest: str = ""


def load_settings(home: Path) -> Settings:
    """The settings of a knowledge base; raises SettingsError naming the line or the key."""
    path = home / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", place=str(path)) from error
    try:
        loaded = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"this is not valid TOML: {error}", place=str(path), hint="Mend that line."
        ) from error
    return _checked(loaded, path, hashlib.sha256(data).hexdigest())


def _checked(loaded: dict[str, Any], path: Path, digest: str) -> Settings:
    known = [f.name for f in fields(Settings) if f.name != "digest"]
    for key, value in loaded.items():
        if key not in known:
            raise SettingsError(
                f"unknown setting {key!r}",
                place=str(path),
                hint=f"Settings are: {', '.join(known)}.",
            )
        wanted = dict if key == "reading" else type(getattr(Settings(), key))
        if not isinstance(value, wanted):
            raise SettingsError(
                f"{key} is {value!r}, but must be {_NAMES[wanted]}",
                place=str(path),
                hint="Mend that line.",
            )
    for key, known_values in (("audience", get_args(Audience)), ("engine", get_args(EngineName))):
        if key in loaded and loaded[key] not in known_values:
            raise SettingsError(
                f"{key} is {loaded[key]!r}",
                place=str(path),
                hint=f"It may be {' or '.join(map(repr, known_values))}.",
            )
    reading = _limits(loaded.pop("reading", {}), path)
    return Settings(**loaded, reading=reading, digest=digest)


def _limits(loaded: dict[str, Any], path: Path) -> Limits:
    for key, value in loaded.items():
        if key not in _LEAST:
            raise SettingsError(
                f"unknown setting {key!r} under [reading]",
                place=str(path),
                hint=f"Settings are: {', '.join(_LEAST)}.",
            )
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not _LEAST[key] <= value <= _MOST:
            raise SettingsError(
                f"{key} is {value!r}, but must be a whole number from {_LEAST[key]} to {_MOST}",
                place=str(path),
                hint="Mend that line under [reading].",
            )
    return Limits(**loaded)


_NAMES: dict[type, str] = {str: "text", bool: "true or false", dict: "a table such as [agencies]"}
