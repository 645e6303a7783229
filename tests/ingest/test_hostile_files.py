"""Files made to attack their reader: each is refused or read within limits, and harms nothing."""

from __future__ import annotations

import os
import random
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import docx
import pytest
import xlsxwriter
from attacks import ASK, FILES, HTML_PLAN, html, simple_pdf
from bases import FELLSIDE, HEADERS, digests, done, kb, make_home, write_plan

from kb.errors import KnowledgeBaseError
from kb.ingest import read_document
from kb.ingest.formats import READERS
from kb.text.agencies import Agencies

LIMITS = "[reading]\nmegabytes = 512\nseconds = 6\n"
SECRETS = ("root:", "127.0.0.1")
# attacks on functions of ours: read whole, in time in line with their length
READ = (
    "wide.csv", "wide.html", "wide-rows.csv", "cells.txt", "keys.json", "surrogate.json",
    "letters.csv", "spaces.csv", "lines.csv", "wrapped-lines.csv", "digits.csv", "dates.csv",
    "date-parts.csv", "brackets.csv", "brackets-closed.csv", "former-names.csv", "dashes.csv",
    "slashes.csv", "and.csv", "known-and.csv", "commas-in-cell.csv", "semicolons.csv",
    "status-words.csv", "closed.csv", "colours.csv", "colour-points.csv", "eg.csv", "headers.csv",
    "header-eg.csv", "header-dots.csv", "titles.txt", "fact-line.txt", "heading-line.txt",
    "flattened-and.txt", "flattened-long.txt", "number-like.txt", "claimed-range.xlsx",
    "bomb-inside.docx",
)  # fmt: skip
# one or more of each kind of attack; HOSTILE=all runs the others too, which takes minutes
USUAL = (
    "spaces.docx", "lying-sizes.docx", "overlapping.docx", "laughs.docx", "quadratic.xlsx",
    "external.docx", "remote.ods", "endless-entity.xlsx", "parameters.docx", "wide.docx",
    "deep.docx", "deep-but-allowed.docx", "span.docx", "tall.csv", "quote.csv", "cells.txt",
    "used-range.xlsx", "far-cell.xlsx", "no-string.xlsx", "merges.xlsx", "repeated-cells.ods",
    "repeated-spaces.ods", "words.xls", "circle.xls", "deep.json", "deep-lines.jsonl",
    "number.json", "surrogate.json", "keys.json", "spaces.csv", "wrapped-lines.csv", "dates.csv",
    "brackets.csv", "known-and.csv", "status-words.csv", "headers.csv", "header-eg.csv",
    "heading-line.txt", "flattened-and.txt", "deep.html", "span-staircase.html", "spans.html",
    "laughs.html", "external.html", "comment.html", "deep-list.md", "pipes.md", "page-cycle.pdf",
    "page-tree.pdf", "page-count.pdf", "prev-loop.pdf", "object-stream.pdf", "form-cycle.pdf",
    "reference-cycle.pdf", "inflating-twice.pdf", "predictor.pdf", "media-box.pdf",
    "deep-arrays.pdf", "picture.pdf", "xref-count.pdf",
)  # fmt: skip
NAMES = tuple(FILES) if os.environ.get("HOSTILE") == "all" else USUAL


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A knowledge base of one review, with low limits."""
    folder = tmp_path_factory.mktemp("base")
    home = make_home(folder / "home")
    (home / "kb.toml").write_text(LIMITS, "utf-8")
    done("add", write_plan(folder / "plan.csv", FELLSIDE), "--review-id", "fellside-7", home=home)
    return home


@pytest.fixture
def home(base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(base, tmp_path / "home"))


def made(name: str, folder: Path) -> Path:
    assert Path(name).suffix in READERS
    path = folder / name
    path.write_bytes(FILES[name]())
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_file_is_refused_in_words_or_read(name: str, home: Path, tmp_path: Path) -> None:
    path = made(name, tmp_path)
    if name in READ:  # time enough on a busy machine; what is quadratic takes hours
        (home / "kb.toml").write_text("[reading]\nmegabytes = 1024\nseconds = 300\n", "utf-8")
    before, beside = digests(home / "corpus"), set(tmp_path.iterdir())
    ran = kb("add", path, "--review-id", "hostile", home=home)
    after = digests(home / "corpus")
    assert ran.code == 0 or name not in READ, ran.err
    if ran.code == 0:
        assert {file: after[file] for file in before} == before
    else:
        assert ran.code == 1, ran.err
        assert len(ran.err) < 10_000
        assert after == before
        told, *hints = ran.err.strip().splitlines()
        assert told.startswith((f"kb: {name}: ", f"kb: {name}, "))
        assert len(hints) <= 1
    assert "Traceback" not in ran.err
    assert not [secret for secret in SECRETS if secret in ran.out + ran.err]
    assert set(tmp_path.iterdir()) == beside


@pytest.mark.parametrize("name", ["external.docx", "remote.docx", "external.html"])
def test_an_external_entity_is_not_followed(name: str, home: Path, tmp_path: Path) -> None:
    path = made(name, tmp_path)
    kb("add", path, "--review-id", "hostile", home=home)
    stored = home / "corpus" / "hostile.json"
    assert not stored.exists() or "root:" not in stored.read_text("utf-8")


def test_after_an_attack_the_next_command_works(home: Path, tmp_path: Path) -> None:
    for name in ("tall.csv", "laughs.docx", "used-range.xlsx"):
        assert kb("add", made(name, tmp_path), home=home).code == 1
    again = done("add", write_plan(tmp_path / "plan.csv", FELLSIDE[:2]), home=home)
    assert "2 recommendations" in again.out
    assert done("build", home=home).code == 0
    assert "fellside-7/1" in done("search", "genogram", home=home).out


def test_one_hostile_file_of_several_keeps_all_out(home: Path, tmp_path: Path) -> None:
    before = digests(home / "corpus")
    plan = write_plan(tmp_path / "plan.csv", FELLSIDE[:2])
    assert kb("add", plan, made("commas.csv", tmp_path), home=home).code == 1
    assert digests(home / "corpus") == before


def test_a_hostile_draft_to_check_is_refused_in_words(built: Path, tmp_path: Path) -> None:
    ran = kb("check", "--file", made("deep.json", tmp_path), home=built)
    assert ran.code == 1
    assert ran.err.startswith("kb: deep.json: ")
    assert "Traceback" not in ran.err


# Valid files, broken at random ---------------------------------------------------------------


def valid(ending: str, folder: Path) -> bytes:
    """A valid plan of this type."""
    path = folder / f"valid{ending}"
    if ending == ".docx":
        document: Any = docx.Document()
        table = document.add_table(0, len(HEADERS))
        for row in (HEADERS, *FELLSIDE):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.save(str(path))
    elif ending == ".xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate((HEADERS, *FELLSIDE)):
                sheet.write_row(number, 0, row)
    elif ending in (".csv", ".tsv", ".txt", ".md"):
        return write_plan(path, FELLSIDE).read_bytes()
    elif ending == ".json":
        return b'[{"No": "1", "recommendation": "%s", "status": ["a"]}]' % ASK.encode()
    elif ending == ".html":
        return html(HTML_PLAN)
    else:
        return simple_pdf()
    return path.read_bytes()


def broken(data: bytes, chance: random.Random) -> bytes:
    """The same bytes with some turned over, cut off, doubled or moved."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        at, length = chance.randrange(len(out)), chance.randrange(1, 40)
        how = chance.randrange(5)
        if how == 0:
            out[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            out[at : at + length] = chance.randbytes(length)
        elif how == 2:
            del out[at : at + length]
        elif how == 3:
            start = chance.randrange(len(out))
            out[at:at] = out[start : start + length]
        elif chance.random() < 0.2:
            del out[at:]
        if not out:
            return b"x"
    return bytes(out)


@pytest.mark.parametrize(
    "ending", [".docx", ".xlsx", ".csv", ".json", ".txt", ".html", ".md", ".pdf"]
)
def test_a_file_broken_at_random_raises_only_our_errors(
    ending: str, tmp_path: Path, agencies: Agencies
) -> None:
    assert ending in READERS
    whole, chance = valid(ending, tmp_path), random.Random(ending)
    path = tmp_path / f"broken{ending}"
    for _ in range(60):
        path.write_bytes(broken(whole, chance))
        with suppress(KnowledgeBaseError):
            read_document(path, agencies=agencies)
