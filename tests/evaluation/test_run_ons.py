"""Boundaries in run-ons are counted by writer and style."""

from __future__ import annotations

from annotation.run_ons import RunOn, Style
from evaluation.run_ons import count_boundaries


def test_a_boundary_that_is_read_is_found_and_one_that_is_not_is_missed() -> None:
    parted = RunOn(id="R001", writer="A", style=Style.SMALL, sentences=("Kai fell.", "Mum knows"))
    short = RunOn(id="R002", writer="A", style=Style.NAMES, sentences=("he fell", "mum knows"))
    in_vain = RunOn(id="R003", writer="B", style=Style.SMALL, sentences=("Kai fell. Mum", "knows"))
    found = count_boundaries([in_vain, short, parted])
    assert {key: count.tolist() for key, count in found.items()} == {
        ("A", Style.NAMES): [0, 0, 1],
        ("A", Style.SMALL): [1, 0, 0],
        ("B", Style.SMALL): [0, 1, 1],
    }
    assert list(found) == sorted(found)
