"""Names of made-up families, drawn as often as England's name tables suggest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from api.matching.normalising import fold, spellings_of
from nlp.rule_files import RuleFile, loader_of

_FILE = Path(__file__).parent / "english_names.yaml"
# Every sixth name is kept from training, to see how names fare that no frequency is known of.
_HELD_BACK = 6


class Origin(RuleFile):
    """The names of one origin, most common first, and its share of families."""

    share: float
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    women: tuple[str, ...] = ()
    men: tuple[str, ...] = ()
    surnames: tuple[str, ...]


class NamesFile(RuleFile):
    """All origins, parts of fictional addresses, and nicknames that the matching is not told."""

    origins: Mapping[str, Origin]
    streets: tuple[str, ...]
    endings: tuple[str, ...]
    outwards: tuple[str, ...]
    unlisted: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class NameList:
    """Names with the weights to draw them by."""

    names: Sequence[str]
    weights: Sequence[float]

    def draw(self, rng: Random) -> str:
        """Give one name, the first most often."""
        return rng.choices(self.names, cum_weights=self.weights)[0]


load_names = loader_of(_FILE, NamesFile)


@cache
def name_list(origin: str, kind: str, *, all_names: bool) -> NameList:
    """Give the list *kind* of *origin*; without the names kept from training unless *all_names*."""
    lists = load_names().origins[origin]
    children = {"women": lists.girls, "men": lists.boys}
    names: Sequence[str] = getattr(lists, kind) or children[kind]
    weighed = [
        (name, 1 / (place + 3))
        for place, name in enumerate(names)
        if all_names or not is_held_back(name)
    ]
    return NameList([n for n, _ in weighed], list(accumulate(w for _, w in weighed)))


def is_held_back(name: str) -> bool:
    """Whether *name* is kept from training (by its letters, so the same everywhere)."""
    return sum(map(ord, fold(name))) % _HELD_BACK == 0


@cache
def ways_to_write(forename: str) -> Sequence[str]:
    """Give other ways to write *forename*; itself if there are none."""
    unlisted = load_names().unlisted.get(forename, ())
    listed = sorted(spellings_of(fold(forename)) - {fold(forename)})
    # About one in four is a nickname that the matching has not been told of.
    return [*(spelling.title() for spelling in listed), *unlisted * max(1, len(listed) // 3)] or [
        forename
    ]
