"""Other children of the same name are known by their birth dates, whatever the name."""

from __future__ import annotations

from datetime import date

from api.matching.matches import judge_all
from api.matching.namesakes import count_namesakes
from api.matching.person import Birth, Person, Role
from api.matching.profiles import Profile, profile_of
from tests.api.matching.people import make_person

MONTHS = range(1, 13)


def called_so(month: int, *, role: Role = Role.CHILD, contact: str | None = None) -> Person:
    """A child who may not be told from others by name, born in another month, somewhere else."""
    return make_person(
        "Linh",
        "Quang",
        date(2011, month, 20),
        id=f"e{month}",
        contact=contact or f"old{month}",
        role=role,
        address="",
        postcode="",
    )


def contacts(*people: Person) -> list[list[Profile]]:
    return [[profile_of(person)] for person in people]


def asked(born: date | None = date(2015, 3, 4)) -> Person:
    return make_person("Linh", "Quang", born, id="new-child", address="", postcode="")


def test_contacts_that_name_a_child_so_born_another_day_are_counted() -> None:
    found = contacts(*map(called_so, MONTHS), make_person("Linh", "Tran"), make_person("Mai"))
    assert count_namesakes(profile_of(asked()), found) == len(MONTHS)


def test_the_child_s_own_contacts_are_no_namesakes_nor_are_slips_of_the_date() -> None:
    own, slip = asked(), asked(date(2015, 4, 3))
    assert count_namesakes(profile_of(asked()), contacts(own, own, slip)) == 0


def test_where_no_birth_is_known_the_one_that_most_share_is_taken_for_the_child_s() -> None:
    found = contacts(asked(), asked(), asked(), called_so(1))
    assert count_namesakes(profile_of(asked(None)), found) == 1


def test_adults_and_births_from_an_age_count_for_nothing() -> None:
    by_age = make_person("Linh", "Quang", date(2001, 7, 1), birth=Birth.FROM_AGE)
    found = contacts(called_so(1, role=Role.PARENT), by_age, make_person("Linh", "Quang", None))
    assert count_namesakes(profile_of(asked()), found) == 0


def test_a_name_that_many_bear_here_speaks_less_for_one_child_though_no_table_holds_it() -> None:
    """Name and surname agree, and nothing else is known of the earlier child."""
    same = make_person("Linh", "Quang", None, id="e0", contact="old0", address="", postcode="")
    (alone,) = judge_all([asked()], [same])
    among = {
        each.contact_id: each.same_child
        for each in judge_all([asked()], [same, *map(called_so, MONTHS)])
    }
    assert among["old0"] < alone.same_child / 10


def test_a_birth_date_that_agrees_still_tells_a_child_from_their_namesakes() -> None:
    same = make_person("Linh", "Quang", id="e0", contact="old0", address="", postcode="")
    found = judge_all([asked()], [same, *map(called_so, MONTHS)])
    assert [each.contact_id for each in found if each.may_be_same_child] == ["old0"]
