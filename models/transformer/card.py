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
anything about a child. A person decides. **Nobody may rely on the absence of a flag.**

**How it is made.** Each sentence is read by the lower {layers} of the 6 layers of MiniLM-L6, the
upper {trained} of which are fine-tuned; two transformer layers read the sentence vectors in order;
every label has a linear head. The sender's agency is not read. Served on onnxruntime in 8 bits.

**Base weights.** sentence-transformers/all-MiniLM-L6-v2, Apache-2.0, SHA-256 of the safetensors
`{base_weights}`. They were trained on a thousand
million pairs of texts from the web, among them MS MARCO, whose terms are for research.

**Safety flags** are held for present from a probability of {held_from} in the contact, and the
likeliest of a contact from {likeliest_from}, by this reader, the rulebook and what both readers say
of the whole, where a rule finds them or this reader gives a sentence {seen_from} or more. What a
rule finds, is not so probable and has less than {doubted_below} in every sentence raises no alert
and stays on the page as words to read.

**What says nothing of any child** (footers, policy, claims that all is told) is found by a linear
model over the words and the vector of a sentence, fitted on {hollow_texts} texts, fingerprint
`{hollow_texts_fingerprint}`, and set aside unread.

**Trained on** {contacts} contacts, fingerprint
`{corpus}`, on {contrasts} in contrast sets,
which teach all but elements, fingerprint
`{contrasts_fingerprint}`, and on {flag_texts} texts that
teach flags alone, fingerprint `{flag_texts_fingerprint}`. Every text is fictional
and machine-written, and no practitioner has labelled one: **validate it on local contacts and run
it silently before anyone sees it.** The dev split was not used for training, thresholds or choices.

## Figures on authors left out

On {left_out_contacts} contacts, by {networks} networks, each trained without some of the authors.
The transformer alone is judged at its plain thresholds, and flags, domains, reasons and the best
PPN F1 at the one threshold that suits them best. The product serves it joined with the linear
reader (`joint.json` tells how much what each says weighs), here trained without the same authors
and joined as was best for the other authors.

Of all labels, {flips:.2%} are said otherwise by the served 8-bit graphs than by the network that
was trained (level: {level_flips:.2%}).

| measure | transformer alone | joined |
|---|---|---|
{figures}
"""


def write_card(record: Mapping[str, Any]) -> str:
    """Give the card of the run that *record* tells of."""
    run = record["run"]
    joined = record["joined_left_out"]
    figures = [
        f"| {name.replace('_', ' ')} | {alone:.3f} | {joined[name]:.3f} |"
        for name, alone in record["left_out"].items()
    ]
    return _WORDS.format(
        version=run["version"],
        trained=run["layers"] - run["frozen"],
        layers=run["layers"],
        left_out_contacts=record["left_out_contacts"],
        networks=record["networks"],
        base_weights=record["base_weights"],
        contacts=record["contacts"],
        corpus=record["corpus"],
        contrasts=record["contrasts"],
        contrasts_fingerprint=record["contrasts_fingerprint"],
        flag_texts=record["flag_texts"],
        flag_texts_fingerprint=record["flag_texts_fingerprint"],
        hollow_texts=record["hollow_texts"],
        hollow_texts_fingerprint=record["hollow_texts_fingerprint"],
        **run["flags"],
        flips=record["flips"]["all"],
        level_flips=record["flips"]["level"],
        figures="\n".join(figures),
    )
