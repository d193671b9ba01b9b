"""The two readers joined as they are released, on authors that neither had seen.

The networks that had not read a third of the authors are the checkpoints of the transformer's
training (`python -m models.transformer`): nothing is trained again for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch

from evaluation.other_tools.encoders import base_folder
from evaluation.other_tools.errors import CannotRunError
from evaluation.other_tools.linear import linear_reader
from evaluation.other_tools.thirds import FOLDS, Thirds
from models.joined import join
from models.joining import find_ruled, fit_joint
from models.transformer.as_served import answer_as_served, known_of
from models.transformer.config import read_run
from models.transformer.fitting import fit_scales
from models.transformer.reader import to_reading
from models.transformer.targets import examples
from models.transformer.training import Logits, Network
from nlp.assessment import FlagFinding
from nlp.document import read_document
from nlp.domain import Contact, Document
from nlp.reading import Reading, Thresholds

CONFIG = Path(__file__).parents[2] / "models" / "configs" / "transformer.toml"


@dataclass(frozen=True)
class KnownReader:
    """Gives readings that were made before, by text."""

    name: str
    thresholds: Thresholds
    readings: Mapping[str, Reading]

    def read(
        self, contact: Contact, document: Document, _ruled: Sequence[FlagFinding] = (), /
    ) -> Reading:
        """Give the reading of the contact's text."""
        del document
        return self.readings[contact.text]


def fit_joined(thirds: Thirds, fold: int) -> KnownReader:
    """Join what both readers say of each contact, neither of which had seen its author.

    Scales and joint are fitted on the other two thirds alone.

    Raises:
        CannotRunError: If a checkpoint is missing.
    """
    logits, linear, lessons = _logits(thirds), _linear(thirds), examples(thirds.contacts)
    taught = [i for i, own in enumerate(thirds.folds) if own != fold]
    scales = fit_scales([lessons[i] for i in taught], [logits[i] for i in taught])
    ours = [
        to_reading(each, scales, ppn=bool(lesson.form))
        for each, lesson in zip(logits, lessons, strict=True)
    ]
    pair = [ours[i] for i in taught], [linear[i] for i in taught]
    ruled = _ruled(thirds)
    joint = fit_joint(
        thirds.train(fold),
        *pair,
        flags=read_run(CONFIG).flags,
        ruled=[ruled[i] for i in taught],
    )
    readings = {
        contact.text: join(
            ours[i], linear[i], joint, document=read_document(contact.text), ruled=ruled[i]
        )
        for i, contact in enumerate(thirds.contacts)
        if thirds.folds[i] == fold
    }
    return KnownReader("joined, authors left out", joint.thresholds, readings)


@cache
def _ruled(thirds: Thirds) -> list[tuple[FlagFinding, ...]]:
    return find_ruled(thirds.contacts)


@cache
def _linear(thirds: Thirds) -> list[Reading]:
    readers = {fold: linear_reader(thirds, fold) for fold in range(FOLDS)}
    return [
        readers[fold].read(Contact(c.text, c.form, c.agency), read_document(c.text))
        for c, fold in zip(thirds.contacts, thirds.folds, strict=True)
    ]


@cache
def _logits(thirds: Thirds) -> list[Logits]:
    """What the network that had not read its author answers about each contact."""
    paths = [thirds.checkpoints / f"fold_{fold}.pt" for fold in range(FOLDS)]
    missing = [path.name for path in paths if not path.exists()]
    if missing:
        raise CannotRunError(
            f"the folder of checkpoints has no {', '.join(missing)}; make them with: "
            f"python -m models.transformer models/configs/{CONFIG.name} --base DIR --work DIR"
        )
    answers: dict[int, Logits] = {}
    for fold, path in enumerate(paths):
        places = np.flatnonzero(np.array(thirds.folds) == fold).tolist()
        answers |= dict(zip(places, _answers(thirds, fold, path), strict=True))
    return [answers[i] for i in range(len(thirds.contacts))]


def _answers(thirds: Thirds, fold: int, path: Path) -> list[Logits]:
    torch.set_num_threads(1)
    network = Network(read_run(CONFIG))
    network.load_state_dict(torch.load(path, weights_only=True)["averaged"])
    train = thirds.train(fold)
    asked = examples(thirds.test(fold))
    return answer_as_served(network, asked, base=base_folder(), known=known_of(train))
