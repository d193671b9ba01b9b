from dataclasses import replace
from datetime import date

import pytest

from api.matching.blocking import blocking_keys
from api.matching.person import Birth, Person, Role
from tests.api.matching.people import make_person

KEY = b"k" * 32


def _share(one: Person, other: Person) -> bool:
    return bool(blocking_keys(one, key=KEY) & blocking_keys(other, key=KEY))


@pytest.mark.parametrize(
    "other",
    [
        make_person("Oliwia", "Fetherstone", date(2015, 4, 3), postcode="", address=""),
        make_person("Oliwia", "Nowak", date(2015, 3, 5), postcode="", address=""),
        make_person("", "Featherstone", None, address=""),
        make_person("Oliwia", "Nowak", None, address="", postcode="TS1 9ZZ"),
        make_person("Featherstone", "Oliwia", None, address="", postcode=""),
        make_person("O", "Featherstone", date(2016, 1, 1), birth=Birth.FROM_AGE, postcode=""),
    ],
    ids=["slips", "surname-changed", "no-forename", "moved-nearby", "other-way-round", "age-only"],
)
def test_the_same_child_is_found_again(other: Person) -> None:
    assert _share(make_person(), other)


def test_a_stranger_is_not_found() -> None:
    other = make_person(
        "Kofi", "Mensah", date(2011, 8, 20), address="3 Elm Way", postcode="YO1 2AB"
    )
    assert not _share(make_person(), other)


def test_a_nickname_is_found_without_date_and_address() -> None:
    one = make_person("Katarzyna", "Wójcik", None, address="", postcode="")
    assert _share(one, replace(one, forenames="Kasia", surname="Wojcik"))


def test_an_unborn_child_is_found_again_by_surname_and_year() -> None:
    one = make_person("Unborn", born=date(2026, 12, 30), birth=Birth.DUE, address="", postcode="")
    assert _share(one, replace(one, forenames="Leo", date_of_birth=date(2027, 1, 3)))


def test_children_are_not_sought_among_adults() -> None:
    assert not _share(make_person(), make_person(role=Role.PARENT))
    assert _share(make_person(), make_person(role=Role.SIBLING))


def test_keys_tell_nothing_and_depend_on_the_secret() -> None:
    keys = blocking_keys(make_person(), key=KEY)
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in keys)
    assert not keys & blocking_keys(make_person(), key=b"j" * 32)
    assert keys == blocking_keys(make_person(), key=KEY)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 32 or more"):
        blocking_keys(make_person(), key=b"short")


def test_a_person_of_whom_nothing_is_known_has_no_keys() -> None:
    assert not blocking_keys(make_person("", "", None, address="", postcode=""), key=KEY)
