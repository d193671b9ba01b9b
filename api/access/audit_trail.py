"""The audit log as an auditor reads it: filtered, a page at a time, with names beside the ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.identity import Identity
from api.store.audit import Verdict, record, verify
from api.store.codes import Action
from api.store.opening import Store
from api.store.tables import ApiKey, AuditRow, User

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What is looked for; ``before`` is the number that the page ends before."""

    action: Action | None = None
    actor: str = ""
    target: str = ""
    before: int | None = None


@dataclass(frozen=True)
class Page:
    """Rows, the newest first; ``before`` leads to the next page, if there is one."""

    rows: Sequence[AuditRow]
    names: Mapping[str, str]
    before: int | None


def read_page(session: Session, wanted: Wanted) -> Page:
    """Give one page of the log."""
    found = select(AuditRow).order_by(AuditRow.number.desc()).limit(PAGE + 1)
    if wanted.action is not None:
        found = found.where(AuditRow.action == wanted.action)
    if wanted.actor:
        found = found.where(AuditRow.actor == wanted.actor)
    if wanted.target:
        found = found.where(AuditRow.target == wanted.target)
    if wanted.before is not None:
        found = found.where(AuditRow.number < wanted.before)
    rows = list(session.scalars(found))
    shown = rows[:PAGE]
    named = _names(session, {row.actor for row in shown} | {row.target for row in shown})
    return Page(shown, named, shown[-1].number if len(rows) > PAGE else None)


def verify_chain(store: Store, *, by: Identity) -> Verdict:
    """Verify the whole log, and note in it who did and what was found."""
    with store.reading() as session:
        verdict = verify(session)
    told = {"rows": verdict.rows, "whole": verdict.whole, "broken_at": verdict.broken_at}
    with store.writing() as session:
        action = Action.AUDIT_VERIFIED
        record(session, actor=by.actor, action=action, target="audit", details=told)
    return verdict


def _names(session: Session, told: Iterable[str]) -> dict[str, str]:
    """What the people and keys among *told* are called."""
    ids = {"user": set[str](), "key": set[str]()}
    for each in told:
        kind, _, own = each.partition(":")
        if kind in ids:
            ids[kind].add(own)
    people = session.execute(select(User.id, User.name).where(User.id.in_(ids["user"])))
    held = session.execute(select(ApiKey.id, ApiKey.label).where(ApiKey.id.in_(ids["key"])))
    return {f"user:{own}": name for own, name in people} | {
        f"key:{own}": label for own, label in held
    }
