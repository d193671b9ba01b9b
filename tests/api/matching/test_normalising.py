import pytest

from api.matching.normalising import (
    normalise_home,
    normalise_name,
    normalise_nhs_number,
    normalise_upn,
    roots_of,
    sound_of,
)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Wiśniewski", ("wisniewski",)),
        ("Pawłowska", ("pawlowska",)),
        ("O\u2019Brien", ("obrien",)),
        ("O' Brien", ("obrien",)),
        ("O'BRIEN", ("obrien",)),
        ("Mc Donagh", ("mcdonagh",)),
        ("Smith-Jones", ("smith", "jones")),
        ("Al-Khatib", ("khatib",)),
        ("van der Berg", ("berg",)),
        ("Le", ("le",)),
        ("not known", ()),
        ("", ()),
    ],
)
def test_surnames_come_to_one_form(written: str, words: tuple[str, ...]) -> None:
    assert normalise_name(written, is_surname=True).words == words


@pytest.mark.parametrize("written", ["Unborn", "Baby", "unborn baby", "N/K", "Unknown", "twin 1"])
def test_a_placeholder_is_no_forename(written: str) -> None:
    assert normalise_name(written).words == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mohammed", "muhammad"),
        ("mohammed", "mohamud"),
        ("katarzyna", "kasia"),
        ("malgorzata", "gosia"),
        ("william", "billy"),
        ("sam", "samantha"),
        ("sam", "samuel"),
        ("aisha", "ayesha"),
        ("oluwaseun", "seun"),
        ("oleksandr", "sasha"),
    ],
)
def test_ways_to_write_one_name_share_a_root(one: str, other: str) -> None:
    assert roots_of(one) & roots_of(other)


def test_names_that_share_a_nickname_stay_two_names() -> None:
    assert not roots_of("samuel") & roots_of("samantha")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("stephen", "steven"),
        ("knight", "night"),
        ("macdonald", "mcdonald"),
        ("chowdhury", "choudhury"),
        ("khan", "kahn"),
        ("tariq", "tarik"),
        ("szymon", "shimon"),
        ("zofia", "sofia"),
        ("geoffrey", "jeffrey"),
        ("yusuf", "jusuf"),
    ],
)
def test_names_that_sound_alike_have_one_code(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other)


@pytest.mark.parametrize(("one", "other"), [("smith", "jones"), ("khan", "ali"), ("leo", "theo")])
def test_other_names_have_other_codes(one: str, other: str) -> None:
    assert sound_of(one) != sound_of(other)


def test_a_postcode_is_read_whatever_its_spaces() -> None:
    home = normalise_home(address="Flat 2, 14a Mill Road", postcode="ts14ab")
    assert home is not None
    assert (home.postcode, home.outward, home.house) == ("ts14ab", "ts1", ("14a", "mill"))


def test_an_address_without_house_and_postcode_is_nothing() -> None:
    assert normalise_home(address="no fixed abode", postcode="unknown") is None


def test_an_nhs_number_needs_its_check_digit() -> None:
    assert normalise_nhs_number("999 000 0018") == "9990000018"
    assert normalise_nhs_number("999 000 0019") == ""
    assert normalise_nhs_number("12345") == ""


def test_a_pupil_number_is_thirteen_characters() -> None:
    assert normalise_upn("h801200001001") == "H801200001001"
    assert normalise_upn("801200001001") == ""
