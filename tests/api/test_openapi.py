"""What the API says of itself is so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from starlette.testclient import TestClient

from api.access.keys import Scope, make
from api.store.codes import Role
from api.store.opening import Store
from tests.hub_builders import add_agency, add_user

ADDRESS = "/api/v1/openapi.json"
OPERATIONS = [
    ("/api/v1/assessments", "POST"),
    ("/api/v1/contacts", "POST"),
    ("/api/v1/contacts", "GET"),
    ("/api/v1/contacts/{contact_id}", "GET"),
    ("/api/v1/documents", "POST"),
    ("/api/v1/figures", "GET"),
    ("/api/v1/frameworks", "GET"),
    ("/api/v1/forms", "GET"),
    ("/api/v1/findings", "POST"),
    ("/api/v1/findings", "GET"),
    ("/api/v1/health", "GET"),
    ("/api/v1/ready", "GET"),
    ("/api/v1/version", "GET"),
]


@pytest.fixture(scope="module")
def described(app: FastAPI) -> Any:
    return schemathesis.openapi.from_asgi(ADDRESS, app)


@pytest.fixture(scope="module")
def system(store: Store) -> dict[str, str]:
    """The header of a system that may send and read contacts; others' operations do not mind it."""
    agency, by = add_agency(store, "school_openapi"), add_user(store, Role.ADMINISTRATOR)
    lasts = timedelta(days=1)
    with store.writing() as session:
        token = make(session, agency_id=agency, label="x", scopes=tuple(Scope), lasts=lasts, by=by)
    return {"Authorization": f"Bearer {token}"}


def test_every_operation_is_checked(described: Any) -> None:
    operations = [result.ok() for result in described.get_all_operations()]
    found = [(operation.path, operation.method.upper()) for operation in operations]
    assert sorted(found) == sorted(OPERATIONS)


# What a schema cannot say: that a text has letters, that an id is known, that a file can be read.
# A field of an upload is bytes, so that there a number passes for a file.
LOOSER = {
    "/api/v1/assessments": [positive_data_acceptance],
    # A body past the limit is a 413, which the check for what is wrong does not know.
    "/api/v1/contacts": [positive_data_acceptance, negative_data_rejection],
    "/api/v1/contacts/{contact_id}": [positive_data_acceptance],
    "/api/v1/documents": [positive_data_acceptance, negative_data_rejection],
    "/api/v1/findings": [positive_data_acceptance],
}

CASES = [(path, method, GenerationMode.POSITIVE) for path, method in OPERATIONS]
# An operation that takes nothing cannot be asked wrongly.
CASES += [
    (path, method, GenerationMode.NEGATIVE) for path, method in OPERATIONS if method == "POST"
]


@pytest.mark.parametrize(("path", "method", "mode"), CASES)
def test_every_operation_keeps_to_its_description(
    described: Any, system: dict[str, str], path: str, method: str, mode: GenerationMode
) -> None:
    operation = described[path][method]

    @seed(26112026)
    @settings(
        max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(operation.as_strategy(generation_mode=mode))
    def keeps_to_it(case: Any) -> None:
        case.call_and_validate(headers=system, excluded_checks=LOOSER.get(path, []))

    keeps_to_it()


def test_the_examples_of_requests_are_answered(client: TestClient) -> None:
    schema = client.get(ADDRESS).json()["components"]["schemas"]["AssessmentIn"]
    answers = [client.post("/api/v1/assessments", json=given) for given in schema["examples"]]
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_error_is_documented_in_the_one_shape(
    client: TestClient, path: str, method: str
) -> None:
    responses = client.get(ADDRESS).json()["paths"][path][method.lower()]["responses"]
    errors = {status: answer for status, answer in responses.items() if status >= "400"}
    assert "500" in errors
    if method == "POST":
        assert {"400", "413", "422", "429"} <= set(errors)
    shapes = {
        answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for status, answer in errors.items()
        if (path, status) != ("/api/v1/ready", "503")  # which says what is missing
    }
    assert shapes == {"ErrorOut"}


def test_the_framework_s_own_error_shapes_are_nowhere(client: TestClient) -> None:
    assert "HTTPValidationError" not in client.get(ADDRESS).text
