package dev.parlance.server.api;

import dev.parlance.server.engine.Engine;
import java.util.List;

/** All routes of the server. */
public final class Routes {
    private Routes() {}

    /** The routes over an engine. */
    public static List<Route> of(Engine engine) {
        throw new UnsupportedOperationException();
    }
}
