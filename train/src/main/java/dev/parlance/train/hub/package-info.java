/**
 * Pretrained models by name. Read {@link dev.parlance.train.hub.ModelStore} first.
 *
 * <pre>{@code
 * ModelStore store = ModelStore.fromEnvironment(System.getenv(), ProgressListener.NONE);
 * Path directory = store.resolve("minilm"); // config.json, model.safetensors, tokenizer.json, ...
 * }</pre>
 *
 * <p>Names become directories here, and nothing else: building an encoder from a directory is not this package's work.
 */
@NullMarked
package dev.parlance.train.hub;

import org.jspecify.annotations.NullMarked;
