"""Make a candidate: a whole reader's folder in which some parts are new and the others as before.

Only the linear reader learns from local contacts: the transformer needs torch and hours. The share
of each in their common answer, and its scales, stay as they were fitted on authors that neither
had seen; the linear reader's own probabilities are calibrated anew when it is trained. On half the
contacts of each of three authors (54, 54 and 27; the other half learnt, the transformer's readings
left out), plausible sets held the level and child protection as often as before or more often; the
calibration error of the level rose by 0.02 to 0.03 each time, which the gate looks at.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from annotation.corpus import fingerprint, load_train
from annotation.labels import LabelledContact
from models.artefact import load_manifest
from models.local.splitting import hash_text
from models.predict import load_reader
from models.whole import LEARNT, TFIDF, TRANSFORMER, check_whole, read_learnt
from nlp.errors import ArtefactError


def refuse_existing(folder: Path) -> None:
    """Stop a candidate from being mixed with another.

    Raises:
        ArtefactError: If there is anything in *folder*.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ArtefactError(f"{folder.name} is not empty; give the candidate a folder of its own")


def complete_candidate(folder: Path, *, base: Path, learnt_from: Iterable[LabelledContact]) -> str:
    """Add to the new linear reader in *folder* what it needs to serve; give the reader's name.

    Args:
        folder: Holds the new linear reader alone.
        base: The folder of a whole reader, whose other parts are copied.
        learnt_from: What the new linear reader learnt from.

    Raises:
        ArtefactError: If either folder is damaged.
    """
    kept = [part for part in check_whole(base) if part == TRANSFORMER]
    for part in kept:
        shutil.copytree(base / part, folder / part)
    texts = {hash_text(contact.text) for contact in learnt_from}
    if kept:
        texts |= texts_learnt(base) or frozenset()
    content = json.dumps({"texts": sorted(texts)}, indent=0) + "\n"
    (folder / LEARNT).write_text(content, encoding="utf-8")
    check_whole(folder)
    return load_reader(released=folder).name


def texts_learnt(folder: Path) -> frozenset[str] | None:
    """Give the hashes of what the reader in *folder* has learnt from, or None if nobody knows.

    The reader that is shipped does not list them: it has learnt from the corpus.
    """
    learnt = read_learnt(folder)
    if learnt is not None:
        return learnt.texts
    corpus = load_train()
    if load_manifest(folder / TFIDF).corpus.get("fingerprint") != fingerprint(corpus):
        return None
    return frozenset(hash_text(contact.text) for contact in corpus)
