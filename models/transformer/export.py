"""Write the trained network as two ONNX graphs, and smaller kinds of the first."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)

from models.transformer.document import HeadEnsemble
from models.transformer.document_outputs import OUTPUTS
from models.transformer.encoder import VECTOR, SentenceEncoder

OPSET = 17
BLOCK = 128


def export_encoder(encoder: SentenceEncoder, path: Path) -> None:
    """Token ids and mask (batch x tokens) to vectors (batch x ``VECTOR``), in float32."""
    ids = torch.ones(2, 7, dtype=torch.long)
    torch.onnx.export(
        encoder.eval(),
        (ids, ids),
        str(path),
        dynamo=False,
        opset_version=OPSET,
        input_names=["ids", "mask"],
        output_names=["vectors"],
        dynamic_axes={
            "ids": {0: "batch", 1: "tokens"},
            "mask": {0: "batch", 1: "tokens"},
            "vectors": {0: "batch"},
        },
    )


def export_heads(heads: HeadEnsemble, path: Path) -> None:
    """Vectors, mask and form of contacts to the logits of ``OUTPUTS``, in float32."""
    axes = {0: "batch", 1: "sentences"}
    by_sentence = ("vectors", "mask", "elements", "present", "mentioned", "assertions")
    torch.onnx.export(
        heads.eval(),
        (torch.zeros(2, 5, VECTOR), torch.ones(2, 5), torch.zeros(2, dtype=torch.long)),
        str(path),
        dynamo=False,
        opset_version=OPSET,
        input_names=["vectors", "mask", "form"],
        output_names=list(OUTPUTS),
        dynamic_axes={
            name: axes if name in by_sentence else {0: "batch"}
            for name in ("vectors", "mask", "form", *OUTPUTS)
        },
    )


def shrink_encoder(path: Path, smaller: Path) -> None:
    """Matrices in 8 bits, a scale a channel; those that narrow a layer by blocks of weights.

    The inputs of the narrowing matrices reach far out, and 8 bits of them bend the vectors: with
    all matrices in 8 bits twice as many labels flip, and it is no faster.
    """
    names = [node.name for node in onnx.load(path).graph.node if node.op_type == "MatMul"]
    quantize_dynamic(
        path,
        smaller,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gather"],
        nodes_to_exclude=[name for name in names if "/down/" in name],
    )
    _shrink_to_blocks(smaller)


def shrink_heads(path: Path, smaller: Path) -> None:
    """Weights by blocks in 8 bits."""
    quantize_dynamic(path, smaller, op_types_to_quantize=["Gather"])
    _shrink_to_blocks(smaller)


def _shrink_to_blocks(path: Path) -> None:
    """Weights that are still floats in 8 bits, a scale for each block; inputs stay floats."""
    options = DefaultWeightOnlyQuantConfig(
        block_size=BLOCK, is_symmetric=True, accuracy_level=4, bits=8
    )
    quantiser = MatMulNBitsQuantizer(onnx.load(path), algo_config=options)
    quantiser.process()
    quantiser.model.save_model_to_file(str(path))
