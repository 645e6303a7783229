"""The knowledge base as the pages hold it: opened again whenever a build or a setting changed it.

Every request takes the knowledge base once and keeps it to its end, so that what it answers is of
one generation; what a generation has open stays readable when a build deletes its folder.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import anyio
from starlette.exceptions import HTTPException

from kb.errors import IndexMissing, IndexUnreadable
from kb.library import KnowledgeBase
from kb.web.building import Builds
from kb.web.serving import Serving
from kb.web.uploads import Uploads

_KEPT = 32  # answers that are dear to make
_WRITERS = 4  # forms that are answered at once, so that those who read never wait for them
_READ_AT_ONCE = 2  # documents
_READ_PATIENCE = 60.0  # seconds
_LOOKED = 2.0  # seconds for which the files are not compared with the index again

Made = TypeVar("Made")
Stamp = tuple[Hashable, ...]


@dataclass(frozen=True)
class _Held:
    stamp: Stamp
    base: KnowledgeBase


class Site:
    """What all requests of one process share."""

    def __init__(self, serving: Serving) -> None:
        """Open nothing yet."""
        self.serving = serving
        self.uploads = Uploads(serving.uploads)
        self.builds = Builds(serving.home, serving.uploads.parent)
        self.writers = anyio.CapacityLimiter(_WRITERS)
        self._reading = threading.BoundedSemaphore(_READ_AT_ONCE)
        self._held: _Held | None = None
        self._opening = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._keeping = threading.Lock()
        self._changed: tuple[float, Stamp, bool] | None = None

    def base(self) -> KnowledgeBase:
        """The knowledge base as it stands now; raises HomeNotFound.

        While one request opens a new build the others are answered from the one before, unless the
        settings are new: whom it is shown to may be among them.
        """
        held = self._held
        stamp = self._stamp_beside(held)
        if held is not None and held.stamp == stamp:
            return held.base
        is_same_audience = held is not None and held.stamp[1:] == stamp[1:]
        if not self._opening.acquire(blocking=not is_same_audience):
            return held.base if held is not None else self.base()
        try:
            held = self._held
            if held is None or held.stamp != self._stamp_beside(held):
                held = self._held = self._opened()
            return held.base
        finally:
            self._opening.release()

    def _stamp_beside(self, held: _Held | None) -> Stamp:
        """The stamp that a base would have that was opened now for the same audience."""
        return self._stamp(with_reviews=held is not None and held.base.published_only)

    def _opened(self) -> _Held:
        """The knowledge base with the stamp of what stood there before it was opened."""
        alone, with_reviews = self._stamp(), self._stamp(with_reviews=True)
        base = _opened(self.serving.home)
        return _Held(with_reviews if base.published_only else alone, base)

    def _stamp(self, *, with_reviews: bool = False) -> Stamp:
        """What the index is now, the settings and the taxonomy, without reading them.

        For a shared audience the reviews too: one of them may be published no longer, and then
        opening the index is refused.
        """
        home = self.serving.home
        try:
            pointer = (home / "index" / "current").read_bytes()
        except OSError:
            pointer = b""
        settings = (_written(home / "kb.toml"), _written(home / "taxonomy.yaml"))
        return (pointer, *settings, _written_inside(home / "corpus") if with_reviews else None)

    def remembered(self, base: KnowledgeBase, what: Hashable, make: Callable[[], Made]) -> Made:
        """An answer made once for as long as nothing that it rests on changes."""
        judged = _written(base.home / "corpus" / "judgements.jsonl")
        today = time.localtime()[:3]
        return self.kept(
            (base.index.generation.name, judged, self.has_changed(base), today, what), make
        )

    def kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made under a key, as long as it is among those last asked for."""
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: Made = self._kept[key]
                return found
        made = make()
        with self._keeping:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Hold one of the places for reading a document, which may take much memory."""
        if not self._reading.acquire(timeout=_READ_PATIENCE):
            raise HTTPException(429, "Other documents are being read. Try again in a minute.")
        try:
            yield
        finally:
            self._reading.release()

    def has_changed(self, base: KnowledgeBase) -> bool:
        """Whether the people's files changed since the build; looked at every two seconds."""
        stamp, known = self._stamp(), self._changed
        if known is not None and known[1] == stamp and time.monotonic() - known[0] < _LOOKED:
            return known[2]
        changed = base.has_changed()
        self._changed = (time.monotonic(), stamp, changed)
        return changed


def _opened(home: Path) -> KnowledgeBase:
    """A knowledge base of which all is open that an answer needs, where it has an index."""
    base = KnowledgeBase.open(home)
    try:
        base.index.hold()
        base.check("a recommendation", limit=1)
    except (IndexMissing, IndexUnreadable):  # whoever asks for what needs it is told so
        return KnowledgeBase.open(home)
    return base


def _written_inside(folder: Path) -> int:
    try:
        with os.scandir(folder) as entries:
            files = [(one.name, one.stat().st_mtime_ns, one.stat().st_size) for one in entries]
    except OSError:
        return 0
    return hash(tuple(sorted(one for one in files if one[0].endswith(".json"))))


def _written(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size)
