"""A second person rates a sample blind; the draw can be repeated, and nobody rates their own."""

from __future__ import annotations

from collections import Counter

import pytest

from api.access.errors import ConflictError, NotAllowedError, NotFoundError
from api.access.identity import Identity
from api.hub import dip_drawing, dip_samples
from api.hub.decisions import DecisionGiven, decide
from api.hub.dip_drawing import SampleError, Strata, allot
from api.store.codes import Action, Outcome, Role
from api.store.opening import Store
from api.store.tables import AuditRow, Contact, SampledContact
from nlp.domain import Level
from tests.api.hub.builders import add_read
from tests.hub_builders import add_user


def add_decided(store: Store, number: int, *, by: Identity, agency_id: str = "school_a") -> None:
    for _ in range(number):
        contact_id = add_read(store, agency_id=agency_id)
        with store.writing() as session:
            decide(session, contact_id, DecisionGiven(Outcome.EARLY_HELP, Level.EARLY_HELP), by=by)


def draw(store: Store, manager: Identity, size: int = 4, **more: object) -> str:
    with store.writing() as session:
        return dip_drawing.draw(session, size=size, days=30, by=manager, **more).id  # type: ignore[arg-type]


def contacts_of(store: Store, sample_id: str) -> set[str]:
    with store.reading() as session:
        return {
            each.contact_id for each in session.query(SampledContact).filter_by(sample_id=sample_id)
        }


def rate_next(store: Store, sample_id: str, by: Identity, level: Level = Level.EARLY_HELP) -> str:
    with store.writing() as session:
        contact = dip_samples.next_to_rate(session, sample_id, asker=by)
        assert contact is not None
        dip_samples.rate(
            session,
            sample_id,
            contact.id,
            outcome=Outcome.EARLY_HELP,
            level=level,
            note="",
            by=by,
        )
    return contact.id


def test_the_same_seed_draws_the_same_contacts(empty_store: Store) -> None:
    worker, manager = add_user(empty_store), add_user(empty_store, Role.HUB_MANAGER)
    add_decided(empty_store, 12, by=worker)
    add_read(empty_store)  # waits still, so is never drawn
    first, again, other = (draw(empty_store, manager, seed=seed) for seed in (5, 5, 6))
    assert len(contacts_of(empty_store, first)) == 4
    assert contacts_of(empty_store, first) == contacts_of(empty_store, again)
    assert contacts_of(empty_store, first) != contacts_of(empty_store, other)
    with empty_store.reading() as session:
        drawn = session.query(AuditRow).filter_by(action=Action.SAMPLE_DRAWN).first()
    assert drawn is not None
    assert drawn.details == {"contacts": 4, "seed": 5, "strata": None, "days": 30}


def test_each_group_gets_its_share_and_at_least_one() -> None:
    assert allot({"a": 80, "b": 18, "c": 2}, size=10) == {"a": 8, "b": 1, "c": 1}
    assert allot({"a": 3, "b": 1}, size=10) == {"a": 3, "b": 1}
    assert allot({"a": 5, "b": 9, "c": 1}, size=2) == {"a": 1, "b": 1}


def test_a_sample_can_be_spread_over_agencies(sqlite_store: Store) -> None:
    worker, manager = add_user(sqlite_store), add_user(sqlite_store, Role.HUB_MANAGER)
    add_decided(sqlite_store, 8, by=worker)
    add_decided(sqlite_store, 1, by=worker, agency_id="school_b")
    drawn = draw(sqlite_store, manager, seed=1, strata=Strata.AGENCY)
    with sqlite_store.reading() as session:
        agencies = Counter(
            contact.agency_id
            for contact_id in contacts_of(sqlite_store, drawn)
            if (contact := session.get(Contact, contact_id))
        )
    assert agencies == {"school_a": 3, "school_b": 1}


@pytest.mark.parametrize(
    ("size", "seed", "said"), [(0, None, "1 to 200"), (201, None, "1 to 200"), (5, 0, "seed")]
)
def test_what_is_out_of_range_is_said(
    sqlite_store: Store, size: int, seed: int | None, said: str
) -> None:
    manager = add_user(sqlite_store, Role.HUB_MANAGER)
    with pytest.raises(SampleError, match=said):
        draw(sqlite_store, manager, size, seed=seed)
    with pytest.raises(SampleError, match="No contact was decided"):
        draw(sqlite_store, manager)


def test_nobody_rates_their_own_decision_and_one_second_answer_is_enough(
    empty_store: Store,
) -> None:
    worker, other = add_user(empty_store), add_user(empty_store)
    manager = add_user(empty_store, Role.HUB_MANAGER)
    add_decided(empty_store, 2, by=worker)
    add_decided(empty_store, 1, by=other)
    sample = draw(empty_store, manager)
    with empty_store.reading() as session:
        left = [
            dip_samples.find_sample(session, sample, asker=each).left
            for each in (worker, other, manager)
        ]
    assert left == [1, 2, 3]
    rated = rate_next(empty_store, sample, other)
    given = {"outcome": Outcome.REFERRAL, "level": Level.CHILD_IN_NEED, "note": ""}
    with pytest.raises(NotAllowedError), empty_store.writing() as session:
        dip_samples.rate(session, sample, rated, by=worker, **given)  # type: ignore[arg-type]
    with pytest.raises(ConflictError), empty_store.writing() as session:
        dip_samples.rate(session, sample, rated, by=manager, **given)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError), empty_store.writing() as session:
        dip_samples.rate(session, sample, "0" * 32, by=manager, **given)  # type: ignore[arg-type]


def test_agreement_and_differences_are_of_what_was_rated(empty_store: Store) -> None:
    worker, manager = add_user(empty_store), add_user(empty_store, Role.HUB_MANAGER)
    add_decided(empty_store, 4, by=worker)
    sample = draw(empty_store, manager)
    rate_next(empty_store, sample, manager)
    rate_next(empty_store, sample, manager)
    differing = rate_next(empty_store, sample, manager, Level.CHILD_PROTECTION)
    with empty_store.reading() as session:
        pairs = dip_samples.find_pairs(session, sample)
        view = dip_samples.find_sample(session, sample, asker=manager)
    assert (view.size, view.rated, view.left) == (4, 3, 1)
    assert [each.contact_id for each in pairs if each.differs] == [differing]
    found = dip_samples.agreement_of(pairs)
    assert found is not None
    assert found.exact.value == pytest.approx(2 / 3)
