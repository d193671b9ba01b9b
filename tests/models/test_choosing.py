"""What makes a contact worth a label, and how a batch is picked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from models.choosing.config import ChoosingConfig, Weights, load_choosing_config
from models.choosing.doubt import disagreement, divergence, entropy, unsureness
from models.choosing.novelty import Novelty, count_words
from models.choosing.picking import Candidate, Signal, pick_batch
from models.choosing.shares import fair_shares
from nlp.document import read_document
from nlp.domain import Element, Level, Status
from nlp.errors import ArtefactError
from tests.builders import make_reading

TEXTS = (
    "The kitchen was filthy and the children had not eaten.",
    "The kitchen was filthy and the children had not eaten.",
    "A boy of twelve was found carrying a knife in the park.",
    "The boy was found in the park and had not eaten.",
)


def make_novelty(texts: tuple[str, ...], labelled: tuple[str, ...] = ()) -> Novelty:
    rows = count_words([read_document(text) for text in (*texts, *labelled)])
    return Novelty(rows[: len(texts)], rows[len(texts) :])


def make_choosing(
    *, doubt: float = 0, level_set: float = 0, novelty: float = 0, random_share: float = 0
) -> ChoosingConfig:
    return ChoosingConfig(
        random_share=random_share,
        agency_power=0,
        weights=Weights(doubt=doubt, level_set=level_set, novelty=novelty),
    )


def make_candidates(*doubts: float, levels: int = 1) -> list[Candidate]:
    return [Candidate("police", doubt, levels) for doubt in doubts]


def numbers_of(
    candidates: list[Candidate], config: ChoosingConfig, *, most: int, seed: int = 1
) -> list[int]:
    texts = tuple(f"Contact {number} of many others." for number in range(len(candidates)))
    picks = pick_batch(candidates, make_novelty(texts), config, most=most, seed=seed)
    return [pick.number for pick in picks]


def test_two_readers_that_say_the_same_do_not_differ() -> None:
    assert disagreement(make_reading(), make_reading()) == pytest.approx(0, abs=1e-9)


def test_readers_differ_more_where_they_name_other_levels_and_statuses() -> None:
    other_level = make_reading(
        level={each: 0.7 if each is Level.CHILD_PROTECTION else 0.1 for each in Level}
    )
    other_both = make_reading(level=other_level.level, status=dict.fromkeys(Element, Status.MET))
    some = disagreement(make_reading(), other_level)
    more = disagreement(make_reading(), other_both)
    assert 0 < some < more < 1


def test_a_reader_is_the_less_sure_the_more_alike_its_levels_are() -> None:
    even = make_reading(level=dict.fromkeys(Level, 0.25))
    assert 0 < unsureness(make_reading()) < unsureness(even) < 1


def test_divergence_and_entropy_reach_their_ends() -> None:
    sure, other, even = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]), np.array([[0.5, 0.5]])
    assert divergence(sure, other) == pytest.approx(1)
    assert divergence(even, even) == pytest.approx(0)
    assert (*entropy(sure), *entropy(even)) == pytest.approx((0, 1))


def test_what_is_labelled_or_taken_is_no_longer_new() -> None:
    novelty = make_novelty(TEXTS, labelled=(TEXTS[2],))
    same, twin, labelled, mixed = novelty.distances
    assert labelled == pytest.approx(0, abs=1e-6)
    assert same == twin > mixed > labelled
    novelty.take(0)
    assert novelty.distances[1] == pytest.approx(0, abs=1e-6)


def test_a_new_name_makes_no_contact_new() -> None:
    told = "{} told staff that the kitchen was filthy. He had not eaten."
    novelty = make_novelty((told.format("Kyle"),), labelled=(told.format("Aarav"), TEXTS[2]))
    assert novelty.distances[0] == pytest.approx(0, abs=1e-6)


def test_of_two_identical_contacts_one_is_picked() -> None:
    picks = pick_batch(
        make_candidates(*[0.5] * 4),
        make_novelty(TEXTS),
        make_choosing(novelty=1),
        most=3,
        seed=1,
    )
    assert {0, 1} - {pick.number for pick in picks}


def test_the_doubtful_are_picked_before_the_certain() -> None:
    candidates = make_candidates(0.1, 0.9, 0.2, 0.8)
    assert numbers_of(candidates, make_choosing(doubt=1), most=3) == [1, 3, 2]


def test_contacts_of_many_plausible_levels_are_picked_first() -> None:
    candidates = [Candidate("police", 0.5, levels) for levels in (1, 4, 2, 3)]
    assert numbers_of(candidates, make_choosing(level_set=1), most=2) == [1, 3]


def test_a_weight_of_nothing_changes_nothing() -> None:
    candidates = [Candidate("police", doubt, levels) for doubt, levels in ((0.1, 4), (0.9, 1))]
    assert numbers_of(candidates, make_choosing(doubt=1), most=1) == [1]


def test_no_agency_has_more_than_its_share_while_others_have_contacts() -> None:
    candidates = [Candidate("police", 0.9, 1)] * 8 + [
        Candidate(agency, 0.1, 1) for agency in ("school", "health") for _ in range(4)
    ]
    picked = numbers_of(candidates, make_choosing(doubt=1), most=6)
    assert Counter(candidates[n].agency for n in picked) == {"police": 2, "school": 2, "health": 2}


def test_an_agency_fills_what_the_others_cannot() -> None:
    candidates = [Candidate("police", 0.9, 1)] * 8 + [Candidate("school", 0.1, 1)]
    picked = numbers_of(candidates, make_choosing(doubt=1), most=6)
    assert Counter(candidates[n].agency for n in picked) == {"police": 5, "school": 1}


def test_shares_go_by_the_root_and_always_fill_the_batch() -> None:
    shares = fair_shares({"police": 64, "school": 16, "fire": 1}, 30, power=0.5)
    assert shares == {"police": 20, "school": 10, "fire": 1}
    assert fair_shares({"police": 90, "school": 10}, 10, power=1) == {"police": 9, "school": 1}
    assert fair_shares({"police": 2, "school": 1}, 10, power=0.5) == {"police": 2, "school": 1}
    assert fair_shares({}, 10, power=0.5) == {}


@pytest.mark.parametrize("seed", range(5))
def test_the_random_part_is_marked_and_takes_no_heed_of_doubt(seed: int) -> None:
    candidates = make_candidates(*np.linspace(0, 1, 20))
    config = make_choosing(doubt=1, random_share=0.2)
    picks = pick_batch(candidates, make_novelty(TEXTS * 5), config, most=10, seed=seed)
    random = [pick for pick in picks if pick.why == (Signal.RANDOM,)]
    assert len(random) == 2
    assert len({pick.number for pick in picks}) == 10
    assert all(pick.why == (Signal.DOUBT,) for pick in picks[2:])


def test_a_seed_repeats_its_batch_and_another_draws_another() -> None:
    candidates = make_candidates(*[0.5] * 30)
    config = make_choosing(doubt=1, random_share=1)
    one = numbers_of(candidates, config, most=8, seed=1)
    assert one == numbers_of(candidates, config, most=8, seed=1)
    assert one != numbers_of(candidates, config, most=8, seed=2)


@pytest.mark.parametrize(("there", "most"), [(3, 10), (0, 5)])
def test_where_there_are_fewer_than_asked_all_are_picked(there: int, most: int) -> None:
    candidates = make_candidates(*[0.5] * there)
    config = make_choosing(doubt=1, random_share=0.2)
    assert sorted(numbers_of(candidates, config, most=most)) == list(range(there))


def test_random_draws_above_a_share_leave_room_for_the_rest() -> None:
    candidates = [Candidate("police", 0.5, 1)] * 20 + [Candidate("school", 0.5, 1)] * 3
    for seed in range(10):
        config = make_choosing(doubt=1, random_share=0.6)
        assert len(numbers_of(candidates, config, most=10, seed=seed)) == 10


def test_the_shipped_weights_can_be_read() -> None:
    config = load_choosing_config()
    assert 0 < config.random_share < 0.5


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        ("random_share = 2\nagency_power = 0.5\n[weights]\ndoubt = 1\nlevel_set = 0\nnovelty = 0",
         "random_share"),
        ("random_share = 0\nagency_power = 0.5\n[weights]\ndoubt = 0\nlevel_set = 0\nnovelty = 0",
         "all weights are 0"),
        ("random_share = ", "cannot be read as TOML"),
    ],
)  # fmt: skip
def test_mistakes_in_the_weights_are_told(tmp_path: Path, content: str, mistake: str) -> None:
    path = tmp_path / "weights.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ArtefactError, match=mistake):
        load_choosing_config(path)
