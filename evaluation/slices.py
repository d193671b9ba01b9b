"""Part outcomes into groups: by agency, form, length, author and certainty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from evaluation.outcomes import Outcome

# Words up to which a contact belongs to a group; about a quarter of the corpus in each.
LENGTHS = (125, 215, 325)


def length_group(words: int) -> str:
    """Give the group of a contact of so many words."""
    lowest = 1
    for highest in LENGTHS:
        if words <= highest:
            return f"{lowest} to {highest} words"
        lowest = highest + 1
    return f"over {LENGTHS[-1]} words"


SLICES: Mapping[str, Callable[[Outcome], str]] = {
    "agency": lambda outcome: outcome.contact.agency.value,
    "form": lambda outcome: outcome.contact.form.value,
    "length": lambda outcome: length_group(len(outcome.contact.text.split())),
    "author": lambda outcome: outcome.contact.author,
    "certainty": lambda outcome: outcome.contact.certainty.value,
}


def part(
    outcomes: Sequence[Outcome], by: Callable[[Outcome], str]
) -> Mapping[str, tuple[int, ...]]:
    """Give the places of the outcomes of each group, the largest group first."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, outcome in enumerate(outcomes):
        groups[by(outcome)].append(place)
    return {
        name: tuple(places)
        for name, places in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    }
