"""A person at a browser of their own, signed in to a service over one store."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx2
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.access.identity import Identity
from api.assessor import Assessor
from api.main import create_app
from api.settings import Settings
from api.store.codes import Role
from api.store.opening import Store
from tests.hub_builders import add_user, sign_in

DECISION = {"outcome": "early_help", "level": "early_help"}


@dataclass
class Desk:
    """Who sits there, and their browser."""

    client: TestClient
    identity: Identity
    token: str

    def get(self, address: str, **headers: str) -> httpx2.Response:
        return self.client.get(address, headers=headers)

    def post(self, address: str, **fields: object) -> httpx2.Response:
        """Post a form of this person's own page."""
        return self.client.post(address, data={"form_token": self.token} | fields)


def make_app(
    store: Store, assessor: Assessor, *, hide_reading_until_decided: bool = False
) -> FastAPI:
    settings = Settings(
        rate_limit="100000/minute",
        threads=2,
        hide_reading_until_decided=hide_reading_until_decided,
    )
    return create_app(assessor=assessor, settings=settings, store=store)


def sit_down(app: FastAPI, role: Role = Role.HUB) -> Desk:
    client = TestClient(app, base_url="https://testserver", follow_redirects=False)
    identity = add_user(app.state.store, role)
    return Desk(client, identity, sign_in(client, app.state.store, identity))


def page(desk: Desk, contact_id: str, query: str = "") -> str:
    """The page of a contact."""
    answer = desk.get(f"/hub/contacts/{contact_id}{query}")
    assert answer.status_code == 200
    return answer.text


def hidden_fields(html: str) -> dict[str, str]:
    """The fields that the form to decide carries unseen."""
    form = html[html.index('id="decide-form"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)[:4])


def decide_on(desk: Desk, contact_id: str, **fields: str) -> str:
    """Post a decision as the page would; give where it leads, or the page that says what lacks."""
    unseen = hidden_fields(page(desk, contact_id))
    answer = desk.post(f"/hub/contacts/{contact_id}/decide", **unseen | DECISION | fields)
    return answer.headers.get("location", answer.text)
