"""The people's files: one JSON file a review, and the judgements, one line each.

They are the only truth of a knowledge base: plain, in a stable order, and easy to compare in git.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from kb.errors import CorpusError
from kb.files import (
    append_line,
    leftovers,
    locked_folder,
    storage_error,
    sync_folder,
    write_atomically,
    write_together,
)
from kb.model import Judgement, Review, ThemeJudgement

JUDGEMENTS = "judgements.jsonl"
PATIENCE = 30.0  # seconds that a writer waits for another


@lru_cache(maxsize=1)
def _judgement() -> TypeAdapter[Judgement]:
    return TypeAdapter(Judgement)


@dataclass(frozen=True)
class TornLine:
    """A line of the judgements that could not be read, with its number (from 1)."""

    line: int
    text: str


class Corpus:
    """The folder ``corpus/`` of a knowledge base."""

    def __init__(self, folder: Path) -> None:
        """Hold the folder; nothing is read yet."""
        self.folder = folder

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Hold this corpus while it is read, changed and written; one writer at a time.

        Raises StorageError when another holds it for longer than ``PATIENCE`` seconds. Readers
        need no lock: every file is replaced whole. Do not nest.
        """
        with locked_folder(self.folder, patience=PATIENCE):
            yield

    # Reviews --------------------------------------------------------------------------------

    def review_ids(self) -> list[str]:
        """The ids of all reviews, sorted."""
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def path(self, review_id: str) -> Path:
        """The file of a review."""
        return self.folder / f"{review_id}.json"

    def has(self, review_id: str) -> bool:
        """Whether a review with this id is stored."""
        return self.path(review_id).is_file()

    def review(self, review_id: str) -> Review:
        """One review; raises CorpusError naming the file, the place in it and the fault."""
        return self.review_with_digest(review_id)[0]

    def review_with_digest(self, review_id: str) -> tuple[Review, str]:
        """One review, and the SHA-256 of its file as it was read; raises as ``review`` does."""
        path = self.path(review_id)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CorpusError(
                f"the review cannot be read: {error.strerror}", place=str(path)
            ) from error
        return read_review(data, path), hashlib.sha256(data).hexdigest()

    def publication(self, review_id: str) -> str | None:
        """What a review's file says of its publication, read alone; None where it says nothing."""
        try:
            loaded = json.loads(self.path(review_id).read_bytes())
        except (OSError, ValueError):
            return None
        value = loaded.get("publication") if isinstance(loaded, dict) else None
        return value if isinstance(value, str) else None

    def reviews(self) -> Iterator[Review]:
        """Every review, by id."""
        for review_id in self.review_ids():
            yield self.review(review_id)

    def save(self, review: Review) -> Path:
        """Write a review whole and atomically."""
        path = self.path(review.id)
        write_atomically(path, review_bytes(review))
        return path

    def save_all(self, reviews: Iterable[Review], judgements: Iterable[Judgement] = ()) -> None:
        """Write several reviews, and append what was judged with them: all of it, or nothing."""
        files = {self.path(review.id): review_bytes(review) for review in reviews}
        lines = "".join(judgement_line(judgement) + "\n" for judgement in judgements)
        if lines:
            path = self.folder / JUDGEMENTS
            before = path.read_bytes() if path.exists() else b""
            torn = b"\n" if before and not before.endswith(b"\n") else b""
            files[path] = before + torn + lines.encode()
        write_together(files)

    def remove(self, review_id: str) -> None:
        """Delete a review's file and every judgement about its recommendations."""
        lines = self._lines_without(review_id)
        if lines is not None:
            write_atomically(self.folder / JUDGEMENTS, lines.encode())
        path = self.path(review_id)
        try:
            for file in (path, *leftovers(path), *leftovers(self.folder / JUDGEMENTS)):
                file.unlink(missing_ok=True)
            sync_folder(self.folder)
        except OSError as error:
            raise storage_error(error, path) from error

    # Judgements -----------------------------------------------------------------------------

    def judgements(self) -> list[Judgement]:
        """Every judgement that stands, in the order it was made.

        What was taken back, what was passed over and a torn line are left out.
        """
        return [one for one in standing(self.judgements_data()) if not _is_passing(one)]

    def passed_over(self) -> list[ThemeJudgement]:
        """What people looked at and passed over, in the order they did."""
        return [
            one
            for one in standing(self.judgements_data())
            if isinstance(one, ThemeJudgement) and one.judges_nothing
        ]

    def torn_lines(self) -> list[TornLine]:
        """Lines of the judgements that cannot be read, for ``kb doctor``."""
        lines = _judgement_lines(self.judgements_data())
        return [line for line in lines if isinstance(line, TornLine)]

    def judgements_data(self) -> bytes:
        """The file of judgements as it is; raises CorpusError."""
        path = self.folder / JUDGEMENTS
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise CorpusError(
                f"the judgements cannot be read: {error.strerror}", place=str(path)
            ) from error

    def _lines_without(self, review_id: str) -> str | None:
        """The judgements' file without those about a review; torn lines that name it go too."""
        path = self.folder / JUDGEMENTS
        if not path.exists():
            return None
        lines = path.read_bytes().decode("utf-8", errors="replace").split("\n")
        kept = [line for line in lines if line.strip() and not _line_is_about(line, review_id)]
        return "".join(line + "\n" for line in kept)

    def judge(self, judgements: Iterable[Judgement]) -> None:
        """Append judgements; nothing that stands there is touched."""
        lines = "\n".join(judgement_line(judgement) for judgement in judgements)
        if lines:
            append_line(self.folder / JUDGEMENTS, lines)


