"""Write the card that goes with a reader: what it is for, made from, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping

from models.tfidf import TfidfReader

_CARD = """# Model card: {name}

**What it does.** Reads a contact to a children's front door (a referral or a police notification)
and gives calibrated probabilities: which sentences speak of each of 16 completeness elements, the
status of each element, the level of need, how far the text settles it, 29 need domains, urgency,
and for a notification whether it looks inappropriate and why.

**What it is for.** Advice to the person who writes, and an order of reading for the person who
decides. It is the baseline of every other reader and the fallback where none can be loaded.

**What it must not be used for.** Closing, returning, refusing or delaying a contact; deciding
anything about a child. A person decides.

**How it is made.** TF-IDF of words, two and three words that follow each other, longer words near
each other and parts of words, each weighed by how well it alone tells the answers apart (Wang and
Manning 2012); linear support vector machines; Platt's calibration on authors that the machine had
not seen. Names, digits, and words
for sex and ethnic group are masked, and the sender's agency is not read, so that the same facts
get the same answer. It learns turns of phrase, not meaning: an unusual wording of a known fact can
be missed.

**Trained on** {contacts} contacts ({sentences} sentences) by {authors} authors; fingerprint
`{fingerprint}`{beside}. {texts}:
**validate it on local contacts and run it silently before anyone sees it.** The dev split was not
used for training, thresholds or choices.

**Size.** {features} features of a sentence, {whole} of a whole contact.

## Thresholds

Chosen for the best F1 on contacts by authors that the model had not seen.

| label | holds from |
|---|---|
{thresholds}

A level belongs to the plausible set from a probability of {any_level:.3f}; `child_protection` from
{protection:.3f}.

## Figures

On contacts by training authors that the model had not seen (groups of authors left out in turn,
thresholds chosen on the same contacts, so a little kind). The evaluation report has the figures
that count: dev, unread authors, and groups of authors left out.

| measure | value |
|---|---|
{figures}
"""


_FICTIONAL = "Every text is fictional and machine-written, and no practitioner has labelled one"
_LOCAL = (
    "{local} of them are a council's own. Words that stand in two of those or more may stand in "
    "this reader's files, so **keep the files as you keep the contacts**. The others are fictional "
    "and machine-written, and no practitioner has labelled one"
)
_BESIDE = ", and, all but elements, on {contrasts} in contrast sets"


def write_card(
    reader: TfidfReader, *, corpus: Mapping[str, str | int], figures: Mapping[str, float]
) -> str:
    """Give the card in Markdown."""
    thresholds = reader.thresholds
    texts = _LOCAL.format(local=corpus["local"]) if "local" in corpus else _FICTIONAL
    rows = [
        f"| `{label}` | {value:.2f} |"
        for family in (thresholds.elements, thresholds.domains, thresholds.reasons)
        for label, value in family.items()
    ]
    rows.append(f"| inappropriate | {thresholds.inappropriate:.2f} |")
    return _CARD.format(
        name=reader.name,
        texts=texts,
        beside=_BESIDE.format(contrasts=corpus["contrasts"]) if "contrasts" in corpus else "",
        features=len(reader.elements.coef),
        whole=len(reader.documents["level"].coef),
        thresholds="\n".join(rows),
        any_level=reader.level_sets.any_level,
        protection=reader.level_sets.child_protection,
        figures="\n".join(f"| {name} | {value:.3f} |" for name, value in figures.items()),
        **corpus,
    )
