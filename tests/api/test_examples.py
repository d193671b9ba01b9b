"""The examples of the demonstration: they read well, and are offered nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.assessor import Assessor
from api.examples import Example, load_examples
from api.main import create_app
from api.referral_form import layouts_of
from api.settings import Settings


@pytest.fixture(scope="module")
def demonstration(assessor: Assessor) -> Iterator[TestClient]:
    app = create_app(assessor=assessor, settings=Settings(demo_mode=True))
    with TestClient(app) as connected:
        yield connected


@pytest.mark.parametrize("example", load_examples().values(), ids=lambda each: each.id)
def test_an_example_fills_its_form_and_is_checked(
    demonstration: TestClient, assessor: Assessor, example: Example
) -> None:
    assert example.layout in layouts_of(assessor.forms)
    page = demonstration.get(f"/refer?example={example.id}").text
    assert example.text.splitlines()[0][:40] in page
    assert "ring 999" in page


def test_examples_are_offered_in_the_demonstration_only(
    demonstration: TestClient, client: TestClient
) -> None:
    assert "Try an example" in demonstration.get("/refer").text
    assert "Try an example" not in client.get("/refer").text
    assert "neck" not in client.get("/refer?example=calm_but_serious").text


def test_an_unknown_example_is_the_empty_form(demonstration: TestClient) -> None:
    assert demonstration.get("/refer?example=nowhere").status_code == 200
