import subprocess
import sys
from collections.abc import Sequence
from datetime import date

import pytest

from api.matching.matches import Match, judge_all, match
from api.matching.person import Birth, Person, Role
from tests.api.matching.people import make_person

SIBLING_BORN = date(2011, 8, 20)


def _child(forenames: str = "Oliwia", *, nhs_number: str = "") -> Person:
    return make_person(forenames, id="new-child", nhs_number=nhs_number)


def _only(new: Sequence[Person], earlier: Sequence[Person], *, stored: int = 100_000) -> Match:
    (found,) = judge_all(new, earlier, stored=stored)
    return found


def test_the_same_child_is_told_with_reasons() -> None:
    earlier = make_person("Olivia", "Fetherstone", date(2015, 4, 3), id="e1", contact="old")
    (found,) = match([_child("Oliwia")], [earlier])
    assert found.may_be_same_child
    assert (found.contact_id, found.child_id, found.earlier_child_id) == ("old", "new-child", "e1")
    assert "surname sounds alike" in found.reasons
    assert "date of birth is one slip away" in found.reasons
    assert "same address" in found.reasons
    assert found.differences == ()


def test_a_stranger_is_no_match() -> None:
    other = make_person(
        "Kofi", "Mensah", SIBLING_BORN, contact="old", address="3 Elm Way", postcode="YO1 2AB"
    )
    assert match([_child()], [other]) == []


def test_twins_are_one_family_and_two_children() -> None:
    twin = make_person("Harper", id="e1", contact="old")
    found = _only([_child()], [twin])
    assert found.may_be_same_family
    assert not found.may_be_same_child
    assert "first name differs" in found.differences


def test_an_older_sibling_at_the_address_is_family_only() -> None:
    found = _only([_child()], [make_person("Harper", born=SIBLING_BORN, contact="old")])
    assert found.may_be_same_family
    assert found.same_child < 0.01


def test_the_child_is_found_among_the_siblings_of_an_earlier_contact() -> None:
    earlier = [
        make_person("Harper", born=SIBLING_BORN, id="e1", contact="old"),
        make_person("Oliwia", id="e2", contact="old", role=Role.SIBLING),
    ]
    found = _only([_child()], earlier)
    assert found.may_be_same_child
    assert found.earlier_child_id == "e2"


def test_a_parent_and_sibling_in_common_raise_both_probabilities() -> None:
    """The child's own particulars are poor and the family has moved."""
    child = make_person("Oliwia", "", None, id="new-child", address="", postcode="")
    mother = make_person("Donna", "Metcalfe", date(1990, 5, 6), id="n2", role=Role.PARENT)
    brother = make_person("Reuben", "Hall", SIBLING_BORN, id="n3", role=Role.SIBLING)
    old_child = make_person("Oliwia", "Hall", None, id="e1", contact="old", postcode="YO1 2AB")
    old_mother = make_person("Donna", "Metcalf", date(1990, 5, 6), contact="old", role=Role.PARENT)
    old_brother = make_person("Ruben", "Hall", SIBLING_BORN, contact="old", role=Role.SIBLING)
    alone = _only([child], [old_child])
    together = _only([child, mother, brother], [old_child, old_mother, old_brother])
    assert alone.same_child < 0.05
    assert together.may_be_same_child
    assert together.may_be_same_family
    assert {"same sibling", "same parent or other adult"} <= set(together.reasons)


def test_a_common_name_and_year_at_another_address_is_no_match() -> None:
    one = make_person("Mohammed", "Khan", date(2015, 3, 4), postcode="TS1 4AB")
    other = make_person(
        "Mohammed",
        "Khan",
        date(2015, 9, 17),
        contact="old",
        address="3 Elm Way",
        postcode="TS6 2AB",
    )
    assert match([one], [other]) == []


def test_a_rare_name_says_more_than_a_common_one() -> None:
    def name_only(forenames: str, surname: str) -> float:
        one = make_person(forenames, surname, None, address="", postcode="")
        other = make_person(forenames, surname, None, contact="old", address="", postcode="")
        return _only([one], [other]).same_child

    assert name_only("Leocadia", "Ottershaw") > 3 * name_only("Mohammed", "Khan")


