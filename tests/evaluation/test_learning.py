"""The learning curves: fair to the test half, repeatable, and counted as they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from annotation.labels import LabelledContact
from evaluation import __main__ as command
from evaluation.learning import page, simulation
from evaluation.learning.figures import Learning, matched_at, measure
from evaluation.learning.material import Material
from evaluation.learning.plan import Choice, Council, Plan, Start, make_councils
from evaluation.learning.running import run_learning
from evaluation.learning.simulation import Point, simulate
from models.choosing.config import load_choosing_config
from models.config import TfidfConfig
from nlp.domain import LEVELS, STATUSES, Element, Form, Level, Status
from nlp.errors import CorpusError
from tests.models.corpus_for_tests import make_config, make_contact, make_contacts

PLAN = Plan(labels=(0, 4, 40), seeds={Start.CORPUS: 1, Start.NOTHING: 1}, folds=2, resamples=50)


def make_council(author: str = "TA1") -> Council:
    return next(c for c in make_councils(make_contacts(), seed=1) if c.author == author)


def run(council: Council, start: Start = Start.CORPUS) -> list[Point]:
    return [*simulate(council, start, PLAN, config=make_config(), choosing=load_choosing_config())]


@pytest.fixture(scope="module")
def runs() -> dict[Start, list[Point]]:
    return {start: run(make_council(), start) for start in Start}


def as_values(points: Sequence[Point]) -> list[tuple[object, ...]]:
    return [(p.choice, p.step, p.labels, p.status.tolist(), p.level.tolist()) for p in points]


def test_a_council_is_one_author_in_two_halves() -> None:
    council = make_council()
    own = [*council.pool, *council.test]
    assert len(council.pool) == len(council.test) == 12
    assert {contact.author for contact in own} == {"TA1"}
    assert len({contact.id for contact in own}) == 24
    assert {contact.author for contact in council.others} == {"TB1", "TC1"}


def test_halves_are_drawn_anew_by_each_seed() -> None:
    one, other = (next(make_councils(make_contacts(), seed=seed)) for seed in (1, 2))
    assert {each.id for each in one.pool} != {each.id for each in other.pool}


def test_dev_is_refused() -> None:
    held_back = make_contact("DE1001", Form.REFERRAL, Level.EARLY_HELP, Status.MET)
    with pytest.raises(CorpusError, match="kept for measuring"):
        next(make_councils([*make_contacts(), held_back], seed=1))


@pytest.mark.parametrize("start", Start)
def test_nothing_of_the_test_half_is_trained_on_and_a_run_repeats_itself(
    start: Start, runs: dict[Start, list[Point]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()

    class Watched(Material):
        def __init__(
            self, contacts: Sequence[LabelledContact], groups: Sequence[str], config: TfidfConfig
        ) -> None:
            seen.update(contact.id for contact in contacts)
            super().__init__(contacts, groups, config)

    monkeypatch.setattr(simulation, "Material", Watched)
    council = make_council()
    again = run(council, start)
    assert seen >= {contact.id for contact in council.pool}
    assert seen.isdisjoint(contact.id for contact in council.test)
    assert as_values(again) == as_values(runs[start])


def test_the_labels_of_the_test_half_change_no_prediction(
    runs: dict[Start, list[Point]],
) -> None:
    council = make_council()
    wrong = tuple(replace(contact, level=LEVELS[0]) for contact in council.test)
    one = runs[Start.NOTHING]
    other = run(replace(council, test=wrong), Start.NOTHING)
    assert [p.level.sum(axis=0).tolist() for p in one] == [
        p.level.sum(axis=0).tolist() for p in other
    ]
    assert [p.level.sum(axis=1).tolist() for p in other] == [[12, 0, 0, 0]] * len(other)


def test_labels_are_cut_at_what_there_is_and_nothing_has_no_reader_without_any(
    runs: dict[Start, list[Point]],
) -> None:
    sizes = {
        start: [point.labels for point in points if point.choice is Choice.ACTIVE]
        for start, points in runs.items()
    }
    assert sizes == {Start.CORPUS: [0, 4, 12, 12], Start.NOTHING: [4, 12, 12]}


def test_both_choices_meet_where_nothing_or_everything_is_labelled(
    runs: dict[Start, list[Point]],
) -> None:
    active, random = (
        {p.step: p.level.tolist() for p in runs[Start.CORPUS] if p.choice is choice}
        for choice in Choice
    )
    assert (active[0], active[3]) == (random[0], random[3])


def test_labels_teach_what_the_others_labelled_otherwise() -> None:
    """Where this council calls its levels by others' opposite, its own labels must tell."""
    turned = [
        replace(contact, level=LEVELS[3 - LEVELS.index(contact.level)], alternative_level=None)
        if contact.author == "TA1"
        else contact
        for contact in make_contacts()
    ]
    council = next(make_councils(turned, seed=1))
    plan = PLAN.model_copy(update={"weight": 20.0, "labels": (0,)})
    points = [
        *simulate(
            council, Start.CORPUS, plan, config=make_config(), choosing=load_choosing_config()
        )
    ]
    right = {p.labels: np.trace(p.level) for p in points if p.choice is Choice.RANDOM}
    assert right[0] < right[12]


