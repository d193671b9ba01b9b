from __future__ import annotations

import pytest

from api.assessor import Assessor
from tests.fakes import FakeReader


@pytest.fixture
def reader() -> FakeReader:
    """A reader that calls every notification inappropriate."""
    return FakeReader(inappropriate=0.9)


@pytest.fixture
def assessor(reader: FakeReader) -> Assessor:
    return Assessor.load(reader=reader)
