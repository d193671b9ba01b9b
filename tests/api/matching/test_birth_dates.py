from datetime import date

import pytest

from api.matching.birth_dates import is_slip, parse_birth_date, swapped
from api.matching.person import born_about

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015-04-03", date(2015, 4, 3)),
        ("03/04/2015", date(2015, 4, 3)),
        ("3.4.15", date(2015, 4, 3)),
        ("3rd April 2015", date(2015, 4, 3)),
        ("3 Apr 15", date(2015, 4, 3)),
        ("04/13/2015", date(2015, 4, 13)),
        ("3/4/88", date(1988, 4, 3)),
        ("12/01/27", date(2027, 1, 12)),
        ("31/02/2015", None),
        ("about seven", None),
        ("", None),
    ],
)
def test_dates_are_read_day_first(text: str, expected: date | None) -> None:
    assert parse_birth_date(text, today=TODAY) == expected


@pytest.mark.parametrize(
    "other",
    [
        date(2015, 4, 3),
        date(2015, 3, 5),
        date(2015, 3, 14),
        date(2014, 3, 4),
        date(2016, 3, 4),
        date(2051, 3, 4),
    ],
)
def test_one_slip_apart(other: date) -> None:
    assert is_slip(date(2015, 3, 4), other)


@pytest.mark.parametrize("other", [date(2015, 6, 21), date(2013, 5, 4), date(2012, 4, 8)])
def test_more_than_a_slip_apart(other: date) -> None:
    assert not is_slip(date(2015, 3, 4), other)


def test_the_turn_of_a_decade_is_one_slip() -> None:
    assert is_slip(date(2009, 7, 1), date(2010, 7, 1))


def test_a_day_after_the_twelfth_has_no_swapped_date() -> None:
    assert swapped(date(2015, 3, 14)) is None


def test_an_age_gives_the_middle_of_its_year() -> None:
    born = born_about(7, on=TODAY)
    assert date(2018, 11, 26) < born < date(2019, 11, 26)


def test_an_impossible_age_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 120"):
        born_about(140, on=TODAY)
