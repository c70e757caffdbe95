/**
 * Models as ONNX files, traced from the forward that trains. {@link dev.parlance.train.export.OnnxExporter} traces
 * layers, {@link dev.parlance.train.export.ModelExport} exports a finished model, in 32 or 8 bits. Read the first, then
 * {@code GraphEditor}, on which fusions and quantization work.
 *
 * <pre>{@code
 * OnnxExporter.exportClassifier(model, directory.resolve("model.onnx"));
 * ExportResult result = ModelExport.run(request, store, progress);
 * }</pre>
 *
 * <p>No binding of ONNX Runtime goes here: that is core's OnnxModel.
 */
@NullMarked
package dev.parlance.train.export;

import org.jspecify.annotations.NullMarked;
