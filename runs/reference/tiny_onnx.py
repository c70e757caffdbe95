"""Writes the ONNX files that the tests run: logits that can be computed by hand.

    python runs/reference/tiny_onnx.py

Needs `onnx` and `numpy` (made with onnx 1.23.2). Logits are the mean over a text's tokens of
sin(3 * (id mod 16) + label) + type id / 2, for three labels. Writes core/src/test/resources/dev/parlance/predict.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OUT = Path(__file__).resolve().parents[2] / "core/src/test/resources/dev/parlance/predict"


def tiny():
    table = np.sin(np.arange(48, dtype=np.float64)).astype(np.float32).reshape(16, 3)
    constants = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array(16, dtype=np.int64), "sixteen"),
        numpy_helper.from_array(np.array(0.5, dtype=np.float32), "half"),
        numpy_helper.from_array(np.array([1], dtype=np.int64), "axis_1"),
        numpy_helper.from_array(np.array([2], dtype=np.int64), "axis_2"),
    ]
    nodes = [
        helper.make_node("Mod", ["input_ids", "sixteen"], ["rows"]),
        helper.make_node("Gather", ["table", "rows"], ["scores"]),
        helper.make_node("Cast", ["token_type_ids"], ["types"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["types", "half"], ["halves"]),
        helper.make_node("Unsqueeze", ["halves", "axis_2"], ["shift"]),
        helper.make_node("Add", ["scores", "shift"], ["shifted"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "axis_2"], ["mask_3"]),
        helper.make_node("Mul", ["shifted", "mask_3"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "axis_1"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "axis_1"], ["count"], keepdims=1),
        helper.make_node("Div", ["sum", "count"], ["logits"]),
    ]
    names = ["input_ids", "attention_mask", "token_type_ids"]
    return model(nodes, names, TensorProto.INT64, ["batch", "sequence"], ["batch", 3], constants)


def foreign():
    """An input that no text model has."""
    node = helper.make_node("Identity", ["pixels"], ["logits"])
    return model([node], ["pixels"], TensorProto.FLOAT, ["batch", 3], ["batch", 3], [])


def model(nodes, inputs, kind, shape, output_shape, constants):
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, kind, shape) for name in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, output_shape)],
        constants,
    )
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(result)
    return result


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    onnx.save(tiny(), OUT / "tiny.onnx")
    onnx.save(foreign(), OUT / "foreign.onnx")
