"""What a comparison concluded of a candidate: kept in its folder, and bound to its files."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from nlp.errors import ArtefactError

GATE = "gate.json"
_REMEDY = "compare it with: python -m evaluation compare CANDIDATE --against READERS --on LOCKED"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Compared(_Part):
    """A reader that was compared: its name in records, and the hashes of `check_whole`."""

    name: str
    parts: dict[str, str]


class GateRecord(_Part):
    """The verdict, and what it is about.

    ``reasons`` say why the gate is shut, ``unsure`` what there were too few contacts to say.
    ``locked`` is the fingerprint of the contacts, ``rule`` the SHA-256 of the rule's file.
    """

    made: str
    opened: bool
    reasons: tuple[str, ...]
    unsure: tuple[str, ...]
    candidate: Compared
    against: Compared
    locked: str
    contacts: int
    rule: str
    rulebook: str


def write_gate(record: GateRecord, folder: Path) -> None:
    """Put *record* in the candidate's *folder*."""
    (folder / GATE).write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")


def require_open(
    folder: Path, *, parts: dict[str, str], in_service: dict[str, str], rulebook: str
) -> GateRecord:
    """Give the record of a candidate that may be released.

    Args:
        folder: The candidate's.
        parts: Of the candidate, as `check_whole` finds them now.
        in_service: The same, of the reader that it would replace.
        rulebook: The version that is served now.

    Raises:
        ArtefactError: If it was not compared, or the comparison refused it, or was of other files,
            against another reader, or with other rules.
    """
    record = _read(folder)
    if not record.opened:
        told = "; ".join(record.reasons)
        raise ArtefactError(f"{folder.name}: the gate refused it: {told}")
    for what, compared, now in (
        ("its files", record.candidate.parts, parts),
        ("the reader in service", record.against.parts, in_service),
        ("the rulebook", record.rulebook, rulebook),
    ):
        if compared != now:
            raise ArtefactError(
                f"{folder.name}: {what} changed since the comparison of {record.made}; {_REMEDY}"
            )
    return record


def _read(folder: Path) -> GateRecord:
    try:
        return GateRecord.model_validate_json((folder / GATE).read_bytes())
    except FileNotFoundError:
        raise ArtefactError(f"{folder.name}: has not been compared; {_REMEDY}") from None
    except (OSError, ValidationError) as error:
        told = f"{GATE} cannot be read ({type(error).__name__})"
        raise ArtefactError(f"{folder.name}: {told}; {_REMEDY}") from None