def make_point(
    author: str, right: int, *, start: Start, choice: Choice = Choice.RANDOM, step: int = 0
) -> Point:
    """Ten contacts at child protection, so many called so; each status right."""
    level = np.zeros((len(LEVELS), len(LEVELS)))
    level[3, 3], level[3, 2] = right, 10 - right
    status = np.tile(np.eye(len(STATUSES)), (len(Element), 1, 1))
    return Point(author, 1, start, choice, step, (0, 4, 12, 12)[step], status, level)


def make_learning() -> Learning:
    """From the corpus 6 of 10; from nothing 2, then 8; active always one more."""
    points = [
        make_point(author, right + (choice is Choice.ACTIVE), start=start, choice=choice, step=step)
        for author in ("TA1", "TB1", "TC1")
        for choice in Choice
        for start, step, right in (
            (Start.CORPUS, 0, 6),
            (Start.CORPUS, 1, 7),
            (Start.NOTHING, 1, 2),
            (Start.NOTHING, 2, 8),
        )
    ]
    return measure(points, PLAN, made="2026-11-26T12:00:00+00:00", corpus="0" * 64)


def test_figures_and_differences_are_of_all_authors_together() -> None:
    learning = make_learning()
    found = {(d.of, d.labels): d.figures["protection_recall"].value for d in learning.differences}
    assert found["active less random, from the corpus", 4] == pytest.approx(0.1)
    assert found["the corpus less nothing, at random", 4] == pytest.approx(0.5)
    assert ("the corpus less nothing, at random", 0) not in found
    assert (learning.tested, learning.protection) == (30, 30)


def test_from_how_many_labels_nothing_matches_the_corpus() -> None:
    learning = make_learning()
    assert matched_at(learning, "protection_recall") == 12
    out_of_reach = learning.model_copy(
        update={"places": tuple(p for p in learning.places if p.labels != 40)}
    )
    assert matched_at(out_of_reach, "protection_recall") is None


def test_the_page_tells_the_figures_and_what_they_are_of(tmp_path: Path) -> None:
    written = page.write_learning(make_learning(), tmp_path).read_text(encoding="utf-8")
    assert "0.60 (0.60 to 0.60)" in written
    assert "machine-labelled" in written
    assert (tmp_path / page.CURVES_NAME).read_text(encoding="utf-8").count("<svg") == 1
    content = (tmp_path / page.JSON_NAME).read_text(encoding="utf-8")
    assert Learning.model_validate_json(content) == make_learning()


def test_the_whole_run_gives_every_curve() -> None:
    plan = PLAN.model_copy(update={"labels": (0,)})
    told = run_learning(
        make_contacts(), plan, config=make_config(), choosing=load_choosing_config()
    )
    assert told.authors == ("TA1", "TB1", "TC1")
    assert told.tested == 36
    curves = {(place.start, place.choice) for place in told.places}
    assert len(curves) == 4
    assert {place.runs for place in told.places} == {3}


def test_the_command_writes_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("annotation.corpus.load_first", make_contacts)
    monkeypatch.setattr("models.config.load_config", lambda _: make_config())
    assert command.main(["learning", "--fast", "--output", str(tmp_path)]) == 0
    assert "written to" in capsys.readouterr().out
    assert (tmp_path / page.HTML_NAME).exists()
