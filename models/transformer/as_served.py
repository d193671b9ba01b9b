"""What a network answers of sentences as the served reader reads them: as of anybody.

A network learns from sentences as they stand, and answers a little differently of one name and one
sex for all; scales, thresholds and figures are of the answers that will be given.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from annotation.labels import LabelledContact
from models.transformer.batches import cache_tokens
from models.transformer.encoding import open_tokenizer, token_ids
from models.transformer.reader import TOKENIZER
from models.transformer.targets import Example
from models.transformer.training import Logits, Network, answer
from models.words import as_of_anybody, find_known


def known_of(contacts: Sequence[LabelledContact]) -> frozenset[str]:
    """Give the words of *contacts* that are not names (`models.words.find_known`)."""
    people = chain.from_iterable(contact.people for contact in contacts)
    return find_known((contact.text for contact in contacts), names=people)


def answer_as_served(
    network: Network, examples: Sequence[Example], *, base: Path, known: frozenset[str]
) -> list[Logits]:
    """Give what *network* answers about each example, in order.

    Args:
        network: A trained network.
        examples: With their sentences as they stand.
        base: Folder of the published encoder, for its tokeniser.
        known: The words that are not names.
    """
    tokenizer = open_tokenizer(base / TOKENIZER)
    tokens = [
        token_ids(tokenizer, [as_of_anybody(text, known=known) for text in example.texts])
        for example in examples
    ]
    return answer(network, cache_tokens(network.encoder, tokens), list(enumerate(examples)))
