/**
 * The HTTP server: connections, bounds, keys, logs, metrics, shutting down. Read
 * {@link dev.parlance.server.http.ParlanceServer} first.
 *
 * <pre>{@code
 * ServerOptions options = ServerSettings.read(Path.of("serve.yaml"), System.getenv(), Map.of());
 * ParlanceServer server = ParlanceServer.start(options, Routes.of(engine), Telling.metrics(meters));
 * server.drain(); // when the process is told to end
 * }</pre>
 *
 * <p>Nothing of what a route says goes here: that is {@code api}.
 */
@NullMarked
package dev.parlance.server.http;

import org.jspecify.annotations.NullMarked;
