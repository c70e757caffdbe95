/**
 * The HTTP server: connections, bounds, keys, logs, metrics, shutting down. Read
 * {@link dev.parlance.server.http.ParlanceServer} first.
 *
 * <pre>{@code
 * try (ParlanceServer server = ParlanceServer.start(ServerOptions.read(Path.of("serve.yaml")))) {
 *     server.awaitEnd();
 * }
 * }</pre>
 *
 * <p>Nothing of what a route says goes here: that is {@code api}.
 */
@NullMarked
package dev.parlance.server.http;

import org.jspecify.annotations.NullMarked;
