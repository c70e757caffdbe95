package dev.parlance.server.http;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks a few times a second for what has taken too long; cheaper than a timer for each request. */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long PERIOD_MILLIS = 100;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "parlance-http-watchdog");
        thread.setDaemon(true);
        return thread;
    });
    private final Gate gate;
    private final Runnable seldom;
    private int rounds;

    /**
     * Starts to look.
     *
     * @param seldom what is to be done every five seconds
     */
    Watchdog(Gate gate, Runnable seldom) {
        this.gate = gate;
        this.seldom = seldom;
        tellTime();
        clock.scheduleWithFixedDelay(this::round, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            tellTime();
            long now = System.nanoTime();
            gate.exchanges.forEach(exchange -> exchange.check(now));
            gate.connections.values().forEach(connection -> connection.check(now, gate.limits));
            rounds++;
            if (rounds % 50 == 0) {
                seldom.run();
            }
        } catch (RuntimeException e) {
            LOG.error("the watchdog goes on after a failure", e);
        }
    }

    private void tellTime() {
        gate.date(DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
