package dev.parlance.server.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;

/**
 * Asks a server whether it is well, for containers without a shell and curl. Its process ends with 0 if the server answers 200 to
 * {@code /health}, else with 1. It needs none of the server's libraries.
 */
public final class HealthCheck {
    private static final int TIMEOUT_MILLIS = 3_000;

    private HealthCheck() {}

    /** Takes a URL; without one, that of this machine and of the environment's {@code PORT}. */
    public static void main(String[] arguments) {
        URI uri = arguments.length > 0 ? URI.create(arguments[0]) : local(System.getenv());
        System.exit(isWell(uri) ? 0 : 1);
    }

    static URI local(Map<String, String> environment) {
        return URI.create("http://127.0.0.1:" + environment.getOrDefault("PORT", "8080") + "/health");
    }

    static boolean isWell(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) { // no server, or none that speaks HTTP
            return false;
        }
    }
}
