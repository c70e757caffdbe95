package dev.parlance.server.http;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks a few times a second for what has taken too long; cheaper than a timer for each request. */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long PERIOD_MILLIS = 100;
    private static final int SELDOM = 50;

    private final Gate gate;
    private final Runnable seldom;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts to look.
     *
     * @param seldom what is to be done every five seconds
     */
    Watchdog(Gate gate, Runnable seldom) {
        this.gate = gate;
        this.seldom = seldom;
        gate.date(now());
        this.thread = new Thread(this::watch, "parlance-http-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            for (int round = 1; !closed; round++) {
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
                look(round % SELDOM == 0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server closes
        }
    }

    private void look(boolean also) {
        try {
            gate.date(now());
            long nanos = System.nanoTime();
            gate.exchanges.forEach(exchange -> exchange.check(nanos));
            gate.connections.values().forEach(connection -> connection.check(nanos, gate.limits));
            if (also) {
                seldom.run();
            }
        } catch (RuntimeException e) {
            LOG.error("the watchdog goes on after a failure", e);
        }
    }

    private static String now() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
