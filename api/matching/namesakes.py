"""How many earlier contacts are about another child of the same name, as their birth dates say.

A name that is common here, or in one community here, is known by its namesakes: no table of names
needs to hold it, and nothing is asked about anybody's origin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from api.matching.birth_dates import is_slip
from api.matching.person import Birth
from api.matching.profiles import Profile


def count_namesakes(child: Profile, contacts: Iterable[Sequence[Profile]]) -> int:
    """Count the *contacts* that name a child of *child*'s forename and surname, born another day.

    Where the child's own birth is not known, the birth date that most of them share is taken for
    it. Contacts that name none of these, or no date of birth, count for nothing.
    """
    births = Counter(
        each.born
        for people in contacts
        for each in people
        if each.born and _is_named_so(child, each)
    )
    own = child.born if child.birth is Birth.KNOWN else None
    if own is None and births:
        own = births.most_common(1)[0][0]
    return sum(number for born, number in births.items() if own and not _may_be_one(born, own))


def _is_named_so(child: Profile, other: Profile) -> bool:
    if not other.person.role.is_child or other.birth is not Birth.KNOWN:
        return False
    if not (child.forename.words and other.forename.words and child.surname.words):
        return False
    alike = child.forename.roots[0] & other.forename.roots[0]
    return bool(alike) and child.surname.words == other.surname.words


def _may_be_one(one: date, other: date) -> bool:
    return one == other or is_slip(one, other)
