"""What Splink trains is what is served: the same levels, and the same weights."""

import json
from pathlib import Path

import pytest

from api.matching.comparing import COMPARISONS
from api.matching.labelled.contacts import make_contacts
from api.matching.labelled.population import make_families
from api.matching.person import Person
from api.matching.profiles import profile_of
from api.matching.training import make_linker, row_of, train
from api.matching.weights import TRAINED, load_trained, weigh


def _children(count: int) -> list[Person]:
    contacts = make_contacts(make_families(count, seed=7), seed=7)
    return [person for each in contacts for person in each.people if person.role.is_child]


def test_every_weight_equals_splinks() -> None:
    """Over all pairs of a set where many are one child, and many more are not."""
    people = _children(25)
    trained = load_trained()
    model = json.loads((TRAINED / "splink.json").read_text("utf-8"))
    linker = make_linker(people, model, frequencies=trained.frequencies)
    rows = [row_of(person, trained.frequencies) for person in people]
    profiles = {person.id: profile_of(person) for person in people}
    scored = linker.inference.score_pairs(rows, rows).as_record_list()
    assert len(scored) == len(people) ** 2
    for pair in scored:
        ours = weigh(profiles[pair["id_l"]], profiles[pair["id_r"]], trained).same
        for field in COMPARISONS:
            splinks = pair[f"mw_{field}"] + pair.get(f"mw_tf_adj_{field}", 0.0)
            assert ours.get(field, 0.0) == pytest.approx(splinks, abs=1e-9), field


@pytest.mark.slow
def test_training_again_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        train(tmp_path / name, seed=3, families=200, pairs_for_u=20_000)
    for file in ("siblings.json", "frequencies.json", "together.json"):
        one, other = ((tmp_path / name / file).read_bytes() for name in ("one", "other"))
        assert one == other
    first, second = (_likelihoods(tmp_path / name / "splink.json") for name in ("one", "other"))
    assert first == pytest.approx(second, rel=1e-6)


def _likelihoods(path: Path) -> list[float]:
    comparisons = json.loads(path.read_text("utf-8"))["comparisons"]
    levels = [level for each in comparisons for level in each["comparison_levels"]]
    return [
        level[key] for level in levels for key in ("m_probability", "u_probability") if key in level
    ]
