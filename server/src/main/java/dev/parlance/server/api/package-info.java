/**
 * What clients say and hear: the routes of each dialect, from JSON to a request of the engine and from its answer to JSON, and
 * the OpenAPI document of them all. Knows nothing of sockets. Read {@link dev.parlance.server.api.Routes} first; each dialect has
 * a class of routes and one of the records that it reads and writes, from which the document is made.
 *
 * <pre>{@code
 * for (Route route : Routes.of(engine)) {
 *     bind(route.method(), route.path(), route.handler());
 * }
 * }</pre>
 *
 * <p>No queueing and no threads go here: that is {@code engine}. Headers, keys and limits of a connection are the HTTP server's.
 */
@NullMarked
package dev.parlance.server.api;

import org.jspecify.annotations.NullMarked;
