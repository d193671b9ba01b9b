import json
import shutil
from pathlib import Path

import pytest

from api.matching.comparing import COMPARISONS
from api.matching.profiles import profile_of
from api.matching.weights import TRAINED, bits_together, load_trained
from nlp.errors import ArtefactError
from tests.api.matching.people import make_person


def test_the_shipped_likelihoods_are_probabilities_of_levels() -> None:
    trained = load_trained()
    for field, comparison in COMPARISONS.items():
        levels = trained.likelihoods[field]
        assert set(levels) == set(comparison.levels)
        for whose in ("same", "siblings", "strangers"):
            chances = [getattr(each, whose) for each in levels.values()]
            assert all(0 < chance < 1 for chance in chances)
            # Those set by hand leave a few in a hundred unaccounted for.
            assert sum(chances) == pytest.approx(1, abs=0.08)


def test_likeness_speaks_for_and_difference_against_one_person() -> None:
    for field, levels in load_trained().likelihoods.items():
        most, least = (levels[COMPARISONS[field].levels[place]] for place in (0, -1))
        assert most.same > 10 * most.strangers, field
        assert least.same < least.strangers, field


def test_brothers_and_sisters_share_surname_and_home_but_not_name_and_birth() -> None:
    levels = load_trained().likelihoods
    assert levels["surname"]["same"].siblings > 0.5
    assert levels["address"]["home"].siblings > 0.5
    assert levels["forename"]["same"].siblings < 0.05
    assert levels["date_of_birth"]["same"].siblings < 0.05


def test_no_frequency_is_below_the_rarest_that_counts() -> None:
    for column in load_trained().frequencies.values():
        assert all(0.0005 < share < 0.2 for share in column.values())


def test_names_go_together_more_where_few_families_bear_them() -> None:
    trained = load_trained()
    (smiths, khans, unknown) = (
        bits_together(child, child, trained)
        for child in (
            profile_of(make_person("Zzz", surname)) for surname in ("Smith", "Khan", "Zzz")
        )
    )
    assert 0 <= smiths < unknown < khans


def test_a_forename_says_how_names_go_together_where_the_surname_is_not_known() -> None:
    trained = load_trained()
    olivia, haoran = (
        bits_together(child, child, trained)
        for child in (profile_of(make_person(name, "Zzz")) for name in ("Olivia", "Haoran"))
    )
    assert olivia < 2 < haoran


def test_weights_that_lack_a_level_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "trained"
    shutil.copytree(TRAINED, folder)
    siblings = json.loads((folder / "siblings.json").read_text("utf-8"))
    del siblings["forename"]["same"]
    (folder / "siblings.json").write_text(json.dumps(siblings), "utf-8")
    with pytest.raises(ArtefactError, match=r"api\.matching train"):
        load_trained(folder)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"api\.matching train"):
        load_trained(tmp_path)
