from datetime import date

import pytest

from api.matching.comparing import COMPARISONS, is_one_slip
from api.matching.person import Birth, Person
from api.matching.profiles import profile_of
from tests.api.matching.people import make_person


def _level(field: str, one: Person, other: Person) -> str | None:
    profiles = profile_of(one), profile_of(other)
    found = COMPARISONS[field].compare(*profiles)
    assert found == COMPARISONS[field].compare(*reversed(profiles)), "not the same both ways"
    assert found is None or found in COMPARISONS[field].levels
    return found


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Grace", "Grace Anne", "same"),
        ("Mohammed", "Muhammad", "variant"),
        ("Katarzyna", "Kasia", "variant"),
        ("Harrison", "Harrsion", "sounds"),
        ("Grace Anne", "Anne", "other"),
        ("Grace", "G", "initial"),
        ("Grace", "K", "differs"),
        ("Grace", "Tilly", "differs"),
        ("Ava", "Evie", "differs"),
        ("Ava", "Eva", "differs"),
        ("Farid", "Farida", "differs"),
        ("Gabriel", "Gabriela", "differs"),
        ("Billy", "Liam", "differs"),
        ("Rukhsana", "Rukhsanah", "sounds"),
        ("Grace", "", None),
        ("Grace", "Unborn", None),
    ],
)
def test_forenames(one: str, other: str, level: str | None) -> None:
    assert _level("forename", make_person(one), make_person(other)) == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("O'Brien", "OBrien", "same"),
        ("Smith-Jones", "Jones", "part"),
        ("Kaur Dhillon", "Kaur", "part"),
        ("Choudhury", "Chowdhury", "sounds"),
        ("Thompson", "Thomson", "sounds"),
        ("Khan", "Nowak", "differs"),
        ("Khan", "", None),
    ],
)
def test_surnames(one: str, other: str, level: str | None) -> None:
    assert _level("surname", make_person("Ana", one), make_person("Leo", other)) == level


def test_forename_and_surname_the_other_way_round() -> None:
    one, other = make_person("Minh", "Nguyen"), make_person("Nguyen", "Minh")
    assert _level("forename", one, other) == "other"
    assert _level("surname", one, other) == "other"


@pytest.mark.parametrize(
    ("born", "birth", "level"),
    [
        (date(2015, 3, 4), Birth.KNOWN, "same"),
        (date(2015, 4, 3), Birth.KNOWN, "slip"),
        (date(2015, 11, 28), Birth.KNOWN, "year"),
        (date(2011, 8, 20), Birth.KNOWN, "differs"),
        (date(2015, 12, 1), Birth.FROM_AGE, "near"),
        (date(2018, 12, 1), Birth.FROM_AGE, "differs"),
        (date(2015, 3, 30), Birth.DUE, "near"),
        (date(2015, 7, 1), Birth.DUE, "differs"),
        (None, Birth.KNOWN, None),
    ],
)
def test_dates_of_birth(born: date | None, birth: Birth, level: str | None) -> None:
    one, other = make_person(), make_person(born=born, birth=birth)
    assert _level("date_of_birth", one, other) == level


@pytest.mark.parametrize(
    ("address", "postcode", "level"),
    [
        ("12 Mill Road", "ts1 4ab", "home"),
        ("14 Mill Road", "TS1 4AB", "postcode"),
        ("12 Mill Rd", "TS1 4AD", "postcode"),
        ("12 Mill Road", "", "postcode"),
        ("9 Park Lane", "TS1 9ZZ", "area"),
        ("9 Park Lane", "YO1 9ZZ", "differs"),
        ("", "", None),
    ],
)
def test_homes(address: str, postcode: str, level: str | None) -> None:
    one, other = make_person(), make_person(address=address, postcode=postcode)
    assert _level("address", one, other) == level


def test_numbers() -> None:
    one = make_person(nhs_number="9990000018", upn="H801200001001")
    assert _level("identifier", one, make_person(nhs_number="999 000 0018")) == "same"
    assert _level("identifier", one, make_person(upn="H801200001002")) == "differs"
    assert _level("identifier", one, make_person()) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("grace", "grace", True),
        ("grace", "grcae", True),
        ("grace", "gracee", True),
        ("grace", "grae", True),
        ("grace", "grate", True),
        ("grace", "gcrea", False),
        ("grace", "gr", False),
        ("ab", "ba", True),
    ],
)
def test_one_slip_of_the_fingers(one: str, other: str, *, expected: bool) -> None:
    assert is_one_slip(one, other) is expected
    assert is_one_slip(other, one) is expected
