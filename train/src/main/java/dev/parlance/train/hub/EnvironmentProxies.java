package dev.parlance.train.hub;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proxies as curl and Python take them from the environment: HTTPS_PROXY and HTTP_PROXY by the scheme of the address, else
 * ALL_PROXY; NO_PROXY lists hosts, {@code .suffixes} and {@code *} that are reached directly. Lower case wins over upper
 * case. Where the environment names no proxy, Java's own settings decide ({@code -Dhttps.proxyHost}).
 */
final class EnvironmentProxies extends ProxySelector {
    private static final int DEFAULT_PORT = 1080; // curl's

    private final @Nullable Proxy https;
    private final @Nullable Proxy http;
    private final List<String> direct = new ArrayList<>();

    EnvironmentProxies(Map<String, String> environment) {
        Proxy all = proxy(environment, "ALL_PROXY");
        Proxy forHttps = proxy(environment, "HTTPS_PROXY");
        Proxy forHttp = proxy(environment, "HTTP_PROXY");
        https = forHttps == null ? all : forHttps;
        http = forHttp == null ? all : forHttp;
        for (String host :
                value(environment, "NO_PROXY").toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
            if (!host.isEmpty()) {
                direct.add(host.replaceFirst("^\\*?\\.", ".").replaceFirst(":\\d+$", ""));
            }
        }
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (direct.stream().anyMatch(entry -> covers(entry, host))) {
            return List.of(Proxy.NO_PROXY);
        }
        Proxy proxy = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
        if (proxy != null) {
            return List.of(proxy);
        }
        ProxySelector java = ProxySelector.getDefault();
        return java == null ? List.of(Proxy.NO_PROXY) : java.select(uri);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {} // the request itself says so

    private static boolean covers(String entry, String host) {
        String domain = entry.startsWith(".") ? entry : "." + entry;
        return entry.equals("*") || ("." + host).endsWith(domain);
    }

    private static String value(Map<String, String> environment, String name) {
        String lower =
                environment.getOrDefault(name.toLowerCase(Locale.ROOT), "").strip();
        return lower.isEmpty() ? environment.getOrDefault(name, "").strip() : lower;
    }

    private static @Nullable Proxy proxy(Map<String, String> environment, String name) {
        String text = value(environment, name);
        if (text.isEmpty()) {
            return null;
        }
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            if (uri.getHost() != null && "http".equalsIgnoreCase(uri.getScheme()) && uri.getUserInfo() == null) {
                int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
                return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
            }
        } catch (IllegalArgumentException e) {
            throw unusable(name); // the cause's message would repeat the value, which may hold a password
        }
        throw unusable(name);
    }

    private static UserError unusable(String name) {
        return new UserError(
                name + " is no proxy that downloads can use: expected http://HOST:PORT without a user name;"
                        + " correct or unset it");
    }
}
