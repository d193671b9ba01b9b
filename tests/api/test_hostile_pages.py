"""Whatever is asked of a page by somebody who may, it is answered: no route fails on our side."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext, iter_route_contexts
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from api.access import sign_ins
from api.access.rules import COOKIE
from api.access.table import route_rules
from api.assessor import Assessor
from api.main import create_app
from api.settings import Settings
from api.store.codes import Role
from api.store.opening import Store
from api.store.tables import User
from nlp.domain import Form
from tests.api.hub.builders import add_read
from tests.hub_builders import add_user

LEAVING = "/sign-out"  # which would end the session for the others
OURS = Settings(rate_limit="1000000/minute", threads=2, demo_mode=True, log_level="ERROR")


class Shown(RouteContext):
    """A route that is described, whatever it says itself."""

    include_in_schema = True


@pytest.fixture(scope="module")
def whole(store: Store, assessor: Assessor) -> FastAPI:
    """The service with its pages described, as only the API is to others."""
    app = create_app(assessor, OURS, store)
    routes = [Shown(each.route, each._route_context) for each in iter_route_contexts(app.routes)]
    description = get_openapi(title="The service", version="1", routes=routes)
    app.openapi = lambda: description  # type: ignore[method-assign]
    return app


@pytest.fixture(scope="module")
def described(whole: FastAPI) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", whole)


@pytest.fixture(scope="module")
def people(store: Store) -> dict[Role, dict[str, str]]:
    """The headers of somebody of each role, whose forms are ours."""
    return {role: sign_in(store, role) for role in Role}


def sign_in(store: Store, role: Role) -> dict[str, str]:
    identity = add_user(store, role)
    with store.writing() as session:
        token = sign_ins.begin(session, session.get_one(User, identity.id))
    found = sign_ins.find(store, token)
    assert found is not None
    return {"Cookie": f"{COOKIE}={token}", "X-Form-Token": found.form_token}


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_route_fails_on_our_side_whatever_it_is_asked(
    whole: FastAPI,
    described: Any,
    store: Store,
    people: dict[Role, dict[str, str]],
    mode: GenerationMode,
) -> None:
    rules = {(each.path, each.method): each.roles for each in route_rules(whole)}
    contact = add_read(store, form=Form.PPN, inappropriate=True)
    operations = [result.ok() for result in described.get_all_operations()]
    assert len(operations) > 60
    failed = set[str]()

    def ask(operation: Any, headers: dict[str, str]) -> None:
        @seed(4)
        @settings(
            max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(operation.as_strategy(generation_mode=mode))
        def is_answered(case: Any) -> None:
            if "contact_id" in case.path_parameters:
                case.path_parameters["contact_id"] = contact
            if case.call(headers=headers).status_code == 500:
                failed.add(operation.label)

        with suppress(Unsatisfiable):  # what takes any words cannot be asked wrongly
            is_answered()

    for operation in operations:
        roles = rules[operation.path, operation.method.upper()]
        takes_nothing = not (operation.body or operation.query or operation.path_parameters)
        if operation.path != LEAVING and not (mode.is_negative and takes_nothing):
            ask(operation, people[min(roles, default=Role.REFERRER)])
    assert failed == set()
