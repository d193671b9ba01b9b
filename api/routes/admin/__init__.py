"""People, agencies and keys of systems, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from api.access.identity import Identity
from api.access.rules import allow
from api.dependencies import UsesStore
from api.page_rendering import render_page
from api.routes.admin import agencies, keys, people
from api.store.codes import Role
from api.store.tables import Agency, ApiKey, User

router = APIRouter(prefix="/admin", include_in_schema=False)


@router.get("")
def show_administration(
    request: Request, *, store: UsesStore, _identity: Annotated[Identity, allow(Role.ADMINISTRATOR)]
) -> HTMLResponse:
    """Show what there is to keep, with counts."""
    with store.reading() as session:
        waiting = select(func.count()).select_from(User).where(User.active.is_(False))
        counts = {
            "people": session.scalar(select(func.count()).select_from(User)),
            "closed": session.scalar(waiting),
            "agencies": session.scalar(select(func.count()).select_from(Agency)),
            "keys": session.scalar(
                select(func.count()).select_from(ApiKey).where(ApiKey.revoked_at.is_(None))
            ),
        }
    return render_page(request, "admin/home.html", counts=counts)


for part in (people, agencies, keys):
    router.include_router(part.router)
