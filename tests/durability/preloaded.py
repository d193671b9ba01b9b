"""What every server needs, made once in the process that they are forked from."""

from __future__ import annotations

from api.__main__ import _warm
from api.assessor import Assessor
from tests.fakes import FakeReader

_warm(Assessor.load(reader=FakeReader()))
