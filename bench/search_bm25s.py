"""Would the library bm25s do the ranking part of search better than arrays of our own?

Both rank the same recommendations for the same questions of words (those of `search.py`) and give
the 20 best; nothing else of the page is asked of them, as bm25s has neither phrases nor filters nor
counts nor fields (it is given the three texts of a recommendation as one). It reads the stems that
`kb` reads, and a knowledge base that `search.py --base DIR` left:

    python bench/search_bm25s.py DIR [--rounds 5]

Times are those of the processor, warm, medians over the rounds. It needs `pip install bm25s`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from search import seconds, told
from search_base import documents
from search_peers import SHOWN, Document, Question
from search_questions import drawn

from kb import KnowledgeBase
from kb.search.query import parse
from kb.search.spelling import stem
from kb.text.tokens import STOP_WORDS, tokenise


def main() -> None:
    """Index, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("base", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    base = KnowledgeBase.open(wanted.base)
    listed = documents(base)
    questions = [one for one in drawn(listed) if one.kind == "words"]
    print(f"{len(listed)} recommendations, {len(questions)} questions, {wanted.rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        by = {"kb": ranked_by_kb(base), "bm25s": ranked_by_bm25s(listed, Path(folder))}
        taken: dict[str, list[list[float]]] = {name: [] for name in by}
        for _ in range(wanted.rounds):
            for name, page in by.items():
                taken[name].append([seconds(page, one) for one in questions])
    for share in (50, 95):
        told(
            f"ranking p{share}",
            {
                name: [statistics.quantiles(one, n=100)[share - 1] for one in rounds]
                for name, rounds in taken.items()
            },
        )


def ranked_by_kb(base: KnowledgeBase) -> Callable[[Question], int]:
    """The 20 best by the engine, with its nearness and all, but nothing of a page."""
    engine = base.index.engine
    return lambda one: len(engine.search(parse(" ".join(one.words)), highlight=False).hits)


def ranked_by_bm25s(listed: list[Document], folder: Path) -> Callable[[Question], int]:
    """The 20 best by bm25s, memory-mapped as it recommends for a server."""
    try:
        import bm25s
    except ImportError:
        sys.exit("bm25s is not here: pip install bm25s")
    retriever: Any = bm25s.BM25(method="lucene", k1=1.8, b=0.75)
    retriever.index([stems(" ".join(one.texts.values())) for one in listed], show_progress=False)
    retriever.save(folder)
    retriever = bm25s.BM25.load(folder, mmap=True)

    def ranked(question: Question) -> int:
        found, _ = retriever.retrieve(
            [stems(" ".join(question.words))], k=SHOWN, show_progress=False
        )
        return int(np.size(found))

    return ranked


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning."""
    return [stem(token.text) for token in tokenise(text) if token.text not in STOP_WORDS]


if __name__ == "__main__":
    main()
