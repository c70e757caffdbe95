package dev.parlance.server.http;

import dev.parlance.config.UserError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The certificate and key of a server, in two PEM files that may change while it runs. */
final class Tls {
    private final Path cert;
    private final Path key;
    private @Nullable FileTime certTime;
    private @Nullable FileTime keyTime;

    private Tls(Path cert, Path key) {
        this.cert = cert;
        this.key = key;
    }

    /** What the settings say; empty if the server speaks plain HTTP. */
    static Optional<Tls> of(SecurityOptions security) {
        String cert = security.tlsCert();
        String key = security.tlsKey();
        return cert == null || key == null ? Optional.empty() : Optional.of(new Tls(Path.of(cert), Path.of(key)));
    }

    /** Makes a server speak TLS 1.3 or 1.2, and HTTP/2 with clients that can. */
    void apply(HttpServerOptions options) {
        options.setSsl(true).setUseAlpn(true).setKeyCertOptions(read());
    }

    /** The options for new connections if one of the files has changed, else empty. */
    Optional<ServerSSLOptions> changed() {
        try {
            if (Files.getLastModifiedTime(cert).equals(certTime)
                    && Files.getLastModifiedTime(key).equals(keyTime)) {
                return Optional.empty();
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return Optional.of(new ServerSSLOptions()
                .setKeyCertOptions(read())
                .setUseAlpn(true)
                .setApplicationLayerProtocols(List.of("h2", "http/1.1")));
    }

    private PemKeyCertOptions read() {
        try {
            certTime = Files.getLastModifiedTime(cert);
            keyTime = Files.getLastModifiedTime(key);
            String keyText = Files.readString(key);
            if (!keyText.contains("-----BEGIN") || !keyText.contains("PRIVATE KEY-----")) {
                throw new UserError(key + " holds no PEM key, expected a line with BEGIN PRIVATE KEY");
            }
            return new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(Files.readAllBytes(cert)))
                    .addKeyValue(Buffer.buffer(keyText));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private UserError unreadable(IOException e) {
        return new UserError("the certificate " + cert + " or its key " + key + " cannot be read: " + e, e);
    }
}
