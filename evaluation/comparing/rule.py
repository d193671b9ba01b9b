"""The rule by which a candidate is refused: numbers and reasons, in a TOML file."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from evaluation.measures import BY_CODE
from evaluation.slices import SLICES
from nlp.errors import ReferralQualityError

RULE = Path(__file__).parent / "rule.toml"


class RuleError(ReferralQualityError):
    """The rule cannot be read or holds mistakes."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Least(_Part):
    """With fewer contacts there is no verdict: in all, at child protection, in a slice."""

    contacts: int = Field(ge=1)
    protection: int = Field(ge=1)
    group: int = Field(ge=2)


class BehaviourRule(_Part):
    """Whether the whole behavioural suite must have been run."""

    whole: bool


class MeasureRule(_Part):
    """How much one measure may lose over all contacts; *strict* asks for no interval."""

    code: str
    margin: float = Field(ge=0)
    strict: bool = False
    because: str = Field(min_length=1)

    @field_validator("code")
    @classmethod
    def _is_a_measure(cls, code: str) -> str:
        return _known((code,), tuple(BY_CODE))[0]


class SliceRule(_Part):
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


class Rule(_Part):
    """The whole rule."""

    least: Least
    behaviour: BehaviourRule
    slices: SliceRule
    measures: tuple[MeasureRule, ...] = Field(min_length=1)


@dataclass(frozen=True)
class RuleFile:
    """A rule with the SHA-256 of its file."""

    rule: Rule
    sha256: str


def load_rule(path: Path = RULE) -> RuleFile:
    """Give the rule of the TOML file at *path*.

    Raises:
        RuleError: If it cannot be read or breaks the schema; every mistake is listed.
    """
    try:
        content = path.read_bytes()
        rule = Rule.model_validate(tomllib.loads(content.decode("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        told = f"{path.name}: cannot be read as TOML ({type(error).__name__})"
        raise RuleError(told) from None
    except ValidationError as error:
        mistakes = (
            f"{path.name}: {'.'.join(map(str, detail['loc']))}: {detail['msg']}"
            for detail in error.errors(include_url=False)
        )
        raise RuleError("\n".join(mistakes)) from None
    return RuleFile(rule, hashlib.sha256(content).hexdigest())


def _known(codes: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise ValueError(f"does not know {', '.join(unknown)}; choose from {', '.join(known)}")
    return codes
