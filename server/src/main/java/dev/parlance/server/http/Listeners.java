package dev.parlance.server.http;

import dev.parlance.config.UserError;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets: one listener for each event loop, all on one port. */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final int STREAMS = 128;

    private final Vertx vertx;
    private final ServerOptions options;
    private final Optional<Tls> tls;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final Consumer<HttpConnection> connected;
    private final BiConsumer<HttpServerRequest, Context> requested;

    Listeners(
            Vertx vertx,
            ServerOptions options,
            Consumer<HttpConnection> connected,
            BiConsumer<HttpServerRequest, Context> requested) {
        this.vertx = vertx;
        this.options = options;
        this.tls = Tls.of(options.security());
        this.connected = connected;
        this.requested = requested;
    }

    /** Threads for connections, without the file cache, so that a file system that is read-only will do. */
    static Vertx vertx(OperationOptions operations) {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(operations.eventLoopThreads())
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    /**
     * Opens them and returns the port.
     *
     * @throws UserError if the address cannot be used
     */
    int open() {
        HttpServerOptions http = httpOptions();
        DeploymentOptions each =
                new DeploymentOptions().setInstances(options.operations().eventLoopThreads());
        try {
            vertx.deployVerticle(() -> new Listener(http), each)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw unusable(e);
        }
        return servers.get(0).actualPort();
    }

    /** Takes no more connections, and ends those that there are when their requests are answered or the time is over. */
    void shutdown(Duration most) {
        Future.join(servers.stream()
                        .map(server -> server.shutdown(Math.max(1, most.toMillis()), TimeUnit.MILLISECONDS))
                        .toList())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Uses a new certificate for new connections; a broken one is told of, and the old one stays. */
    void renewCertificate() {
        try {
            Optional<ServerSSLOptions> changed = tls.flatMap(Tls::changed);
            changed.ifPresent(ssl ->
                    servers.forEach(server -> server.updateSSLOptions(ssl).onComplete(done -> {
                        if (done.failed()) {
                            LOG.error("the new certificate is not used: {}", String.valueOf(done.cause()));
                        }
                    })));
            if (changed.isPresent()) {
                LOG.info("the certificate has changed and is used for new connections");
            }
        } catch (UserError e) {
            LOG.error("the new certificate is not used: {}", e.getMessage());
        }
    }

    private HttpServerOptions httpOptions() {
        LimitOptions limits = options.limits();
        HttpServerOptions http = new HttpServerOptions()
                .setHost(options.hostname())
                .setPort(options.port() == 0 ? -1 : options.port()) // -1: one free port for all listeners
                .setMaxInitialLineLength(limits.maxRequestLine())
                .setMaxHeaderSize(limits.maxHeaderBytes())
                .setDecompressionSupported(false)
                .setCompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHandle100ContinueAutomatically(false)
                .setTcpNoDelay(true)
                .setAcceptBacklog(1024)
                .setSslHandshakeTimeout(limits.headerTimeout().millis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(STREAMS)
                        .setMaxHeaderListSize(limits.maxHeaderBytes()));
        tls.ifPresent(files -> files.apply(http));
        return http;
    }

    private UserError unusable(CompletionException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String where = "port " + options.port() + " of " + options.hostname();
        if (cause instanceof BindException) {
            String reason = String.valueOf(cause.getMessage());
            String why = reason.contains("in use")
                    ? " is in use"
                    : reason.contains("denied") ? " may not be used by this user" : " cannot be listened at: " + reason;
            return new UserError(
                    where + why + "; choose another with --port or --hostname, or 0 for a free port", cause);
        }
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return new UserError(
                    options.hostname() + " is no address of this machine, expected one such as 127.0.0.1 or 0.0.0.0",
                    cause);
        }
        if (tls.isPresent()) {
            return new UserError(where + " cannot be listened at with security.tls_cert and tls_key: " + cause, cause);
        }
        return new UserError(where + " cannot be listened at: " + cause, cause);
    }

    /** One of them: all of it on one event loop. */
    private final class Listener extends AbstractVerticle {
        private final HttpServerOptions http;

        Listener(HttpServerOptions http) {
            this.http = http;
        }

        @Override
        public void start(Promise<Void> started) {
            HttpServer server = vertx.createHttpServer(http);
            server.connectionHandler(connected::accept);
            server.requestHandler(request -> requested.accept(request, Vertx.currentContext()));
            server.invalidRequestHandler(InvalidRequest::answer);
            server.exceptionHandler(e -> LOG.debug("a connection failed before its first request", e));
            Future<HttpServer> listening = server.listen();
            listening.onComplete(done -> {
                if (done.succeeded()) {
                    servers.add(server);
                    started.complete();
                } else {
                    started.fail(done.cause());
                }
            });
        }
    }
}
