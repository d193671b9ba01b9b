"""What the store knows of each contact, as values of what is watched.

Most is kept beside the encrypted text. Two measures need what is encrypted: words that the reader
has never met, and its probabilities. Of those, a few contacts of each agency, form and week are
opened, chosen by their opaque ids, which is by chance and always the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

import numpy as np
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from api import clocks
from api.store.tables import Contact, Correction, Decision, StoredAssessment
from api.watch.batches import Observed, monday_of, week_of
from api.watch.definitions import WatchFile
from api.watch.family import Key
from api.watch.vocabulary import known_words, unknown_share
from nlp.domain import Form, Level

AT_ONCE = 400  # ids of one question; databases take no end of them

Sender = tuple[str, Form]


@dataclass
class Values:
    """Values as they are found, by what they are of."""

    found: dict[Key, tuple[list[int], list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: ([], []))
    )

    def add(self, sender: Sender, week: int, measures: Mapping[str, float]) -> None:
        """Note what one contact, or one decision, has of some *measures*."""
        for measure, value in measures.items():
            weeks, values = self.found[Key(*sender, measure)]
            weeks.append(week)
            values.append(value)

    def observed(self, file: WatchFile) -> dict[Key, Observed]:
        """Give all of it that *file* watches, in order."""
        return {
            key: Observed(np.array(weeks, dtype=np.int64), np.array(values, dtype=np.float64))
            for key, (weeks, values) in sorted(self.found.items())
            if key.measure in file.measures and key.form in file.measures[key.measure].forms
        }


def observe(session: Session, file: WatchFile, *, at: datetime) -> dict[Key, Observed]:
    """Give every value of the whole weeks before *at*, from a first of January on.

    As many years back as *file* says: a start that moved would move the batches, and old alarms.

    Raises:
        ArtefactError: If the released reader, whose words are asked for, cannot be loaded.
    """
    end = week_of(at.astimezone(clocks.LONDON).date())
    bounds = _moment(week_of(first_day(at, file))), _moment(end)
    values, read = Values(), defaultdict[tuple[Sender, int], list[str]](list)
    for contact_id, sender, week, measures in _contacts(session, *bounds):
        values.add(sender, week, measures)
        if "flags" in measures:  # it was read
            read[sender, week].append(contact_id)
    opened = {
        contact_id: place
        for place, ids in read.items()
        for contact_id in sorted(ids)[: file.opened]
    }
    for contact_id, measures in _open(session, list(opened)):
        values.add(*opened[contact_id], measures)
    for sender, week, measures in _decisions(session, *bounds):
        values.add(sender, week, measures)
    return values.observed(file)


def first_day(at: datetime, file: WatchFile) -> date:
    """Give the Monday from which contacts are looked at."""
    year = at.astimezone(clocks.LONDON).year - file.years
    return monday_of(week_of(date(year, 1, 1)) + 1)


def reader_changes(session: Session) -> list[tuple[date, str, str]]:
    """Give the days on which another reader answered for the first time: day, before, after."""
    first = func.min(StoredAssessment.made_at)
    found = session.execute(
        select(StoredAssessment.reader, first).group_by(StoredAssessment.reader).order_by(first)
    ).all()
    return [
        (moment.astimezone(clocks.LONDON).date(), before, after)
        for (before, _), (after, moment) in pairwise(found)
    ]


def _contacts(
    session: Session, start: datetime, end: datetime
) -> Iterator[tuple[str, Sender, int, dict[str, float]]]:
    rows = session.execute(
        select(
            Contact.id,
            Contact.agency_id,
            Contact.form,
            Contact.received_at,
            Contact.characters,
            Contact.scored,
            Contact.failures,
            Contact.level,
            Contact.lowest_level,
            Contact.highest_level,
            Contact.missing,
            Contact.present_flags,
            Contact.looks_inappropriate,
        ).where(Contact.received_at >= start, Contact.received_at < end)
    )
    for row in rows:
        failed = bool(row.failures) or not row.scored
        measures = {"length": float(row.characters), "unread": float(failed)}
        if row.level and row.lowest_level and row.highest_level:
            measures |= {
                "child_protection": float(row.level is Level.CHILD_PROTECTION),
                "universal": float(row.level is Level.UNIVERSAL),
                "flags": float(row.present_flags),
                "missing": float(row.missing or 0),
                "plausible": row.highest_level.number - row.lowest_level.number + 1.0,
                "inappropriate": float(row.looks_inappropriate),
            }
        yield row.id, (row.agency_id, row.form), _week(row.received_at), measures


def _decisions(
    session: Session, start: datetime, end: datetime
) -> Iterator[tuple[Sender, int, dict[str, float]]]:
    """Give every decision on a reading, in the week in which it was made, as the override log."""
    corrected = _corrected(session)
    rows = session.execute(
        select(
            Decision.made_at,
            Decision.level,
            Decision.differs,
            Decision.assessment_id,
            Contact.agency_id,
            Contact.form,
            Contact.level.label("read"),
        )
        .join(Contact, Contact.id == Decision.contact_id)
        .where(
            Decision.made_at >= start,
            Decision.made_at < end,
            Decision.sent_back_by.is_(None),
            Decision.assessment_id.is_not(None),
        )
    )
    for row in rows:
        higher = row.read is not None and row.level.number > row.read.number
        measures = {
            "decided_higher": float(row.differs and higher),
            "decided_lower": float(row.differs and not higher),
            "corrections": float(corrected.get(row.assessment_id, 0)),
        }
        yield (row.agency_id, row.form), _week(row.made_at), measures


def _corrected(session: Session) -> dict[str, int]:
    """Give how many findings of each reading were corrected; to agree is no correction."""
    differs = or_(Correction.found.is_(None), Correction.found != Correction.corrected)
    rows = session.execute(
        select(Correction.assessment_id, func.count())
        .where(differs)
        .group_by(Correction.assessment_id)
    )
    return dict(rows.all())


def _open(session: Session, ids: Sequence[str]) -> Iterator[tuple[str, dict[str, float]]]:
    """Open some contacts and their last readings, and measure what only the content tells."""
    known = known_words()
    for place in range(0, len(ids), AT_ONCE):
        some = ids[place : place + AT_ONCE]
        texts = select(Contact.id, Contact.narrative).where(Contact.id.in_(some))
        for contact_id, text in session.execute(texts):
            share = None if text is None else unknown_share(text, known)
            if share is not None:
                yield contact_id, {"unknown_words": 100 * share}
        yield from _last_readings(session, some)


def _last_readings(session: Session, ids: Sequence[str]) -> Iterator[tuple[str, dict[str, float]]]:
    read = (
        select(StoredAssessment.contact_id, StoredAssessment.content)
        .where(StoredAssessment.contact_id.in_(ids))
        .order_by(StoredAssessment.made_at)
    )
    last: dict[str, Any] = dict(session.execute(read).all())
    for contact_id, content in last.items():
        level = content["level"]
        yield contact_id, {"confidence": level["probabilities"][level["likely"]]}


def _week(at: datetime) -> int:
    return week_of(at.astimezone(clocks.LONDON).date())


def _moment(week: int) -> datetime:
    return datetime.combine(monday_of(week), time(), tzinfo=clocks.LONDON)
