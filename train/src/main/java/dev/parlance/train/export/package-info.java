/**
 * Models as ONNX files, traced from the forward that trains. Read {@link dev.parlance.train.export.OnnxExporter} first.
 *
 * <pre>{@code
 * OnnxExporter.exportClassifier(model, directory.resolve("model.onnx"));
 * }</pre>
 *
 * <p>No running of ONNX files goes here: that is core's OnnxModel.
 */
@NullMarked
package dev.parlance.train.export;

import org.jspecify.annotations.NullMarked;
