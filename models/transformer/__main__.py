"""Train the transformer reader and write its released folder.

``python -m models.transformer models/configs/transformer.toml --base DIR``; under an hour on
two processor cores. A run that was cut off goes on from its checkpoints.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from annotation.contrast_sets import load_contrasts
from annotation.corpus import load_train
from annotation.flag_sentences import load_flag_sentences
from annotation.hollow_texts import load_hollow_texts
from models.config import load_config
from models.transformer.config import read_run
from models.transformer.release import release
from nlp.errors import ReferralQualityError

MODELS = Path(__file__).parents[1]
RELEASED = MODELS / "released" / "transformer"
LINEAR = MODELS / "configs" / "tfidf.toml"


def main(arguments: list[str] | None = None) -> int:
    """Run the command of the given arguments; 0 where all is well."""
    parser = argparse.ArgumentParser(prog="python -m models.transformer", description=__doc__)
    parser.add_argument("config", type=Path, help="the training run, a TOML file")
    parser.add_argument("--linear", type=Path, default=LINEAR, help="run of the linear reader")
    parser.add_argument("--base", type=Path, required=True, help="folder of the published encoder")
    parser.add_argument("--work", type=Path, default=Path("checkpoints"), help="for checkpoints")
    parser.add_argument("--output", type=Path, default=RELEASED, help="folder of the reader")
    chosen = parser.parse_args(arguments)
    run = read_run(chosen.config)
    try:
        record = release(
            run,
            load_train(),
            contrasts=load_contrasts() if run.contrasts else (),
            flag_texts=load_flag_sentences(),
            hollow_texts=load_hollow_texts(),
            linear=load_config(chosen.linear),
            base=chosen.base,
            work=chosen.work,
            folder=chosen.output,
        )
    except ReferralQualityError as error:
        print(error, file=sys.stderr)
        return 1
    for name, value in record["joined_left_out"].items():
        print(f"{name:24}{value:6.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
