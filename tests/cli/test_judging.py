"""``kb queue --judge``: one recommendation after another, every answer stored at once."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bases import WHO, child, child_environment, done, kb, make_home, refused, write_plan
from click.testing import CliRunner, Result

from kb.cli.answers import SingleKeys
from kb.cli.main import cli
from kb.errors import NotFound
from kb.library import KnowledgeBase
from kb.library.judging import Asked, Judging
from kb.model import PairJudgement

posix = pytest.mark.skipif(os.name != "posix", reason="terminals are those of POSIX")
# In this order the queue of the small knowledge base asks; themes that were found in brackets.
FIRST, SECOND, THIRD = "tarnmoor-017/1", "tarnmoor-017/8", "fellside-7/2"  # –, –, call-handling


def judged(home: Path, *lines: str, options: tuple[str, ...] = (), who: str = WHO) -> Result:
    """Judge with these lines, then the end of input."""
    words = ["--home", str(home), "--who", who, "queue", "--judge", *options]
    answers = "".join(line + "\n" for line in lines)
    ran = CliRunner().invoke(cli, words, input=answers, catch_exceptions=False)
    assert ran.exit_code == 0
    return ran


def stored(home: Path) -> list[dict[str, Any]]:
    path = home / "corpus" / "judgements.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def themes(home: Path, identity: str) -> list[str]:
    return [tag["id"] for tag in done("show", identity, "--json", home=home).json["themes"]]


# What is shown and stored -----------------------------------------------------------------------


def test_a_recommendation_is_shown_whole_with_its_candidates_under_keys(home: Path) -> None:
    said = judged(home, options=("--review", "fellside-7", "--theme", "call-handling")).stdout
    assert "fellside-7/2\n  Review of Mrs F (2021)\n" in said
    assert "  agency: Fellside Clinical Commissioning Group\n" in said
    assert "     The surgery's answerphone message to name the domestic abuse helpline." in said
    assert "  a  call-handling: not judged · Answering calls · found by rule" in said
    assert "“answerphone”" in said


def test_an_empty_line_stores_a_judgement_of_every_theme(home: Path) -> None:
    ran = judged(home, "a", "", options=("--review", "fellside-7", "--theme", "call-handling"))
    assert "  a  call-handling: yes\n" in ran.stdout
    assert "Stored: fellside-7/2 · yes: call-handling · no: every other theme" in ran.stdout
    (line,) = stored(home)
    assert (line["recommendation"], line["yes"], line["complete"], line["who"]) == (
        "fellside-7/2",
        ["call-handling"],
        True,
        WHO,
    )
    assert line["digest"]


def test_s_stores_the_marked_alone(home: Path) -> None:
    judged(home, "a", "a", "s", options=("--review", "fellside-7", "--theme", "call-handling"))
    (line,) = stored(home)
    assert (line.get("yes"), line["no"], line.get("complete")) == (None, ["call-handling"], None)


def test_a_third_press_is_not_judged_again_and_s_then_stores_nothing(home: Path) -> None:
    said = judged(home, "a a a", "s", options=("--theme", "call-handling")).stdout
    assert "a  call-handling: yes\n  a  call-handling: no\n  a  call-handling: not judged\n" in said
    assert "Nothing is marked" in said
    assert not (home / "corpus" / "judgements.jsonl").exists()


def test_that_no_theme_holds_is_asked_about_before_it_is_stored(home: Path) -> None:
    said = judged(home, "", "n", "", "", "", "y").stdout
    assert said.count("Does none hold? y or n") == 3
    assert [(line["recommendation"], line["complete"]) for line in stored(home)] == [(FIRST, True)]


def test_the_machines_tags_are_not_confirmed_by_silence(home: Path) -> None:
    said = judged(home, "", "n", options=("--theme", "call-handling")).stdout
    assert "Does none hold?" in said
    assert not (home / "corpus" / "judgements.jsonl").exists()


def test_what_a_person_judged_before_begins_as_they_judged_it(home: Path) -> None:
    done("judge", "fellside-7/2", "--theme", "+training", home=home)
    options = ("--review", "fellside-7", "--theme", "call-handling")
    said = judged(home, "b", "", options=options, who="ben").stdout
    assert "  a  training: yes · Training · judged before" in said
    assert sorted(themes(home, "fellside-7/2")) == ["call-handling", "training"]


def test_progress_counts_what_waits_for_a_build(home: Path) -> None:
    done("judge", "fellside-7/3", "--theme", "+training", home=home)
    said = judged(home, "/training", "").stdout
    assert "1 judged in this session · 18 more until 20" in said
    done("build", home=home)
    assert "1 judged in this session · 19 more until 20" in judged(home, "/training", "").stdout


# Searching and explaining themes ----------------------------------------------------------------


@pytest.mark.parametrize("words", ["genograms", "FAMILY history", "trees drawn"])
def test_a_theme_is_searched_by_id_name_or_what_it_covers(home: Path, words: str) -> None:
    said = judged(home, f"/{words}", "").stdout
    assert "  a  genograms: yes\n" in said
    assert f"Stored: {FIRST} · yes: genograms" in said


def test_of_several_themes_found_one_is_chosen_by_its_number(home: Path) -> None:
    said = judged(home, "/", "n", "2", "", "/in", "", "q").stdout
    assert "Theme, by id, name or what it covers" in said
    assert "None was added." in said
    assert len(stored(home)) == 1
    assert len(stored(home)[0]["yes"]) == 1


def test_a_theme_that_is_not_there_offers_the_nearest(home: Path) -> None:
    said = judged(home, "/genogramms", "?gnograms").stdout
    assert "No theme is found by 'genogramms'. Did you mean genograms?" in said
    assert "The taxonomy has no theme 'gnograms'. Did you mean genograms?" in said


def test_what_a_theme_covers_is_told_for_a_key_or_an_id(home: Path) -> None:
    said = judged(home, "? genograms", "?", "a", options=("--theme", "call-handling")).stdout
    assert "covers: Family trees drawn by practitioners." in said
    assert "border: the taxonomy does not say" in said
    assert "  call-handling: Answering calls\n" in said


@pytest.mark.parametrize("line", ["z", "9", "dash", "aa", "\x1b[A", "é", "Sir"])
def test_another_key_changes_nothing(home: Path, line: str) -> None:
    said = judged(home, line, "q").stdout
    assert "is no key here" in said
    assert not (home / "corpus" / "judgements.jsonl").exists()


# Undo and resume --------------------------------------------------------------------------------


def test_undo_takes_back_by_a_further_line_and_asks_again(home: Path) -> None:
    said = judged(home, "/training", "", "u", "/genograms", "", "q").stdout
    assert f"Undone: the judgement of {FIRST}; what held before holds again" in said
    assert len(stored(home)) == 3  # nothing that stood there was touched
    assert themes(home, FIRST) == ["genograms"]


def test_undo_brings_back_what_was_judged_before(home: Path) -> None:
    done("judge", "fellside-7/2", "--theme", "+training", home=home)
    options = ("--review", "fellside-7", "--theme", "call-handling")
    said = judged(home, "a", "", "y", "u", options=options, who="ben").stdout
    assert "Undone: the judgement of fellside-7/2" in said
    assert sorted(themes(home, "fellside-7/2")) == ["call-handling", "training"]


def test_with_nothing_to_undo_it_says_so(home: Path) -> None:
    assert "Nothing was stored in this session" in judged(home, "u").stdout


def test_several_steps_are_undone_one_by_one(home: Path) -> None:
    said = judged(home, "/training", "", "n", "u", "u", "u").stdout
    assert said.index(f"Undone: skipping of {SECOND}") < said.index(f"the judgement of {FIRST}")
    assert "0 judged in this session · 20 more until 20" in said
    assert KnowledgeBase.open(home).corpus.judgements() == []


def test_what_was_judged_is_not_asked_again_and_what_was_skipped_comes_last(home: Path) -> None:
    judged(home, "n", "/training", "s")  # the first is skipped, the second judged in part
    waiting = [row["id"] for row in done("queue", "--json", home=home).lines]
    assert waiting[0] != FIRST
    assert waiting[-1] == FIRST
    assert SECOND not in waiting
    others = [row["id"] for row in kb("--who", "ben", "queue", "--json", home=home).lines]
    assert others[0] == FIRST  # to somebody else it is new


def test_a_skipped_one_is_no_judgement(home: Path) -> None:
    judged(home, "n")
    assert KnowledgeBase.open(home).corpus.judgements() == []
    assert done("search", "genogram", home=home).err == ""  # nothing for a build to do


def test_a_text_that_has_changed_since_is_asked_about_again(home: Path) -> None:
    done("judge", "fellside-7/1", "--theme", "+genograms", "--complete", home=home)
    done("correct", "fellside-7/1", "text=Midwives to draw a family tree.", home=home)
    done("build", home=home)
    rows = done("queue", "--review", "fellside-7", "--json", home=home).lines
    assert {row["id"]: row["why"] for row in rows}["fellside-7/1"] == (
        "its text has changed since it was judged"
    )


def test_one_theme_judged_on_the_new_text_does_not_settle_the_others(home: Path) -> None:
    done("judge", "fellside-7/1", "--theme", "+genograms", "--complete", home=home)
    done("correct", "fellside-7/1", "text=Midwives to paint the hall.", home=home)
    done("judge", "fellside-7/1", "--theme", "+training", home=home)
    tags = {
        tag["id"]: tag for tag in done("show", "fellside-7/1", "--json", home=home).json["themes"]
    }
    assert "text has changed" in tags["genograms"]["evidence"][0]["why"]
    assert "made on a text that has changed since" in done("doctor", home=home).out
    done("judge", "fellside-7/1", "--theme", "+training", "--complete", home=home)
    assert "has changed since: fellside" not in done("doctor", home=home).out


def test_what_is_taken_out_or_judged_meanwhile_is_passed_by(home: Path) -> None:
    base = KnowledgeBase.open(home)
    session = base.judging(who=WHO)
    first = session.ask()
    assert first is not None
    base.judge_themes(first.entry.id, complete=True, who="ben")
    second = session.ask()
    assert second is not None
    assert second.entry.id != first.entry.id
    done("remove", second.entry.review.id, "--yes", home=home)
    third = session.ask()
    assert third is not None
    assert third.entry.review.id != second.entry.review.id


def test_what_a_colleague_judged_while_it_was_shown_is_not_written_over(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Judging.is_judged_otherwise

    def meanwhile(session: Judging, asked: Asked) -> bool:
        if asked.entry.id == FIRST:
            KnowledgeBase.open(home).judge_themes(FIRST, yes=["training"], complete=True, who="ben")
        return store(session, asked)

    monkeypatch.setattr(Judging, "is_judged_otherwise", meanwhile)
    said = judged(home, "/genograms", "", "/genograms", "").stdout
    assert f"Not stored: {FIRST} was judged, changed or taken out meanwhile." in said
    assert [line["who"] for line in stored(home)] == ["ben", WHO]
    assert (themes(home, FIRST), themes(home, SECOND)) == (["training"], ["genograms"])


# What narrows the queue -------------------------------------------------------------------------


def test_limit_and_review_narrow_the_session(home: Path) -> None:
    ran = judged(home, *["n"] * 9, options=("--limit", "2"))
    assert "Nothing more waits to be judged." in ran.stdout
    assert "0 judged, 2 skipped" in ran.stderr
    asked = judged(home, *["n"] * 9, options=("--review", "quillerby-9")).stdout
    assert asked.count("Skipped: quillerby-9/") == 3


def test_a_theme_that_nothing_speaks_for_is_asked_about_everywhere(home: Path) -> None:
    rows = done("queue", "--theme", "training", "--limit", "100", "--json", home=home).lines
    everything = KnowledgeBase.open(home).entries()
    assert {row["id"] for row in rows} == {entry.id for entry in everything}
    assert {row["id"] for row in rows[:2]} == {"fellside-7/3", "quillerby-9/3"}
    assert rows[-1]["why"] == "training: nothing speaks for it yet"


# Wrong input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "options", "words"),
    [
        (1, ["--theme", "genogram"], "Did you mean genograms"),
        (1, ["--review", "fellside-8"], "fellside-7"),
        (2, ["--limit", "0"], "limit"),
        (2, ["--json"], "--json lists"),
    ],
)
def test_wrong_options_are_refused(home: Path, code: int, options: list[str], words: str) -> None:
    assert words in refused(code, "queue", "--judge", *options, home=home)


def test_lines_without_judging_are_refused(home: Path) -> None:
    assert "--lines is for judging" in refused(2, "queue", "--lines", home=home)


def test_before_the_first_build_it_says_build(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    assert "kb build" in refused(1, "queue", "--judge", home=home)


def test_an_empty_knowledge_base_says_add(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    done("build", home=home)
    assert "kb add" in done("queue", "--judge", home=home).words
    assert "kb add" in done("queue", home=home).words


def test_a_review_that_is_not_indexed_says_build(home: Path, tmp_path: Path) -> None:
    rows = [["1", "Draw a map.", "", "", "", "", ""]]
    done("add", write_plan(tmp_path / "new.csv", rows), "--review-id", "new-1", home=home)
    assert "kb build" in refused(1, "queue", "--review", "new-1", home=home)


def test_undoing_what_was_not_judged_is_refused(home: Path) -> None:
    assert "anna has judged no theme" in refused(1, "judge", "fellside-7/1", "--undo", home=home)
    refused(2, "judge", "fellside-7/1", "--undo", "--complete", home=home)
    refused(1, "judge", "fellside-9/1", "--undo", home=home)


@pytest.mark.parametrize("name", ["starter", " starter "])
def test_nobody_judges_in_the_name_of_the_starter_corpus(home: Path, name: str) -> None:
    options = ("--who", name, "judge", "fellside-7/1", "--theme", "+training")
    assert "not for a person" in refused(2, *options, home=home)


def test_what_is_taken_out_meanwhile_leaves_no_judgement(home: Path) -> None:
    base = KnowledgeBase.open(home)
    judgement = base.judge_themes("fellside-7/1", yes=["training"], who=WHO)
    done("remove", "fellside-7", "--yes", home=home)
    with pytest.raises(NotFound):
        base.judge(judgement)
    assert base.corpus.judgements() == []


def test_judge_undo_takes_back_ones_own_last_judgement(home: Path) -> None:
    done("judge", "fellside-7/1", "--theme", "+training", home=home)
    done("judge", "fellside-7/1", "--theme", "-genograms", home=home)
    assert themes(home, "fellside-7/1") == ["training"]
    ran = done("judge", "fellside-7/1", "--undo", home=home)
    assert ran.out == "fellside-7/1: genograms, training\n"
    done("judge", "fellside-7/1", "--undo", home=home)
    assert themes(home, "fellside-7/1") == ["genograms"]


def test_judge_undo_takes_back_what_one_said_of_a_pair(home: Path) -> None:
    pair = ("judge", "fellside-7/1", "quillerby-9/1")
    for said in ("--same", "--different"):
        done(*pair, said, home=home)
    done("--who", "ben", *pair, "--same", home=home)
    done("judge", "quillerby-9/1", "fellside-7/1", "--undo", home=home)
    stands = KnowledgeBase.open(home).corpus.judgements()
    assert [(one.who, one.same) for one in stands if isinstance(one, PairJudgement)] == [
        ("anna", True),
        ("ben", True),
    ]
    done(*pair, "--undo", home=home)
    assert "anna has not judged whether" in refused(1, *pair, "--undo", home=home)
    refused(2, *pair, "--undo", "--same", home=home)


def test_an_answer_that_is_no_text_is_told(home: Path) -> None:
    ran = subprocess.run(
        [*child(), "--home", str(home), "queue", "--judge"],
        input=b"\xff\xfe\n",
        capture_output=True,
        env=child_environment(PYTHONIOENCODING="utf-8:strict"),
        check=False,
    )
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr
    assert b"not text in UTF-8" in ran.stderr


# A real terminal --------------------------------------------------------------------------------


class Terminal:
    """The other end of a pseudo-terminal: what it shows, and keys for it."""

    def __init__(self, end: int) -> None:
        self._end = end
        self.shown = ""

    def wait_for(self, words: str) -> None:
        """Read until these words were shown after what was shown before."""
        deadline = time.monotonic() + 60
        new = ""
        while words not in new:
            assert time.monotonic() < deadline, f"{words!r} was not shown:\n{new}"
            if select.select([self._end], [], [], 1)[0]:
                try:
                    new += os.read(self._end, 65536).decode().replace("\r\n", "\n")
                except OSError:  # the other end was closed
                    assert words in new, new
        self.shown += new

    def press(self, keys: str, then: str = "Key: ") -> None:
        """Press keys and wait for the words that follow."""
        time.sleep(0.05)  # the prompt is shown just before the keys are listened to
        os.write(self._end, keys.encode())
        self.wait_for(then)


@contextmanager
def at_a_terminal(home: Path, *options: str) -> Iterator[tuple[Terminal, subprocess.Popen[bytes]]]:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*child(), "--home", str(home), "queue", "--judge", *options],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=child_environment(TERM="xterm"),
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(ours), process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(ours)


@posix
def test_single_keys_judge_at_a_terminal(home: Path) -> None:
    with at_a_terminal(home, "--theme", "call-handling") as (terminal, process):
        terminal.wait_for("Key: ")
        terminal.press("a")
        assert "a\n  a  call-handling: yes" in terminal.shown
        terminal.press("\x1b[A")
        assert "another key" in terminal.shown
        terminal.press("/", then="Theme, by id, name or what it covers: ")
        terminal.press("training\n")
        assert "training: yes" in terminal.shown
        terminal.press("\r")
        assert "1 judged in this session · 19 more until 20" in terminal.shown
        terminal.press("u")
        terminal.press("a")
        terminal.press("s")
        terminal.press("q", then="Next: kb build")
        assert process.wait(timeout=60) == 0
    kept = KnowledgeBase.open(home).corpus.judgements()
    assert [getattr(one, "yes", None) for one in kept] == [("call-handling",)]


@posix
@pytest.mark.parametrize(("key", "code"), [("\x03", 1), ("\x04", 0)], ids=["ctrl-c", "ctrl-d"])
def test_what_was_stored_stays_when_the_session_is_broken_off(
    home: Path, key: str, code: int
) -> None:
    with at_a_terminal(home) as (terminal, process):
        terminal.wait_for("Key: ")
        terminal.press("/", then="covers: ")
        terminal.press("training\n")
        terminal.press("\r")
        terminal.press(key, then="1 judged, 0 skipped")
        assert process.wait(timeout=60) == code
    assert "Traceback" not in terminal.shown
    assert len(stored(home)) == 1


@posix
def test_the_end_of_input_ends_a_search_as_it_ends_the_session(home: Path) -> None:
    with at_a_terminal(home) as (terminal, process):
        terminal.wait_for("Key: ")
        terminal.press("/", then="covers: ")
        terminal.press("\x04", then="0 judged, 0 skipped")
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("key", ["", None])
def test_a_terminal_that_is_gone_is_the_end_of_input(
    monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    monkeypatch.setattr(
        "click.getchar", lambda: key
    )  # so it answers once nobody holds the other end
    with pytest.raises(EOFError):
        SingleKeys().keys("Key")


@posix
def test_lines_are_taken_at_a_terminal_where_they_are_wanted(home: Path) -> None:
    with at_a_terminal(home, "--lines") as (terminal, process):
        terminal.wait_for("Key: ")
        terminal.press("/training\n")
        terminal.press("\n")
        terminal.press("q\n", then="Next: kb build")
        assert process.wait(timeout=60) == 0
    assert len(stored(home)) == 1


@posix
def test_a_kill_loses_nothing_that_was_answered(home: Path) -> None:
    with at_a_terminal(home) as (terminal, process):
        terminal.wait_for("Key: ")
        terminal.press("n")
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
    assert [line["recommendation"] for line in stored(home)] == [FIRST]


# Keys -------------------------------------------------------------------------------------------


def test_no_theme_stands_under_the_key_of_a_command() -> None:
    from kb.cli.ballot import KEYS

    assert len(KEYS) == 22
    assert not {"s", "n", "u", "q"} & set(KEYS)


def test_an_id_of_one_letter_is_not_taken_for_a_key(tmp_path: Path) -> None:
    listed = "".join(f"      - id: {one}\n        name: {one} {one}\n" for one in "ba")
    listed = listed.replace("name: b b", "name: b b\n        rules: [{any: [map]}]")
    home = make_home(
        tmp_path / "home",
        f"version: '1'\ngroups:\n  - id: g\n    name: G\n    themes:\n{listed}",
    )
    rows = [["1", "Draw a map.", "", "", "", "", ""]]
    done("add", write_plan(tmp_path / "map.csv", rows), "--review-id", "map-1", home=home)
    done("build", home=home)
    judged(home, "/a", "")  # theme b stands under the key a
    assert stored(home)[0]["yes"] == ["a"]


def test_themes_beyond_the_alphabet_are_marked_by_their_ids(tmp_path: Path) -> None:
    themes_of = "\n".join(
        f"      - id: map-{n}\n        name: Map {n}\n        rules: [{{any: [map]}}]"
        for n in range(24)
    )
    taxonomy = f"version: '1'\ngroups:\n  - id: g\n    name: G\n    themes:\n{themes_of}\n"
    home = make_home(tmp_path / "home", taxonomy)
    rows = [["1", "Draw a map.", "", "", "", "", ""]]
    done("add", write_plan(tmp_path / "map.csv", rows), "--review-id", "map-1", home=home)
    done("build", home=home)
    said = judged(home, "z", "?map-9", "/map-9", "").stdout
    assert "  –  map-9: yes\n" in said
    assert "map-9" in stored(home)[0]["yes"]
