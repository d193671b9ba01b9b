"""One comparison: both readers judge the locked contacts and run the behavioural suite."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from annotation.corpus import fingerprint
from annotation.labels import LabelledContact
from evaluation.behaviour.suite import Suite
from evaluation.bootstrap import RESAMPLES
from evaluation.comparing.behaving import Behaved, compare_behaviour
from evaluation.comparing.differences import Difference, compare_outcomes
from evaluation.comparing.rule import LoadedRule
from evaluation.comparing.verdict import find_reasons, find_unsure
from evaluation.evaluate import judge
from evaluation.judge import judge_with
from evaluation.outcomes import Outcome, Prediction
from evaluation.parts import Part
from models.gate_record import Compared, GateRecord
from models.local.candidates import texts_learnt
from models.local.splitting import hash_text
from models.predict import load_reader
from models.whole import check_whole
from nlp.errors import ReferralQualityError
from nlp.reading import Reader
from nlp.rules import load_rulebook


class UnfairError(ReferralQualityError):
    """A reader has learnt from what it would be tested on."""


class Comparison(Part):
    """Everything that was found, with the verdict that it led to.

    ``unknown`` names the readers of which nobody knows what they have learnt from.
    """

    verdict: GateRecord
    unknown: tuple[str, ...]
    differences: tuple[Difference, ...]
    behaviour: tuple[Behaved, ...]


def compare(
    candidate: Path,
    against: Path,
    locked: Sequence[LabelledContact],
    rule: LoadedRule,
    suite: Suite,
    *,
    whole_suite: bool,
    resamples: int = RESAMPLES,
) -> Comparison:
    """Compare two folders of whole readers.

    Args:
        candidate: The candidate's folder.
        against: That of the reader in service.
        locked: What neither has learnt from.
        rule: What is refused.
        suite: Behavioural tests.
        whole_suite: Whether *suite* is all of them.
        resamples: Of the bootstrap.

    Raises:
        ArtefactError: If a reader is damaged.
        UnfairError: If a reader has learnt from a locked contact.
    """
    made = datetime.now(UTC).isoformat(timespec="seconds")
    known = [_may_be_tested(folder, locked) for folder in (candidate, against)]
    parts = [check_whole(folder) for folder in (candidate, against)]
    ours, theirs = (load_reader(released=folder) for folder in (candidate, against))
    with tqdm(total=2 * (len(locked) + len(suite.trials)), unit="contact") as bar:

        def step() -> None:
            bar.update()

        judged = [_judge(reader, locked, step) for reader in (ours, theirs)]
        behaved = compare_behaviour(suite, ours, theirs, made=made, step=step)
    differences = compare_outcomes(judged[0], judged[1], rule.rule, resamples=resamples)
    reasons = find_reasons(judged[0], differences, behaved, rule.rule, whole_suite=whole_suite)
    names = ours.name, theirs.name
    return Comparison(
        verdict=GateRecord(
            made=made,
            opened=not reasons,
            reasons=reasons,
            unsure=find_unsure(differences),
            candidate=Compared(name=names[0], parts=parts[0]),
            against=Compared(name=names[1], parts=parts[1]),
            locked=fingerprint(locked),
            contacts=len(locked),
            rule=rule.sha256,
            rulebook=load_rulebook().version,
        ),
        unknown=tuple(name for name, told in zip(names, known, strict=True) if not told),
        differences=differences,
        behaviour=behaved,
    )


def _judge(
    reader: Reader, locked: Sequence[LabelledContact], step: Callable[[], object]
) -> tuple[Outcome, ...]:
    predict = judge_with(reader)

    def told(contact: LabelledContact) -> Prediction:
        step()
        return predict(contact)

    return judge(told, locked)


def _may_be_tested(folder: Path, locked: Sequence[LabelledContact]) -> bool:
    """Say whether it is known what the reader has learnt from."""
    texts = texts_learnt(folder)
    seen = [contact.id for contact in locked if hash_text(contact.text) in (texts or ())]
    if seen:
        raise UnfairError(
            f"{folder.name} has learnt from {len(seen)} of the {len(locked)} locked contacts "
            f"(first: {seen[0]}); compare on contacts that neither reader has seen"
        )
    return texts is not None
