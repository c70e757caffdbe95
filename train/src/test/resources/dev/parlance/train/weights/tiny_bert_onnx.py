"""Writes tiny-bert.onnx: the parts of a BERT encoder's graph that hold weights, named as PyTorch's exporter names them.

Every initializer holds 0, 1, 2, ... in row-major order. Needs Python's onnx (made with 1.23.2) and numpy.
"""
import numpy as np
import onnx
from onnx import helper, numpy_helper, TensorProto

VOCAB, HIDDEN, HEADS, WIDE, POSITIONS, TYPES = 6, 4, 2, 8, 3, 2
nodes, initializers = [], []


def initializer(name, *shape, dtype=np.float32):
    initializers.append(numpy_helper.from_array(np.arange(np.prod(shape), dtype=dtype).reshape(shape), name))


def constant(name, value):
    nodes.append(helper.make_node("Constant", [], [name + "_output_0"], name, value=numpy_helper.from_array(value)))


def linear(index, layer, inputs, outputs):
    path = "/" + layer.replace(".", "/").replace("layer/0", "layer.0")
    initializer(layer + ".bias", outputs)
    initializer(f"onnx::MatMul_{index}", inputs, outputs)
    nodes.append(helper.make_node("MatMul", ["x", f"onnx::MatMul_{index}"], [path + "/MatMul_output_0"], path + "/MatMul"))
    nodes.append(helper.make_node("Add", [layer + ".bias", path + "/MatMul_output_0"], [path + "/Add_output_0"], path + "/Add"))


initializer("embeddings.position_ids", 1, POSITIONS, dtype=np.int64)
initializer("embeddings.word_embeddings.weight", VOCAB, HIDDEN)
initializer("embeddings.position_embeddings.weight", POSITIONS, HIDDEN)
initializer("embeddings.token_type_embeddings.weight", TYPES, HIDDEN)
constant("/embeddings/LayerNorm/Constant_1", np.float32(1e-12))
constant("/encoder/layer.0/attention/self/Constant_2", np.array([HEADS], np.int64))
constant("/encoder/layer.0/attention/self/Constant_3", np.array([HIDDEN // HEADS], np.int64))
for index, part in enumerate(["self.query", "self.key", "self.value", "output.dense"]):
    linear(index, "encoder.layer.0.attention." + part, HIDDEN, HIDDEN)
linear(4, "encoder.layer.0.intermediate.dense", HIDDEN, WIDE)
linear(5, "encoder.layer.0.output.dense", WIDE, HIDDEN)
for norm in ["embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"]:
    initializer(norm + ".LayerNorm.weight", HIDDEN)
    initializer(norm + ".LayerNorm.bias", HIDDEN)
x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, HIDDEN])
graph = helper.make_graph(nodes, "tiny", [x], [x], initializers)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)]), "tiny-bert.onnx")
