/**
 * Models that answer requests from many threads: a registry of versions that can be replaced while they work, and a queue that
 * forms batches. Knows nothing of HTTP. Read {@link dev.parlance.server.engine.Engine} first.
 *
 * <pre>{@code
 * engine.models().load(new ModelSpec("reviews", "1", Path.of("models/reviews")));
 * Answer answer = engine.submit(Request.of("reviews", List.of(Example.of("a fine film")))).join();
 * }</pre>
 *
 * <p>No JSON of a client's dialect goes here: that is {@code api}.
 */
@NullMarked
package dev.parlance.server.engine;

import org.jspecify.annotations.NullMarked;
