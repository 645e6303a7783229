"""What people change on pages: judgements, corrections, saved searches."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from bases import unchanged
from sites import Site, seen, site, words

from kb.library import KnowledgeBase

HERE = "/recommendation/fellside-7/1"
OTHER = "quillerby-9/1"


def judgements(home: Path) -> list[dict[str, object]]:
    path = home / "corpus" / "judgements.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_judgement_is_stored_under_the_persons_name_and_shows_at_once(
    own: Site, home: Path
) -> None:
    answer = own.post(
        f"{HERE}/judge", {"seen": seen(own, HERE), "theme-genograms": "no", "more": "training"}
    )
    assert answer.status_code == 303
    (line,) = judgements(home)
    assert line["who"] == "anna"
    assert line["yes"] == ["training"]
    assert line["no"] == ["genograms"]
    themes = {tag.id for tag in KnowledgeBase.open(home).entry("fellside-7/1").themes}
    assert themes == {"training"}
    said = own.words(HERE)
    assert re.search(r"Training .{,20}Yes, said anna, \d", said)
    assert "Training yes ; Genograms and family history no" in said


def test_a_judgement_of_nothing_is_asked_again(own: Site, home: Path) -> None:
    with unchanged(home):
        answer = own.post(f"{HERE}/judge", {"seen": seen(own, HERE)})
    assert answer.status_code == 400
    assert "Say yes or no to at least one theme" in answer.text


def test_of_two_people_who_judge_the_same_the_second_is_shown_it_anew(
    own: Site, home: Path
) -> None:
    first = second = seen(own, HERE)
    assert own.post(f"{HERE}/judge", {"seen": first, "theme-genograms": "yes"}).status_code == 303
    with unchanged(home):
        answer = own.post(f"{HERE}/judge", {"seen": second, "theme-genograms": "no"})
    assert answer.status_code == 409
    assert "changed or judged by somebody else" in words(answer.text)


def test_who_says_what_another_said_meanwhile_is_told_of_it(own: Site, home: Path) -> None:
    form = {"seen": seen(own, HERE), "theme-genograms": "no"}
    KnowledgeBase.open(home).judge_themes("fellside-7/1", no=["genograms"], who="carol")
    with unchanged(home):
        answers = [own.post(f"{HERE}/judge", form)]
        answers.append(own.post("/queue", {**form, "id": "fellside-7/1", "do": "store"}))
    for answer in answers:
        assert answer.status_code == 409
        assert "judged by somebody else" in words(answer.text)


def test_a_judgement_can_be_taken_back(own: Site, home: Path) -> None:
    own.post(f"{HERE}/judge", {"seen": seen(own, HERE), "theme-genograms": "no"})
    assert own.post(f"{HERE}/take-back").status_code == 303
    themes = {tag.id for tag in KnowledgeBase.open(home).entry("fellside-7/1").themes}
    assert "genograms" in themes


def test_a_pair_is_judged(own: Site, home: Path) -> None:
    form = {"other": OTHER, "same": "no", "seen": seen(own, HERE, OTHER)}
    assert own.post(f"{HERE}/pair", form).status_code == 303
    (line,) = judgements(home)
    assert (line["kind"], line["same"]) == ("pair", False)


def test_of_two_people_who_judge_the_same_pair_the_second_is_shown_what_the_first_said(
    own: Site, home: Path
) -> None:
    ben = {"other": HERE.removeprefix("/recommendation/"), "same": "yes"}
    ben["seen"] = seen(own, f"/recommendation/{OTHER}", ben["other"])
    KnowledgeBase.open(home).judge_pair(ben["other"], OTHER, same=False, who="carol")
    with unchanged(home):
        answer = own.post(f"/recommendation/{OTHER}/pair", ben)
    assert answer.status_code == 409
    assert "judged by somebody else" in words(answer.text)
    assert "Different asks carol" in words(answer.text)


def test_a_pair_judged_on_a_wording_that_is_none_any_more_is_shown_anew(
    own: Site, home: Path
) -> None:
    form = {"other": OTHER, "same": "yes", "seen": seen(own, HERE, OTHER)}
    KnowledgeBase.open(home).correct(OTHER, {"text": "Ask the family."}, who="ben")
    with unchanged(home):
        assert own.post(f"{HERE}/pair", form).status_code == 409


def test_a_recommendation_worded_anew_is_shown_so_and_can_be_judged_before_the_next_build(
    own: Site, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.web.site._LOOKED", 0.0)
    KnowledgeBase.open(home).correct(OTHER, {"text": "Ask the whole family."}, who="ben")
    assert "Ask the whole family." in own.words(HERE)
    form = {"other": OTHER, "same": "yes", "seen": seen(own, HERE, OTHER)}
    assert own.post(f"{HERE}/pair", form).status_code == 303


def test_what_was_said_of_a_pair_is_seen_on_both_and_taken_back(own: Site, home: Path) -> None:
    base = KnowledgeBase.open(home)
    base.judge_pair("fellside-7/1", OTHER, same=False, who="anna")
    base.judge_pair(OTHER, "fellside-7/1", same=True, who="ben")
    for page in (HERE, f"/recommendation/{OTHER}"):
        said = own.words(page).split("Compared by people")[1]
        assert re.match(r" Same ask ben, .* Before: different asks, anna, ", said)
        assert "Different after all" in said
    form = {"other": OTHER, "seen": seen(own, HERE, OTHER)}
    assert own.post(f"{HERE}/take-back", form).status_code == 303  # anna's, who asks
    said = own.words(HERE).split("Compared by people")[1]
    assert "different asks, anna" not in said
    assert "Take back" not in said.split("Themes")[0]
    assert len(judgements(home)) == 3
    form["seen"] = seen(own, HERE, OTHER)
    assert own.post(f"{HERE}/take-back", form).status_code == 404


def test_a_no_to_a_theme_is_seen_and_can_be_turned(own: Site, home: Path) -> None:
    KnowledgeBase.open(home).judge_themes("fellside-7/1", no=["genograms"], who="ben")
    said = own.words(HERE)
    assert "Themes that people said it does not have Genograms" in said
    assert "No, said ben, " in said
    untouched = {"seen": seen(own, HERE), "theme-genograms": "no"}
    assert own.post(f"{HERE}/judge", untouched).status_code == 400  # as it stood: nobody's answer
    own.post(f"{HERE}/judge", {"seen": seen(own, HERE), "theme-genograms": "yes"})
    assert "does not have" not in own.words(HERE)
    assert [line["who"] for line in judgements(home)] == ["ben", "anna"]


def test_each_judgement_of_ones_own_can_be_taken_back(own: Site, home: Path) -> None:
    base = KnowledgeBase.open(home)
    last = base.judge_themes("fellside-7/1", no=["training"], who="anna")
    first = {"no": ("genograms",), "when": last.when - timedelta(minutes=5)}
    base.corpus.judge([last.model_copy(update=first)])
    made = re.findall(r'name="made" value="([^"]+)"', own.get(HERE).text)
    assert len(made) == 2
    assert own.post(f"{HERE}/take-back", {"made": made[1]}).status_code == 303
    (held,) = KnowledgeBase.open(home).corpus.judgements()
    assert held == last
    assert own.post(f"{HERE}/take-back", {"made": "yesterday"}).status_code == 400


def test_a_field_is_set_right_and_the_others_are_left_alone(own: Site, home: Path) -> None:
    answer = own.post(f"{HERE}/correct", {"seen": seen(own, HERE), "outcome": "Audited\r\nin May"})
    assert answer.status_code == 303
    recommendation = KnowledgeBase.open(home).entry("fellside-7/1").recommendation
    assert recommendation.outcome == "Audited\nin May"
    assert [each.field for each in recommendation.corrections] == ["outcome"]


def test_the_whole_form_sent_back_as_it_was_changes_nothing(own: Site, home: Path) -> None:
    from kb.library.showing import printed
    from kb.web.pages.recommending import CORRECTABLE

    stored = KnowledgeBase.open(home).entry("fellside-7/1").recommendation
    form = {field: printed(stored, field) or "" for field in CORRECTABLE}
    with unchanged(home):
        answer = own.post(f"{HERE}/correct", {"seen": seen(own, HERE), **form})
    assert answer.status_code == 400


def test_a_correction_of_what_changed_meanwhile_is_refused(own: Site, home: Path) -> None:
    before = seen(own, HERE)
    own.post(f"{HERE}/correct", {"seen": before, "status": "In progress"})
    with unchanged(home):
        answer = own.post(f"{HERE}/correct", {"seen": before, "status": "Not started"})
    assert answer.status_code == 409


def test_facts_of_a_review_are_set_right(own: Site, home: Path) -> None:
    path = "/review/tarnmoor-017"
    form = {"seen": seen(own, path), "publication": "published", "published": "2022-03"}
    assert own.post(f"{path}/correct", form).status_code == 303
    review = KnowledgeBase.open(home).review("tarnmoor-017")
    assert (review.publication, review.published) == ("published", "2022-03")


def test_a_fact_that_cannot_be_is_refused_in_words(own: Site, home: Path) -> None:
    path = "/review/tarnmoor-017"
    with unchanged(home):
        answer = own.post(f"{path}/correct", {"seen": seen(own, path), "published": "soon"})
    assert answer.status_code == 400
    assert "published cannot be 'soon'" in words(answer.text).lower()


def test_a_search_is_saved_looked_at_and_forgotten(own: Site) -> None:
    assert own.post("/searches?q=genogram&area=Fellside", {"name": "trees"}).status_code == 303
    said = own.words("/searches")
    assert "trees" in said
    assert "1 recommendation , 0 new" in said
    assert own.post("/searches/change", {"name": "trees", "do": "remove"}).status_code == 303
    assert "No search is saved yet" in own.words("/searches")


def test_the_queue_goes_on_after_each_answer_and_takes_back(own: Site, home: Path) -> None:
    first = own.get("/queue").text
    identity = first.split('name="id" value="')[1].split('"')[0]
    form = {"id": identity, "seen": seen(own, "/queue"), "do": "store", "complete": "yes"}
    answer = own.post("/queue", form)
    assert answer.status_code == 303
    following = own.get(answer.headers["location"]).text
    assert f'name="id" value="{identity}"><input type="hidden" name="seen"' not in following
    assert judgements(home)[-1]["complete"] is True
    assert own.post("/queue", {"id": identity, "do": "undo"}).status_code == 303
    assert "retracts" in judgements(home)[-1]
    assert f'"id" value="{identity}"><input type="hidden" name="seen"' in own.get("/queue").text


def test_the_theme_that_is_asked_about_can_be_refused_where_nothing_speaks_for_it(
    own: Site, home: Path
) -> None:
    KnowledgeBase.open(home).judge_themes("fellside-7/2", yes=["call-handling"], who="anna")
    page = own.words("/queue?theme=call-handling&review=fellside-7")
    assert "Asked because: Answering calls: nothing speaks for it yet" in page
    assert "Answering calls Yes No Not judged" in page


def test_what_is_skipped_comes_last(own: Site) -> None:
    first = own.get("/queue").text.split('name="id" value="')[1].split('"')[0]
    own.post("/queue", {"id": first, "do": "skip"})
    assert own.get("/queue").text.split('name="id" value="')[1].split('"')[0] != first


def test_what_one_worker_passed_over_the_other_does_not_show_first(
    home: Path, tmp_path: Path
) -> None:
    one, other = site(home, tmp_path / "one"), site(home, tmp_path / "other")
    asked = r'name="id" value="([^"]+)"><input type="hidden" name="seen"'
    (first,) = re.findall(asked, one.get("/queue").text)
    assert re.findall(asked, other.get("/queue").text) == [first]
    answer = one.post("/queue", {"id": first, "do": "skip"})
    assert re.findall(asked, other.get(answer.headers["location"]).text) != [first]


def test_a_saved_search_of_open_years_opens_as_it_was_saved(own: Site) -> None:
    own.post("/searches?from=2019", {"name": "since"})
    address = own.get("/searches").text.split('<h2><a href="')[1].split('"')[0]
    chips = own.words(html.unescape(address)).split("Chosen filters")[1]
    assert "2019 to now" in chips
