package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckTest {
    @ParameterizedTest
    @CsvSource({"200, true", "503, false", "401, false"})
    void a_server_is_well_if_it_answers_200(int status, boolean well) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(HealthCheck.isWell(HealthCheck.local(
                            Map.of("PORT", Integer.toString(server.getAddress().getPort())))))
                    .isEqualTo(well);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void nothing_that_listens_is_not_well() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(HealthCheck.isWell(URI.create("http://127.0.0.1:" + port + "/health")))
                .isFalse();
    }

    @Test
    void asks_the_default_port_if_the_environment_names_none() {
        assertThat(HealthCheck.local(Map.of())).hasToString("http://127.0.0.1:8080/health");
    }
}
