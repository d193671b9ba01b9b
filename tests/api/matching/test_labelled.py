from collections import Counter
from itertools import combinations

from api.matching.labelled.contacts import KnownContact, make_contacts
from api.matching.labelled.names import is_held_back, load_names, ways_to_write
from api.matching.labelled.population import make_families
from api.matching.normalising import fold, normalise_nhs_number
from api.matching.person import Birth


def _contacts(*, families: int = 300, seed: int = 5) -> list[KnownContact]:
    return list(make_contacts(make_families(families, seed=seed), seed=seed))


def test_the_same_seed_gives_the_same_people() -> None:
    assert _contacts(families=20) == _contacts(families=20)
    assert _contacts(families=20) != _contacts(families=20, seed=6)


def test_there_are_several_hundred_names_of_many_origins() -> None:
    origins = load_names().origins.values()
    forenames = {name for each in origins for name in (*each.girls, *each.boys)}
    surnames = {name for each in origins for name in each.surnames}
    assert len(origins) >= 12
    assert len(forenames) > 400
    assert len(surnames) > 250
    assert abs(sum(each.share for each in origins) - 1) < 1e-9


def test_the_hard_cases_are_there() -> None:
    families = list(make_families(2000, seed=5))
    twins = sum(
        one.date_of_birth == other.date_of_birth
        for family in families
        for one, other in combinations(family.children, 2)
    )
    named = Counter(
        (child.forenames.split()[0], child.surname, child.date_of_birth.year)
        for family in families
        for child in family.children
        if child.date_of_birth
    )
    assert twins >= 20
    assert sum(number > 1 for number in named.values()) >= 50
    people = [person for contact in _contacts() for person in contact.people]
    assert any(person.birth is Birth.DUE for person in people)
    assert any(person.birth is Birth.FROM_AGE for person in people)
    assert any(not person.forenames for person in people)
    assert any(not person.postcode for person in people)


def test_names_kept_from_training_are_not_in_training_families() -> None:
    for family in make_families(200, seed=1, all_names=False):
        for person in (*family.parents, *family.children):
            assert not any(map(is_held_back, person.forenames.split()))
        assert not any(is_held_back(parent.surname) for parent in family.parents)
    every = [family.children[0].forenames.split()[0] for family in make_families(200, seed=1)]
    assert any(map(is_held_back, every))


def test_nhs_numbers_are_valid_and_of_the_range_for_tests() -> None:
    for family in make_families(50, seed=2):
        for child in family.children:
            assert child.nhs_number.startswith("999")
            assert normalise_nhs_number(child.nhs_number) == child.nhs_number


def test_some_nicknames_are_not_known_to_the_matching() -> None:
    assert "Szymek" in ways_to_write("Szymon")
    known = set(map(fold, ways_to_write("Grace")))
    assert known == {"grace"}