def test_an_nhs_number_in_common_outweighs_another_name() -> None:
    one = _child(nhs_number="9990000018")
    other = make_person(
        "Oli", "Nowak", None, contact="old", postcode="YO1 2AB", nhs_number="9990000018"
    )
    found = _only([one], [other])
    assert found.may_be_same_child
    assert found.reasons[0] == "same NHS or pupil number"


def test_an_unborn_child_is_found_by_mother_and_due_date() -> None:
    new = [
        make_person("Leo", born=date(2026, 3, 9), id="n1"),
        make_person("Donna", "Metcalfe", date(1990, 5, 6), id="n2", role=Role.PARENT),
    ]
    old = [
        make_person("Unborn", born=date(2026, 3, 1), birth=Birth.DUE, id="e1", contact="old"),
        make_person(
            "Donna", "Metcalfe", date(1990, 5, 6), id="e2", contact="old", role=Role.PARENT
        ),
    ]
    found = _only(new, old)
    assert found.may_be_same_child
    assert "age or due date fits" in found.reasons


def test_a_contact_that_names_no_child_is_matched_by_its_adults() -> None:
    adult = make_person("Donna", "Metcalfe", date(1990, 5, 6), id="n1", role=Role.PARENT)
    again = make_person(
        "Donna", "Metcalfe", date(1990, 5, 6), id="e1", contact="old", role=Role.PARENT
    )
    found = _only([adult], [again])
    assert found.child_id is None
    assert found.same_child == 0
    assert found.may_be_same_family


def test_an_earlier_contact_that_names_no_child_is_matched_by_its_adults() -> None:
    mother = make_person("Donna", "Featherstone", date(1990, 5, 6), id="n2", role=Role.PARENT)
    again = make_person(
        "Donna", "Featherstone", date(1990, 5, 6), id="e1", contact="old", role=Role.PARENT
    )
    found = _only([_child(), mother], [again])
    assert found.earlier_child_id is None
    assert found.same_child == 0
    assert found.may_be_same_family


def test_each_child_of_the_contact_is_judged() -> None:
    new = [_child(), make_person("Harper", born=SIBLING_BORN, id="n2")]
    found = judge_all(new, [make_person("Oliwia", contact="old")])
    assert {each.child_id: each.may_be_same_child for each in found} == {
        "new-child": True,
        "n2": False,
    }


def test_among_more_contacts_the_same_likeness_means_less() -> None:
    other = make_person("Oliwia", "Featherstone", None, contact="old", address="", postcode="")
    few = _only([_child()], [other], stored=1_000)
    many = _only([_child()], [other], stored=1_000_000)
    assert few.same_child > many.same_child


def test_the_most_probable_comes_first() -> None:
    surer = make_person(contact="b")
    less = make_person("Olivia", "Nowak", date(2015, 4, 3), contact="a")
    found = match([_child()], [less, surer])
    assert found[0].contact_id == "b"


def test_nothing_of_a_person_is_in_reasons_or_repr() -> None:
    person = _child(nhs_number="9990000018")
    (found,) = match([person], [make_person(contact="old", nhs_number="9990000018")])
    for secret in ("Oliwia", "Featherstone", "2015", "Mill", "TS1", "9990000018"):
        assert secret not in repr(found)
        assert secret not in repr(person)


def test_people_of_two_contacts_are_refused() -> None:
    with pytest.raises(ValueError, match="one contact at a time"):
        match([make_person(contact="a"), make_person(contact="b")], [])


def test_no_candidates_give_no_matches() -> None:
    assert match([_child()], []) == []
    assert match([], []) == []


def test_matching_needs_neither_splink_nor_duckdb() -> None:
    code = (
        "import sys; from api.matching import matches, blocking, birth_dates; "
        "matches.load_trained(); "
        "sys.exit(any(name in sys.modules for name in ('splink', 'duckdb', 'pyarrow', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
