"""Writes the sentence encoder that the LangChain4j example is tested with: 16 words, of which those of like meaning have like vectors.

    python runs/reference/tiny_encoder.py

Needs `onnx` and `numpy` (made with onnx 1.23.2). A token's vector is its row of a table; nobody trained it. The tokenizer is that of
the command's self-test with other words. Writes examples/langchain4j/src/test/resources/tiny-encoder.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "examples/langchain4j/src/test/resources/tiny-encoder"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = ["the", "a", "is", "and", "my", "where", "late", "parcel", "package", "delivery", "kitten", "cat", "dog", "pet", "bill", "invoice"]
MEANING = {"where": 0, "late": 0, "parcel": 0, "package": 0, "delivery": 0, "kitten": 1, "cat": 1, "dog": 1, "pet": 1, "bill": 2, "invoice": 2}


def table():
    rows = np.random.default_rng(7).normal(scale=0.1, size=(len(SPECIAL) + len(WORDS), 8))
    for i, word in enumerate(WORDS):
        if word in MEANING:
            rows[len(SPECIAL) + i, MEANING[word]] += 1
    return rows.astype(np.float32)


def model():
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "tiny-encoder",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "sequence"])],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "sequence", 8])],
        [numpy_helper.from_array(table(), "table")],
    )
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(result)
    return result


def write(name, value):
    path = OUT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


if __name__ == "__main__":
    vocabulary = {word: i for i, word in enumerate(SPECIAL + WORDS)}
    tokenizer = json.loads((ROOT / "cli/src/main/resources/dev/parlance/cli/self-test/tokenizer.json").read_text())
    tokenizer["model"]["vocab"] = vocabulary
    write("tokenizer.json", tokenizer)
    write("config.json", {
        "architectures": ["BertModel"], "model_type": "bert", "hidden_size": 8, "max_position_embeddings": 64,
        "vocab_size": len(vocabulary), "pad_token_id": 0,
    })
    write("modules.json", [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ])
    write("1_Pooling/config.json", {"word_embedding_dimension": 8, "pooling_mode_mean_tokens": True, "include_prompt": True})
    onnx.save(model(), OUT / "model.onnx")
