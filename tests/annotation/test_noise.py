"""The noise model finds the errors that were put in, and its ceilings are those of a simulation."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.noise import find_ceilings, find_truth, kappa, settle

# How often each of four ordered classes is true, and one annotator's errors: symmetric.
TRUTH = np.array(
    [
        [0.17, 0.03, 0.0, 0.0],
        [0.03, 0.23, 0.04, 0.0],
        [0.0, 0.04, 0.23, 0.03],
        [0.0, 0.0, 0.03, 0.17],
    ]
)
SAID = TRUTH / TRUTH.sum(axis=1, keepdims=True)
PAIRS = SAID.T @ TRUTH


def test_the_errors_that_made_the_pairs_are_found() -> None:
    assert find_truth(80 * PAIRS) == pytest.approx(80 * TRUTH)


def test_lopsided_pairs_are_taken_for_either_annotator_first() -> None:
    # The four cells of two annotators who differ one way only.
    lopsided = np.array([[60.0, 8.0], [0.0, 12.0]])
    assert find_truth(lopsided) == pytest.approx(find_truth(lopsided.T))
    assert find_truth(lopsided).sum() == pytest.approx(80)


@pytest.mark.parametrize("adjudicated", [False, True])
def test_ceilings_are_those_of_a_simulation(*, adjudicated: bool) -> None:
    random = np.random.default_rng(3)
    truth = random.choice(4, 100_000, p=TRUTH.sum(axis=1))

    def say() -> np.ndarray:
        chance = random.random(len(truth))[:, None]
        said: np.ndarray = (chance > np.cumsum(SAID[truth], axis=1)).sum(axis=1).clip(max=3)
        return said

    labels, second, another = say(), say(), say()
    if adjudicated:
        first_likely, second_likely = SAID[truth, labels], SAID[truth, second]
        first = random.random(len(truth)) < first_likely / (first_likely + second_likely)
        labels = np.where(first, labels, second)
    found = find_ceilings(PAIRS, adjudicated=adjudicated)
    for said, table in ((truth, found.ideal), (another, found.human)):
        seen = np.zeros((4, 4))
        np.add.at(seen, (labels, said), 1 / len(truth))
        assert seen == pytest.approx(table, abs=0.005)


def test_one_more_annotator_agrees_with_labels_given_once_as_the_two_do() -> None:
    found = find_ceilings(PAIRS, adjudicated=False)
    assert found.human == pytest.approx(PAIRS)


@pytest.mark.parametrize("reliability", [0.8, 0.9, 0.97])
def test_the_ideal_is_near_that_of_classical_test_theory(reliability: float) -> None:
    # Two classes of equal size: kappa of two annotators is their reliability.
    same, other = (1 + reliability) / 4, (1 - reliability) / 4
    pairs = np.array([[same, other], [other, same]])
    assert kappa(pairs, ordered=True) == pytest.approx(reliability)
    ideal = kappa(find_ceilings(pairs, adjudicated=False).ideal, ordered=True)
    assert ideal == pytest.approx(2 * reliability / (1 + reliability), abs=0.006)


def test_ceilings_stand_in_their_order() -> None:
    once, settled = (find_ceilings(PAIRS, adjudicated=each) for each in (False, True))
    kappas = [
        float(kappa(table, ordered=True))
        for table in (once.human, settled.human, once.ideal, settled.ideal)
    ]
    assert kappas == sorted(kappas)
    assert kappas[0] < kappas[1] < kappas[2] < kappas[3] < 1


def test_adjudication_keeps_what_two_agree_on_and_prefers_the_likelier() -> None:
    settled = settle(np.array([[0.9, 0.1]]))[0]
    apart = 2 * 0.9 * 0.1
    assert settled == pytest.approx(np.array([0.81 + 0.9 * apart, 0.01 + 0.1 * apart]))


def test_full_agreement_is_no_noise_and_none_is_chance() -> None:
    found = find_ceilings(np.diag([3.0, 5.0, 0.0]), adjudicated=True)
    assert found.ideal == pytest.approx(np.diag([3.0, 5.0, 0.0]))
    against = find_truth(np.array([[0.0, 4.0], [4.0, 0.0]]))
    assert against == pytest.approx(np.full((2, 2), 2.0))


def test_nothing_said_has_no_kappa_and_resamples_are_worked_out_together() -> None:
    tables = np.stack([np.zeros((2, 2)), np.diag([2.0, 0.0]), np.diag([1.0, 1.0])])
    found = find_ceilings(tables, adjudicated=False)
    assert found.ideal == pytest.approx(tables)
    scores = kappa(found.ideal, ordered=False)
    assert np.isnan(scores[0])
    assert scores[1:] == pytest.approx([1, 1])