def standing(data: bytes) -> list[Judgement]:
    """The judgements of a file's bytes without those taken back and without torn lines."""
    kept: list[Judgement] = []
    for line in _judgement_lines(data):
        if isinstance(line, TornLine):
            continue
        if line.retracts is None:
            kept.append(line)
        else:
            _take_back(kept, line)
    return kept


def _take_back(kept: list[Judgement], retraction: Judgement) -> None:
    about = {*retraction.about}
    for at in range(len(kept) - 1, -1, -1):
        one = kept[at]
        if {*one.about} == about and one.who == retraction.who and one.when == retraction.retracts:
            del kept[at]
            return


def _is_passing(judgement: Judgement) -> bool:
    return isinstance(judgement, ThemeJudgement) and judgement.judges_nothing


def _judgement_lines(data: bytes) -> Iterator[Judgement | TornLine]:
    text = data.decode("utf-8", errors="replace")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _judgement().validate_json(line)
            except ValidationError:
                yield TornLine(number, line)


def read_review(data: bytes, path: Path) -> Review:
    """A review from the bytes of its file; ``path`` is for the words of an error."""
    try:
        loaded: Any = json.loads(data)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its start"
        raise CorpusError(
            f"this is not valid JSON: {error}",
            place=f"{path}, {where}",
            hint="Mend the file, or take the version before it from git; nothing was changed.",
        ) from error
    try:
        review = Review.model_validate(loaded)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise CorpusError(
            f"{place}: {first['msg']} (found {str(first['input'])[:80]!r})",
            place=str(path),
            hint="Mend the file, or take the version before it from git; nothing was changed.",
        ) from error
    if review.id != path.stem:
        raise CorpusError(
            f"the file holds the review {review.id!r}, but is named for {path.stem!r}",
            place=str(path),
            hint=f"Rename it to {review.id}.json, or mend its id.",
        )
    return review


def review_bytes(review: Review) -> bytes:
    """A review as it stands in its file: pretty-printed JSON in a stable order.

    Fields that hold nothing are left out, so that a difference in git shows only what is said.
    """
    data = review.model_dump(mode="json", exclude_defaults=True)
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def judgement_line(judgement: Judgement) -> str:
    """A judgement as one line of JSON."""
    data = {"kind": judgement.kind, **judgement.model_dump(mode="json", exclude_defaults=True)}
    return json.dumps(data, ensure_ascii=False)


def _line_is_about(line: str, review_id: str) -> bool:
    try:
        about = _judgement().validate_json(line).about
    except ValidationError:
        return f'"{review_id}/' in line
    return review_id in {identity.rpartition("/")[0] for identity in about}
