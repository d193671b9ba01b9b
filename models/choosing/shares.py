"""Each agency's fair share of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil


def fair_shares(contacts: Mapping[str, int], most: int, *, power: float) -> dict[str, int]:
    """Give the most that each agency may have of a batch of *most*.

    Shares go by an agency's contacts to the *power* (Bankier 1988, doi
    10.1080/00031305.1988.10475556). What an agency cannot fill goes to the others, and shares are
    rounded up, so that together they always fill the batch.
    """
    open_to = dict(contacts)
    left = min(most, sum(contacts.values()))
    shares: dict[str, int] = {}
    while open_to:
        parts = _part(open_to, left, power)
        full = [agency for agency, part in parts.items() if part >= contacts[agency]]
        if not full:
            return shares | {agency: ceil(part) for agency, part in parts.items()}
        for agency in full:
            shares[agency] = open_to.pop(agency)
            left -= shares[agency]
    return shares


def _part(contacts: Mapping[str, int], left: int, power: float) -> dict[str, float]:
    total = sum(count**power for count in contacts.values())
    # Rounded before it is rounded up: 3.0000000000000004 is three.
    return {agency: round(left * n**power / total, 9) for agency, n in contacts.items()}
