"""What each level of likeness is worth, trained with Splink and shipped as JSON.

Fellegi and Sunter (1969): a level's weight is the logarithm of how much more often it is seen
between records of one person (m) than between records of two (u). ``trained/splink.json`` is
Splink's own settings file; the sums made here equal Splink's (tests/api/matching/test_splink.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log2
from pathlib import Path
from typing import Any

from api.matching.comparing import COMPARISONS
from api.matching.profiles import Profile
from nlp.errors import ArtefactError

TRAINED = Path(__file__).parent / "trained"
# What belongs to one person alone, and what brothers and sisters share.
OWN_FIELDS = ("forename", "date_of_birth", "identifier")
_ALIKE_FORENAMES = frozenset({"same", "variant", "sounds"})
_ALIKE_SURNAMES = frozenset({"same", "part", "sounds"})
# Rarer names, and names of which no frequency is known, count as being this common.
RAREST = 0.0005
# The levels at which the frequency of the name counts, and what it is looked up by.
FREQUENCY_COLUMNS: Mapping[tuple[str, str], str] = {
    ("forename", "same"): "first_name",
    ("forename", "variant"): "first_name_root",
    ("surname", "same"): "whole_surname",
}


@dataclass(frozen=True)
class Likelihoods:
    """How probable a level is between records of one person, of two siblings, of strangers."""

    same: float
    siblings: float
    strangers: float


@dataclass(frozen=True)
class Trained:
    """Trained likelihoods by field and level, frequencies of names by column, and thresholds.

    *names_together* are the bits by which alike forenames are worth less beside alike surnames, by
    column and name; under ``ANY_NAME`` for a name of which none are known. *same_child* and
    *same_family* are the probabilities from which a match is worth showing.
    """

    likelihoods: Mapping[str, Mapping[str, Likelihoods]]
    frequencies: Mapping[str, Mapping[str, float]]
    names_together: Mapping[str, Mapping[str, float]]
    same_child: float
    same_family: float


# The columns by which names go together, the more telling first.
TOGETHER_COLUMNS = ("whole_surname", "first_name")
ANY_NAME = ""


@dataclass(frozen=True)
class Evidence:
    """The levels of a pair, and the weight of each in bits, for two hypotheses.

    *same* is for one person against strangers, *siblings* for brother or sister against
    strangers; fields of which one record says nothing are left out.
    """

    levels: Mapping[str, str]
    same: Mapping[str, float]
    siblings: Mapping[str, float]

    @property
    def forenames_agree(self) -> bool:
        """Whether the forenames are alike enough to be counted as one name."""
        return self.levels.get("forename") in _ALIKE_FORENAMES

    @property
    def names_agree(self) -> bool:
        """Whether forenames and surnames both are."""
        return self.forenames_agree and self.levels.get("surname") in _ALIKE_SURNAMES


def weigh(one: Profile, other: Profile, trained: Trained) -> Evidence:
    """Compare two people field by field."""
    levels: dict[str, str] = {}
    same: dict[str, float] = {}
    siblings: dict[str, float] = {}
    for field, comparison in COMPARISONS.items():
        level = comparison.compare(one, other)
        if level is None:
            continue
        chance = trained.likelihoods[field][level]
        strangers = _strangers(chance, field, level, one, other, trained)
        levels[field] = level
        same[field] = log2(chance.same / strangers)
        # Brothers and sisters seldom have one forename, and then by accident like strangers.
        base = strangers if field == "surname" else chance.strangers
        siblings[field] = log2(chance.siblings / base)
    return Evidence(levels, same, siblings)


def bits_together(one: Profile, other: Profile, trained: Trained) -> float:
    """Give the bits by which alike forenames are worth less where the surnames are alike too.

    Names of one origin come together: among children called Chen the forenames of few families are
    usual. The surname says how much so, else the forename; the more cautious of the two people's.
    """
    columns = [frequency_columns(each) for each in (one, other)]
    for column in TOGETHER_COLUMNS:
        known = trained.names_together[column]
        found = [known[each[column]] for each in columns if each[column] in known]
        if found:
            return max(found)
    return trained.names_together[TOGETHER_COLUMNS[0]][ANY_NAME]


def frequency_columns(profile: Profile) -> dict[str, str]:
    """Give the values that name frequencies are looked up by."""
    first = profile.forename.words[0] if profile.forename.words else ""
    root = min(profile.forename.roots[0]) if first else ""
    return {
        "first_name": first,
        "first_name_root": root,
        "whole_surname": " ".join(profile.surname.words),
    }


def _strangers(
    chance: Likelihoods, field: str, level: str, one: Profile, other: Profile, trained: Trained
) -> float:
    """How often strangers agree so: for equal names, as often as the name is borne."""
    column = FREQUENCY_COLUMNS.get((field, level))
    if column is None:
        return chance.strangers
    known = trained.frequencies[column]
    values = (frequency_columns(each)[column] for each in (one, other))
    return max(RAREST, *(known.get(value, 0.0) for value in values))


@cache
def load_trained(folder: Path = TRAINED) -> Trained:
    """Give the trained weights.

    Raises:
        ArtefactError: If a file is missing or does not fit the fields and levels compared.
    """
    try:
        splink, siblings, frequencies, together, thresholds = (
            json.loads((folder / f"{name}.json").read_text("utf-8"))
            for name in ("splink", "siblings", "frequencies", "together", "thresholds")
        )
        likelihoods = {
            field: {
                level: Likelihoods(*_m_and_u(splink, field, level, siblings[field][level]))
                for level in comparison.levels
            }
            for field, comparison in COMPARISONS.items()
        }
        for column in TOGETHER_COLUMNS:
            together[column][ANY_NAME]  # a name that is not known is looked up by it
        return Trained(likelihoods, frequencies, together, **thresholds)
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise ArtefactError(
            f"trained weights of the matching cannot be used ({type(error).__name__}); "
            "make them again with `python -m api.matching train`"
        ) from None


def _m_and_u(
    splink: Mapping[str, Any], field: str, level: str, siblings: float
) -> tuple[float, float, float]:
    comparison = next(each for each in splink["comparisons"] if each["output_column_name"] == field)
    levels = comparison["comparison_levels"]
    found = next(each for each in levels if each["label_for_charts"] == level)
    return float(found["m_probability"]), siblings, float(found["u_probability"])
