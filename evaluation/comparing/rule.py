"""The rule by which a candidate is refused: numbers and reasons, in a TOML file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, field_validator

from evaluation.measures import BY_CODE
from evaluation.slices import SLICES
from models.sealing import hash_content
from models.toml_files import TomlTable, load_toml

RULE = Path(__file__).parent / "rule.toml"


class Least(TomlTable):
    """With fewer contacts there is no verdict: in all, at child protection, in a slice."""

    contacts: int = Field(ge=1)
    protection: int = Field(ge=1)
    group: int = Field(ge=2)


class BehaviourRule(TomlTable):
    """Whether the whole behavioural suite must have been run."""

    whole: bool


class MeasureRule(TomlTable):
    """How much one measure may lose over all contacts; *strict* asks for no interval."""

    code: str
    margin: float = Field(ge=0)
    strict: bool = False
    because: str = Field(min_length=1)

    @field_validator("code")
    @classmethod
    def _is_a_measure(cls, code: str) -> str:
        return _known((code,), tuple(BY_CODE))[0]


class SliceRule(TomlTable):
    """Which measures are held in which slices, how much each may lose, and why."""

    by: tuple[str, ...]
    codes: tuple[str, ...]
    margin: float = Field(ge=0)
    because: str = Field(min_length=1)

    @field_validator("by")
    @classmethod
    def _are_slices(cls, by: tuple[str, ...]) -> tuple[str, ...]:
        return _known(by, tuple(SLICES))

    @property
    def measures(self) -> tuple[MeasureRule, ...]:
        """The rule of each measure in each slice."""
        return tuple(
            MeasureRule(code=code, margin=self.margin, because=self.because) for code in self.codes
        )

    @field_validator("codes")
    @classmethod
    def _are_measures(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        return _known(codes, tuple(BY_CODE))


class Rule(TomlTable):
    """The whole rule."""

    least: Least
    behaviour: BehaviourRule
    slices: SliceRule
    measures: tuple[MeasureRule, ...] = Field(min_length=1)


@dataclass(frozen=True)
class LoadedRule:
    """A rule with the SHA-256 of its file."""

    rule: Rule
    sha256: str


def load_rule(path: Path = RULE) -> LoadedRule:
    """Give the rule of the TOML file at *path*.

    Raises:
        ArtefactError: If it cannot be read or breaks the schema; every mistake is listed.
    """
    return LoadedRule(load_toml(path, Rule), hash_content(path.read_bytes()))


def _known(codes: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise ValueError(f"does not know {', '.join(unknown)}; choose from {', '.join(known)}")
    return codes
