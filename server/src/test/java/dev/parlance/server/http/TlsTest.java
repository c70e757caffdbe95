package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a certificate that {@code keytool} has made for the test. */
@Timeout(120)
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path directory;

    @Test
    void speaks_http_2_and_http_1_1_over_tls() throws Exception {
        KeyStore store = certificate("first");
        try (Served served = served()) {
            assertThat(served.server.address().toString()).isEqualTo("https://127.0.0.1:" + served.port() + "/");
            for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_2, HttpClient.Version.HTTP_1_1)) {
                HttpClient client = HttpClient.newBuilder()
                        .version(version)
                        .sslContext(trusting(store))
                        .build();
                URI uri = URI.create("https://localhost:" + served.port() + "/echo");
                HttpRequest request = HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\":\"a\"}"))
                        .build();
                var response = client.send(request, BodyHandlers.ofString());
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.version()).isEqualTo(version);
                assertThat(response.body()).contains("\"inputs\":\"a\"");
                HttpRequest wrong = HttpRequest.newBuilder(uri)
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("a".repeat(50_000)))
                        .build();
                assertThat(client.send(wrong, BodyHandlers.ofString()).statusCode())
                        .isEqualTo(415);
            }
        }
    }

    @Test
    void plain_http_is_not_answered_at_a_port_of_tls() throws Exception {
        certificate("first");
        try (Served served = served();
                RawHttp raw = new RawHttp(served.port())) {
            raw.send(RawHttp.get("/health"));
            assertThat(raw.readAll()).doesNotContain("HTTP/1.1 200");
        }
    }

    @Test
    void a_new_certificate_is_used_without_a_restart() throws Exception {
        KeyStore first = certificate("first");
        try (Served served = served()) {
            assertThat(subject(served.port(), first)).contains("first");
            KeyStore second = certificate("second");
            FileTime later = FileTime.from(Instant.now().plusSeconds(5));
            Files.setLastModifiedTime(directory.resolve("cert.pem"), later);
            Files.setLastModifiedTime(directory.resolve("key.pem"), later);
            String subject = "";
            for (int i = 0; i < 200 && !subject.contains("second"); i++) {
                TimeUnit.MILLISECONDS.sleep(100);
                try {
                    subject = subject(served.port(), second);
                } catch (IOException e) {
                    subject = ""; // still the old one, which is not trusted
                }
            }
            assertThat(subject).contains("second");
        }
    }

    @Test
    void files_that_are_no_pem_are_refused_at_the_start() throws IOException {
        Files.writeString(directory.resolve("cert.pem"), "no certificate");
        Files.writeString(directory.resolve("key.pem"), "no key");
        assertThatThrownBy(this::served).isInstanceOf(UserError.class).hasMessageContaining("key.pem");
        Files.delete(directory.resolve("key.pem"));
        assertThatThrownBy(this::served).isInstanceOf(UserError.class).hasMessageContaining("cannot be read");
    }

    private Served served() {
        return Served.start(options -> options.withSecurity(new SecurityOptions(
                List.of(),
                0,
                0,
                List.of(),
                directory.resolve("cert.pem").toString(),
                directory.resolve("key.pem").toString())));
    }

    private static String subject(int port, KeyStore trusted) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = (SSLSocket) trusting(trusted).getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private static SSLContext trusting(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore certificates;
        try {
            certificates = KeyStore.getInstance("PKCS12");
            certificates.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        certificates.setCertificateEntry("server", store.getCertificate("server"));
        trust.init(certificates);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Makes a key pair and writes it as the two PEM files. */
    private KeyStore certificate(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        pem("cert.pem", "CERTIFICATE", store.getCertificate("server").getEncoded());
        pem("key.pem", "PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded());
        return store;
    }

    private void pem(String file, String kind, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                directory.resolve(file), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }
}
