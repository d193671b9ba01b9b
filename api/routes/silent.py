"""The comparison of a silent reader with what staff decided; nothing of any contact is on it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BeforeValidator, Field

from api.access.identity import Identity
from api.access.rules import allow
from api.clocks import LONDON
from api.dependencies import UsesStore
from api.page_rendering import render_page
from api.schemas import Wire
from api.silent.comparison import compare, silent_readers
from api.silent.reading import target_of
from api.silent.rule import chance_of_showing
from api.store.audit import record
from api.store.codes import Action, Role

router = APIRouter(include_in_schema=False)

Viewer = Annotated[Identity, allow(Role.ANALYST, Role.HUB_MANAGER)]


class Asked(Wire):
    """Which silent reader is asked for, and decisions from which day on; the last reader, all."""

    reader: Annotated[str, Field(max_length=120)] = ""
    since: Annotated[date | None, BeforeValidator(lambda day: day or None)] = None

    @property
    def from_moment(self) -> datetime | None:
        """When the day began in London."""
        return datetime.combine(self.since, time(), tzinfo=LONDON) if self.since else None


@router.get("/analysis/silent")
def show_comparison(
    request: Request, *, identity: Viewer, store: UsesStore, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Show what is known of a silent reader, and whether that is enough to decide."""
    with store.reading() as session:
        readers = silent_readers(session)
        if not readers:
            return render_page(request, "silent/nothing.html")
        reader = asked.reader or readers[0]
        comparison = compare(session, reader, since=asked.from_moment)
    with store.writing() as session:
        record(
            session,
            actor=identity.actor,
            action=Action.SILENT_COMPARED,
            target=target_of(reader),
            details={"contacts": comparison.seen.decided},
        )
    return render_page(
        request,
        "silent/comparison.html",
        it=comparison,
        readers=readers,
        chance_of_showing=chance_of_showing,
    )
