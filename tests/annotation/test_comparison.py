"""Agreement of several annotators, against published examples and by hand; what is in dispute."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotation.__main__ import main
from annotation.agreement import quadratic_kappa
from annotation.comparison import group, measure_alphas, measure_kappas, measure_spans
from annotation.disagreements import find_disagreements, write_queue
from annotation.krippendorff import alpha, codes_of
from annotation.span_agreement import count_spans, exact, in_place, overlapping
from nlp.errors import CorpusError
from tests.annotation.records_for_tests import make_contact as make
from tests.annotation.records_for_tests import make_record

N = None
# Section C of Krippendorff (2011): four observers, twelve units, gaps.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
# Section A of the same: two observers, ten units, two classes.
BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("scale", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_is_that_of_the_published_example(scale: Any, published: float) -> None:
    codes = codes_of(OBSERVERS)
    assert alpha(codes, classes=6, scale=scale) == pytest.approx(published, abs=0.0005)


def test_alpha_of_two_observers_is_the_published_one() -> None:
    assert alpha(codes_of(BINARY), classes=2, scale="nominal") == pytest.approx(0.095, abs=0.0005)


def test_alpha_at_its_ends() -> None:
    assert alpha(codes_of([[0, 1], [0, 1]]), classes=2, scale="ordinal") == 1
    assert alpha(codes_of([[1, 1], [1, 1]]), classes=2, scale="ordinal") == 1
    assert np.isnan(alpha(codes_of([[0, N], [N, 1]]), classes=2, scale="nominal"))
    assert alpha(codes_of([[0, 1], [1, 0]]), classes=2, scale="nominal") < 0


OURS = frozenset({(0, 5, "concern"), (6, 9, "history")})
THEIRS = frozenset({(0, 5, "concern"), (7, 9, "history"), (0, 5, "history")})


@pytest.mark.parametrize(
    ("match", "borne_out", "marked"), [(exact, 2, 5), (overlapping, 4, 5), (in_place, 2, 4)]
)
def test_spans_are_matched_exactly_by_touch_and_in_place(
    match: Any, borne_out: int, marked: int
) -> None:
    counts = count_spans([OURS], [THEIRS], match)
    assert (counts.borne_out[0], counts.marked[0]) == (borne_out, marked)


def test_people_who_answer_alike_agree_fully_and_intervals_hold_the_figure() -> None:
    first = [make(), make("AA10002", level=1, alt_level=None, domains=[])]
    people = group({"a": first, "b": first, "c": first[:1]})
    alphas = {each.question: each.alpha for each in measure_alphas(people, resamples=50)}
    assert alphas["level"].value == alphas["domain: physical_abuse"].value == 1
    assert np.isnan(alphas["notification appropriate"].value)
    spans = measure_spans(people, resamples=50)
    assert {each.pair for each in spans} == {("a", "b"), ("a", "c"), ("b", "c")}
    assert all(each.f1["exact"].value == 1 for each in spans)


def test_kappa_of_a_pair_has_a_higher_ceiling_and_gaps_have_none() -> None:
    levels = ((1, 1), (2, 3), (3, 3), (4, 4), (2, 2), (4, 3))
    sides = [
        [make(f"AA1000{n}", level=pair[side], alt_level=None) for n, pair in enumerate(levels)]
        for side in (0, 1)
    ]
    found = measure_kappas(group({"a": sides[0], "b": sides[1]}), resamples=50)
    by_name = {each.question: each for each in found}
    level = by_name["level"]
    codes = [np.array([pair[side] - 1 for pair in levels], dtype=np.int64) for side in (0, 1)]
    assert level.kappa.value == pytest.approx(quadratic_kappa(codes[0], codes[1], classes=4))
    assert level.kappa.value < level.ideal.value < 1
    assert level.ideal.low <= level.ideal.value <= level.ideal.high
    assert by_name["urgency"].ideal.value == 1
    assert np.isnan(by_name["notification appropriate"].kappa.value)


def test_a_label_in_dispute_lowers_its_own_figure_alone() -> None:
    moved = [*make_record()["spans"]]
    moved[0] = moved[0] | {"elements": ["concern", "history"]}
    other = make(spans=moved, status=make_record()["status"] | {"history": 1})
    spans = measure_spans(group({"a": [make()], "b": [other]}), resamples=20)
    by_label = {each.label: each.f1["exact"].value for each in spans}
    assert by_label["concern"] == 1
    assert by_label["history"] == 0
    assert by_label["all labels"] == pytest.approx(0.8)


def test_contacts_that_nobody_shares_or_that_differ_in_text_are_refused() -> None:
    with pytest.raises(CorpusError, match="no contact was labelled by two people"):
        group({"a": [make()], "b": [make("AA10002")]})
    with pytest.raises(CorpusError, match=r"not one text \(first: AA10001\)") as caught:
        group({"a": [make()], "b": [make(text="Tom was hot. Please help.")]})
    assert "Tom" not in str(caught.value)


def test_the_gravest_contact_comes_first_and_no_word_is_shown() -> None:
    small = make("AA10001", urgency="green")
    grave = make("AA10002", level=4)
    people = group({"a": [make("AA10001"), make("AA10002")], "b": [small, grave]})
    queue = find_disagreements(people)
    assert [(each.contact, each.question) for each in queue] == [
        ("AA10002", "level"),
        ("AA10001", "urgency"),
    ]
    assert "AA10002  level: a child_in_need, b child_protection" in write_queue(queue)
    assert "Tom" not in write_queue(queue)


def test_a_mark_in_dispute_is_told_by_its_place() -> None:
    flagged = [*make_record()["spans"]]
    flagged[0] = flagged[0] | {"flags": [{"flag": "weapon", "assertion": "present"}]}
    (found,) = find_disagreements(group({"a": [make()], "b": [make(spans=flagged)]}))
    assert (found.question, found.start, found.end) == ("weapon:present", 0, 12)
    assert found.answers == {"a": "not marked", "b": "weapon:present"}


def test_the_commands_read_files_and_write_the_queue(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [tmp_path / "ann.jsonl", tmp_path / "bob.jsonl"]
    for path, level in zip(paths, (3, 4), strict=True):
        path.write_text(json.dumps(make_record(level=level)) + "\n")
    assert main(["compare", *map(str, paths)]) == 0
    printed = capsys.readouterr().out
    assert "ann and bob" in printed
    assert "ideal reader" in printed
    out = tmp_path / "queue.jsonl"
    assert main(["disagreements", *map(str, paths), "--output", str(out)]) == 0
    assert "1 disagreements on 1 contacts" in capsys.readouterr().out
    assert json.loads(out.read_text())["answers"] == {
        "ann": "child_in_need",
        "bob": "child_protection",
    }
