"""The model card of a released transformer reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS = """\
# Model card: transformer {version}

**What it does.** Reads a contact to a children's front door (a referral or a police notification)
and gives calibrated probabilities: which sentences speak of each of 16 completeness elements and
raise a safety flag, the status of each element, the level of need, how far the text settles it, 29
need domains, urgency, and for a notification whether it looks inappropriate and why.

**What it is for.** Advice to the person who writes, and an order of reading for the person who
decides.

**What it must not be used for.** Closing, returning, refusing or delaying a contact; deciding
anything about a child. A person decides. The rulebook's safety flags do not wait for it.

**How it is made.** Each sentence is read by MiniLM-L6, whose upper {trained} layers are fine-tuned;
two transformer layers read the sentence vectors in order; every label has a linear head. The
sender's agency is not read. Served on onnxruntime in 8 bits.

**Base weights.** sentence-transformers/all-MiniLM-L6-v2, Apache-2.0, SHA-256 of the safetensors
`{base_weights}`. They were trained on a thousand
million pairs of texts from the web, among them MS MARCO, whose terms are for research.

**Trained on** {contacts} contacts; fingerprint
`{corpus}`. Every text is fictional
and machine-written, and no practitioner has labelled one: **validate it on local contacts and run
it silently before anyone sees it.** The dev split was not used for training, thresholds or choices.

## Figures on authors left out

The transformer alone, on {left_out_contacts} contacts, by {networks} network(s) trained without
their authors. Scales and thresholds were fitted on the same contacts, so F1 of flags, domains and
reasons is a little kind. The product serves it joined with the linear reader; `joint.json` tells
the transformer's share of each answer.

| measure | value |
|---|---|
{figures}
"""


def write_card(record: Mapping[str, Any]) -> str:
    """Give the card of the run that *record* tells of."""
    run = record["run"]
    figures = [f"| {name.replace('_', ' ')} | {x:.3f} |" for name, x in record["left_out"].items()]
    return _WORDS.format(
        version=run["version"],
        trained=6 - run["frozen"],
        left_out_contacts=record["left_out_contacts"],
        networks=record["networks"],
        base_weights=record["base_weights"],
        contacts=record["contacts"],
        corpus=record["corpus"],
        figures="\n".join(figures),
    )
