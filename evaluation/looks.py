"""The evaluation log: every look at dev, and what was decided after it.

Dev is worth something only while nothing is fitted to it. So each look is written down, the next
one waits until the last one's decision is noted, and a release has ten.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation.parts import Part
from nlp.errors import ReferralQualityError

LOG = Path(__file__).parent / "looks.jsonl"
# The corpus' datasheet allows this many.
MOST_LOOKS = 10
_PROJECT = Path(__file__).parent.parent / "pyproject.toml"


class LooksError(ReferralQualityError):
    """Dev may not be looked at now."""


class Look(Part):
    """One look at dev. ``decided`` is ``None`` until it is noted."""

    made: str
    release: str
    looked_at: str
    corpus: str
    reader: str
    rulebook: str
    figures: Mapping[str, float | None]
    decided: str | None = None


def this_release() -> str:
    """Give the version of the product that a look counts towards."""
    version: str = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return version


def read_looks(path: Path = LOG) -> tuple[Look, ...]:
    """Give the looks so far, oldest first; none where there is no log yet."""
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(Look.model_validate_json(line) for line in lines)


def check_may_look(looks: Sequence[Look], *, release: str) -> None:
    """Refuse a look that the rules of dev do not allow.

    Raises:
        LooksError: If the last look's decision is not noted, or the release has had all its looks.
    """
    if looks and looks[-1].decided is None:
        raise LooksError(
            f"nothing is noted as decided after the look at dev of {looks[-1].made}; note it with: "
            'python -m evaluation decide "...", or measure without dev: --no-dev'
        )
    used = sum(look.release == release for look in looks)
    if used >= MOST_LOOKS:
        raise LooksError(
            f"release {release} has had its {MOST_LOOKS} looks at dev; measure with --no-dev, or "
            "raise the version in pyproject.toml once the release is out"
        )


def note_look(look: Look, path: Path = LOG) -> None:
    """Add *look* to the log."""
    with path.open("a", encoding="utf-8") as log:
        log.write(look.model_dump_json() + "\n")


def note_decision(decided: str, path: Path = LOG) -> Look:
    """Note what was decided after the last look; give that look.

    Raises:
        LooksError: If there is no look, or its decision is noted already.
    """
    looks = read_looks(path)
    if not looks or looks[-1].decided is not None:
        raise LooksError("there is no look at dev that waits for a decision; nothing was noted")
    last = looks[-1].model_copy(update={"decided": decided})
    lines = [look.model_dump_json() for look in (*looks[:-1], last)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return last
