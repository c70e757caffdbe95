/**
 * A trained model as a directory in Hugging Face layout. Read {@link dev.parlance.bundle.ModelBundle} first.
 *
 * <pre>{@code
 * BundleWriter.write(Path.of("models/reviews"), false, contents, weights::save, exporter::export);
 * ModelBundle bundle = ModelBundle.open(Path.of("models/reviews"));
 * List<String> labels = bundle.task().labels();
 * }</pre>
 *
 * <p>No weights are read and nothing is computed here: this package knows files, not tensors.
 */
@NullMarked
package dev.parlance.bundle;

import org.jspecify.annotations.NullMarked;
