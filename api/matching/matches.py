"""Which earlier contacts may be about the same child or family, with the reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.matching.families import Judgement, judge
from api.matching.namesakes import count_namesakes
from api.matching.person import Person, Role
from api.matching.profiles import Profile, profile_of
from api.matching.reasons import put_differences, put_reasons
from api.matching.weights import Trained, load_trained

# Contacts stored, where the caller does not say: a council's few years.
USUAL_STORED = 100_000


@dataclass(frozen=True)
class Match:
    """An earlier contact that may be about the child *child_id* of the new one, or its family.

    *child_id* is ``None`` where the new contact names no child, *earlier_child_id* where the
    earlier one names none. Probabilities are of 1, and *same_family* is never the smaller: it
    holds the same child too. *reasons* and *differences* are fixed words without particulars.
    """

    contact_id: str
    child_id: str | None
    earlier_child_id: str | None
    same_child: float
    same_family: float
    may_be_same_child: bool
    may_be_same_family: bool
    reasons: tuple[str, ...]
    differences: tuple[str, ...]


def match(
    new_people: Sequence[Person], candidates: Iterable[Person], *, stored: int = USUAL_STORED
) -> list[Match]:
    """Give the matches worth showing, the most probable first.

    *new_people* are all people of one contact; *candidates* all people (not only those whose
    keys were met) of the earlier contacts that share a blocking key with any of them, at most
    200 contacts: those that share most keys. *stored* is how many contacts are kept in all.
    For each child of the new contact (a sibling where none has the role of child) an earlier
    contact is matched at most once.

    Raises:
        ArtefactError: If the trained weights cannot be used.
        ValueError: If *new_people* are of several contacts.
    """
    found = judge_all(new_people, candidates, stored=stored)
    worth = [each for each in found if each.may_be_same_child or each.may_be_same_family]
    return sorted(worth, key=lambda each: (-each.same_child, -each.same_family, each.contact_id))


def judge_all(
    new_people: Sequence[Person], candidates: Iterable[Person], *, stored: int = USUAL_STORED
) -> list[Match]:
    """Give every pair of a new child and an earlier contact, however improbable."""
    if len({person.contact_id for person in new_people}) > 1:
        raise ValueError("new_people are of several contacts; match one contact at a time")
    trained = load_trained()
    new = [profile_of(person) for person in new_people]
    by_contact: defaultdict[str, list[Profile]] = defaultdict(list)
    for person in candidates:
        by_contact[person.contact_id].append(profile_of(person))
    return [
        _to_match(contact, child, judgement, trained)
        for child, others in _subjects(new)
        for contact, judgement in _judge_each(child, others, by_contact, trained, stored)
    ]


def _judge_each(
    child: Profile | None,
    others: Sequence[Profile],
    by_contact: Mapping[str, Sequence[Profile]],
    trained: Trained,
    stored: int,
) -> Iterator[tuple[str, Judgement]]:
    namesakes = count_namesakes(child, by_contact.values()) if child else 0
    for contact, earlier in by_contact.items():
        yield (
            contact,
            judge(child, others, earlier, trained=trained, stored=stored, namesakes=namesakes),
        )


def _subjects(people: Sequence[Profile]) -> Iterator[tuple[Profile | None, list[Profile]]]:
    """Each child that the contact is about, with the other people."""
    children = [each for each in people if each.person.role is Role.CHILD]
    children = children or [each for each in people if each.person.role is Role.SIBLING]
    for child in children:
        yield child, [each for each in people if each is not child]
    if people and not children:
        yield None, list(people)


def _to_match(contact: str, child: Profile | None, judgement: Judgement, trained: Trained) -> Match:
    levels = judgement.evidence.levels if judgement.evidence else {}
    codes = {f"{field}.{level}" for field, level in levels.items()} | judgement.kin
    counterpart = judgement.counterpart
    return Match(
        contact_id=contact,
        child_id=child.person.id if child else None,
        earlier_child_id=counterpart.person.id if counterpart else None,
        same_child=judgement.same_child,
        same_family=judgement.same_family,
        may_be_same_child=judgement.same_child >= trained.same_child,
        may_be_same_family=judgement.same_family >= trained.same_family,
        reasons=put_reasons(codes),
        differences=put_differences(codes),
    )
