"""The demonstration's people: one press, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from starlette.testclient import TestClient

from api.access.personas import personas
from api.access.rules import COOKIE
from api.demonstration.people import RealPeopleError, seed_people
from api.settings import Settings
from api.store.audit import verify
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import Agency
from tests.hub_builders import add_user


def be(client: TestClient, store: Store, role: Role) -> str:
    """Become the first persona of *role*; give where that leads."""
    person = next(each for each in personas(store) if each.role is role)
    answer = client.post("/sign-in/persona", data={"user": person.user_id})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_every_role_has_somebody_to_be(demonstration: TestClient, sqlite_store: Store) -> None:
    page = demonstration.get("/sign-in").text
    people = personas(sqlite_store)
    assert {person.role for person in people} == set(Role)
    assert all(person.name in page for person in people)
    assert len([person for person in people if person.role is Role.HUB]) >= 2  # blind re-rating


@pytest.mark.parametrize(
    ("role", "home"),
    [(Role.REFERRER, "/refer"), (Role.HUB, "/hub"), (Role.ADMINISTRATOR, "/admin")],
)
def test_a_person_is_led_to_their_own_page(
    demonstration: TestClient, sqlite_store: Store, role: Role, home: str
) -> None:
    assert be(demonstration, sqlite_store, role) == home
    assert demonstration.get("/").headers["location"] == home


def test_the_cookie_is_for_this_host_over_https_and_closed_to_scripts(
    demonstration: TestClient, sqlite_store: Store
) -> None:
    person = personas(sqlite_store)[0]
    answer = demonstration.post("/sign-in/persona", data={"user": person.user_id})
    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith("__Host-session=")
    for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


def test_the_page_says_who_is_signed_in_and_where_they_may_go(
    demonstration: TestClient, sqlite_store: Store
) -> None:
    be(demonstration, sqlite_store, Role.REFERRER)
    page = demonstration.get("/about").text
    assert "What we sent" in page
    assert "Grace Oduya, Saltmere Hospital" in page
    assert "Sign out" in page
    assert "Sign-off" not in page


def test_signing_in_again_ends_the_session_before(
    demonstration: TestClient, sqlite_store: Store
) -> None:
    be(demonstration, sqlite_store, Role.HUB)
    first = demonstration.cookies[COOKIE]
    be(demonstration, sqlite_store, Role.LEADER)
    assert demonstration.cookies[COOKIE] != first
    demonstration.cookies.clear()
    demonstration.cookies.set(COOKIE, first, domain="testserver.local", path="/")
    assert demonstration.get("/").headers["location"] == "/refer"


def test_outside_the_demonstration_nobody_is_anybody(
    client: TestClient, sqlite_store: Store
) -> None:
    person = add_user(sqlite_store)
    assert client.post("/sign-in/persona", data={"user": person.id}).status_code == 404


def test_in_the_demonstration_nobody_is_a_real_person(
    demonstration: TestClient, sqlite_store: Store
) -> None:
    person = add_user(sqlite_store)
    assert demonstration.post("/sign-in/persona", data={"user": person.id}).status_code == 404
    assert COOKIE not in demonstration.cookies


def test_another_site_cannot_sign_anybody_in(
    demonstration: TestClient, sqlite_store: Store
) -> None:
    answer = demonstration.post(
        "/sign-in/persona",
        data={"user": personas(sqlite_store)[0].user_id},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
    assert COOKIE not in demonstration.cookies


def test_signing_out_ends_the_session_on_the_server(
    demonstration: TestClient, sqlite_store: Store
) -> None:
    be(demonstration, sqlite_store, Role.HUB)
    held = demonstration.cookies[COOKIE]
    token = demonstration.get("/about").text.split('name="form_token" value="')[1].split('"')[0]
    assert demonstration.post("/sign-out", data={"form_token": "forged"}).status_code == 403
    assert demonstration.post("/sign-out", data={"form_token": token}).status_code == 303
    demonstration.cookies.set(COOKIE, held, domain="testserver.local", path="/")
    assert "Sign out" not in demonstration.get("/about").text
    with sqlite_store.reading() as session:
        assert verify(session).rows == 3  # signed in, refused, signed out


def test_a_leader_of_a_young_demonstration_is_told_when_to_look_again(
    demonstration: TestClient, sqlite_store: Store
) -> None:
    be(demonstration, sqlite_store, Role.LEADER)
    assert "Open this page again then" in demonstration.get("/quality").text


def test_the_demonstration_never_opens_a_store_of_real_people(sqlite_store: Store) -> None:
    add_user(sqlite_store)
    with pytest.raises(RealPeopleError, match="Real people"):
        seed_people(sqlite_store)
    assert personas(sqlite_store) == []


def test_the_demonstration_is_never_on_beside_real_accounts(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="anybody be anybody"):
        Settings(demo_mode=True, sign_in_file=str(tmp_path / "sign-in.yaml"))


def test_seeding_twice_adds_nobody(empty_store: Store) -> None:
    seed_people(empty_store)
    before = personas(empty_store)
    seed_people(empty_store)
    assert personas(empty_store) == before
    with empty_store.reading() as session:
        assert len(session.scalars(select(Agency)).all()) == 12
