package dev.parlance.train.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentProxiesTest {
    @Test
    void takes_the_proxy_of_the_scheme() {
        EnvironmentProxies proxies =
                new EnvironmentProxies(Map.of("HTTPS_PROXY", "http://one:3128", "http_proxy", "two:8080/"));
        assertThat(proxies.select(URI.create("https://hub.example/x"))).isEqualTo(at("one", 3128));
        assertThat(proxies.select(URI.create("http://hub.example/x"))).isEqualTo(at("two", 8080));
    }

    @Test
    void lower_case_wins_and_all_proxy_fills_the_gap() {
        EnvironmentProxies proxies = new EnvironmentProxies(
                Map.of("HTTPS_PROXY", "http://upper:1", "https_proxy", "http://lower:2", "ALL_PROXY", "http://all:3"));
        assertThat(proxies.select(URI.create("https://hub.example/x"))).isEqualTo(at("lower", 2));
        assertThat(proxies.select(URI.create("http://hub.example/x"))).isEqualTo(at("all", 3));
    }

    @ParameterizedTest
    @CsvSource({
        "hub.example, true",
        "files.hub.example, true",
        "nothub.example, false",
        "a.corp, true",
        "LOCALHOST, true",
        "elsewhere.org, false"
    })
    void no_proxy_lists_hosts_and_suffixes(String host, boolean direct) {
        EnvironmentProxies proxies = new EnvironmentProxies(
                Map.of("HTTPS_PROXY", "http://one:3128", "NO_PROXY", "hub.example:443, *.corp,localhost"));
        assertThat(proxies.select(URI.create("https://" + host + "/x")))
                .isEqualTo(direct ? List.of(Proxy.NO_PROXY) : at("one", 3128));
    }

    @Test
    void a_star_reaches_everything_directly() {
        EnvironmentProxies proxies = new EnvironmentProxies(Map.of("ALL_PROXY", "http://one:3128", "no_proxy", "*"));
        assertThat(proxies.select(URI.create("https://hub.example/x"))).containsExactly(Proxy.NO_PROXY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://one:1080", "http://user:secret@one:3128", "http://", "http://o ne:1"})
    void refuses_what_it_cannot_use_without_repeating_it(String value) {
        assertThatThrownBy(() -> new EnvironmentProxies(Map.of("HTTPS_PROXY", value)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("HTTPS_PROXY")
                .hasMessageContaining("http://HOST:PORT")
                .hasMessageNotContaining("secret");
    }

    private static List<Proxy> at(String host, int port) {
        return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)));
    }
}
