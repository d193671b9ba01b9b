"""What a person chooses to see of the queue; codes only, so that it may stand in an address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import ColumnElement, String, cast

from api.store.codes import Stage
from api.store.tables import Contact
from nlp.domain import Form, SafetyFlag, Urgency


class Holder(StrEnum):
    """Who has claimed a contact."""

    ME = "me"
    NOBODY = "nobody"
    OTHERS = "others"


class Received(StrEnum):
    """When a contact came."""

    DAY = "day"
    WEEK = "week"
    EARLIER = "earlier"


LIMITS = {Received.DAY: timedelta(days=1), Received.WEEK: timedelta(days=7)}


class QueueFilters(BaseModel):
    """Every choice; ``None`` or false leaves all in."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stage: Stage = Stage.WAITING
    agency: str | None = Field(default=None, max_length=40, pattern=r"^[\w-]+$")
    form: Form | None = None
    urgency: Urgency | None = None
    flag: SafetyFlag | None = None
    claimed: Holder | None = None
    received: Received | None = None
    overdue: bool = False
    unscored: bool = False

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, given: Any) -> Any:
        """A choice that was left open comes from a form as an empty word."""
        return {k: v for k, v in given.items() if v != ""} if isinstance(given, dict) else given

    @property
    def codes(self) -> dict[str, Any]:
        """What differs from an open choice, as it stands in an address or a saved view."""
        return QueueFilters.model_validate(self.model_dump()).model_dump(
            mode="json", exclude_defaults=True
        )

    @property
    def address(self) -> str:
        """Where the queue is shown so."""
        query = urlencode({code: str(value).lower() for code, value in self.codes.items()})
        return f"/hub?{query}" if query else "/hub"

    def conditions(self, *, me: str, at: datetime) -> Iterator[ColumnElement[bool]]:
        """Give what a query of contacts must meet for the person *me*."""
        yield Contact.stage == self.stage
        yield Contact.erased_at.is_(None)
        if self.agency:
            yield Contact.agency_id == self.agency
        if self.form:
            yield Contact.form == self.form
        if self.urgency:
            yield Contact.urgency == self.urgency
        if self.flag:  # as it is written in a JSON list of codes
            yield cast(Contact.flags, String).like(f'%"{self.flag}"%')
        if self.claimed:
            yield _held(self.claimed, me)
        if self.received:
            yield _received(self.received, at)
        if self.overdue:
            yield Contact.due_at < at
        if self.unscored:
            yield Contact.scored.is_(False)


class QueueRequest(QueueFilters):
    """The filters, and which page of what they leave."""

    page: int = Field(default=1, ge=1, le=100)


class ChangesRequest(QueueFilters):
    """The filters of a page that is shown, and how far the log went then."""

    after: int = Field(
        default=0, ge=0, le=2**62
    )  # more than a database's number can hold is no row


def _held(by: Holder, me: str) -> ColumnElement[bool]:
    if by is Holder.ME:
        return Contact.claimed_by == me
    if by is Holder.NOBODY:
        return Contact.claimed_by.is_(None)
    return Contact.claimed_by.is_not(None) & (Contact.claimed_by != me)


def _received(when: Received, at: datetime) -> ColumnElement[bool]:
    if when is Received.EARLIER:
        return Contact.received_at < at - LIMITS[Received.WEEK]
    return Contact.received_at >= at - LIMITS[when]
