import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests over many connections from one thread: at a fixed rate, whatever the server does (an open loop), or the next
 * as soon as an answer has come (a closed loop).
 *
 * <p>In an open loop a request is due at a time of its own, also if no connection is free by then, and its latency counts from
 * that time on. So a server that stalls is charged for the requests that it kept from being sent: what Gil Tene calls
 * coordinated omission does not happen.
 */
final class LoadLoop {
    private static final long MILLI = 1_000_000L;
    private static final long DRAIN_NANOS = 30_000 * MILLI;

    /**
     * What to send.
     *
     * @param requests whole requests, taken in turn
     * @param ratePerSecond of an open loop; 0 for a closed one
     * @param warmUpSeconds that are not measured
     * @param measuredSeconds after them
     * @param mostRequests ends the load earlier; 0 for no end but the time
     */
    record Plan(
            InetSocketAddress address,
            List<byte[]> requests,
            int connections,
            double ratePerSecond,
            double warmUpSeconds,
            double measuredSeconds,
            long mostRequests) {}

    private final Plan plan;
    private final LoadResult result = new LoadResult();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    private final List<Connection> all = new ArrayList<>();
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private final ArrayDeque<Long> due = new ArrayDeque<>();
    private long measureFrom;
    private long measureTo;
    private long sent;
    private int underWay;
    private volatile long answered;

    LoadLoop(Plan plan) {
        this.plan = plan;
    }

    /** Answers so far; may be read by other threads. */
    long answered() {
        return answered;
    }

    LoadResult run() throws IOException {
        try (Selector selector = Selector.open()) {
            connect(selector);
            long start = System.nanoTime();
            measureFrom = start + (long) (plan.warmUpSeconds() * 1e9);
            measureTo = measureFrom + (long) (plan.measuredSeconds() * 1e9);
            long dueCount = 0;
            long now = start;
            while (now < measureTo && (plan.mostRequests() == 0 || sent < plan.mostRequests())) {
                if (plan.ratePerSecond() > 0) {
                    long next = start + (long) (dueCount * 1e9 / plan.ratePerSecond());
                    for (; next <= now; next = start + (long) (++dueCount * 1e9 / plan.ratePerSecond())) {
                        due.add(next);
                    }
                    sendDue(selector);
                    waitUntil(selector, Math.min(next, measureTo));
                } else {
                    sendNext(selector, now);
                    selector.select(10);
                }
                handle(selector);
                now = System.nanoTime();
            }
            result.seconds = (Math.min(now, measureTo) - measureFrom) / 1e9;
            drain(selector);
        } finally {
            all.forEach(Connection::close);
        }
        return result;
    }

    private void connect(Selector selector) throws IOException {
        for (int i = 0; i < plan.connections(); i++) {
            all.add(Connection.open(selector, plan.address()));
        }
        long end = System.nanoTime() + DRAIN_NANOS;
        while (all.stream().anyMatch(connection -> !connection.connected())) {
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isConnectable()) {
                    ((Connection) key.attachment()).finishConnect();
                }
            }
            selector.selectedKeys().clear();
            if (System.nanoTime() > end) {
                throw new IOException("not all of " + plan.connections() + " connections could be made");
            }
        }
        free.addAll(all);
    }

    private void sendDue(Selector selector) throws IOException {
        while (!due.isEmpty() && !free.isEmpty()) {
            send(selector, free.poll(), due.poll());
        }
        result.mostWaiting = Math.max(result.mostWaiting, due.size());
    }

    private void sendNext(Selector selector, long now) throws IOException {
        while (!free.isEmpty() && (plan.mostRequests() == 0 || sent < plan.mostRequests())) {
            send(selector, free.poll(), now);
        }
    }

    private void send(Selector selector, Connection connection, long dueNanos) throws IOException {
        byte[] request = plan.requests().get((int) (sent++ % plan.requests().size()));
        underWay++;
        try {
            connection.send(request, dueNanos);
        } catch (IOException e) {
            lost(selector, connection, e);
        }
    }

    /** To the millisecond by the selector, which also wakes for answers, and the rest by sleeping. */
    private static void waitUntil(Selector selector, long time) throws IOException {
        long left = time - System.nanoTime();
        if (left >= MILLI) {
            selector.select(left / MILLI);
        } else {
            if (left > 0) {
                LockSupport.parkNanos(left);
            }
            selector.selectNow();
        }
    }

    private void handle(Selector selector) throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            Connection connection = (Connection) key.attachment();
            try {
                if (key.isConnectable()) {
                    connection.finishConnect();
                    free.add(connection);
                } else {
                    if (key.isWritable()) {
                        connection.write();
                    }
                    if (key.isReadable() && connection.read(buffer)) {
                        complete(selector, connection);
                    }
                }
            } catch (IOException e) {
                lost(selector, connection, e);
            }
        }
        selector.selectedKeys().clear();
    }

    private void complete(Selector selector, Connection connection) throws IOException {
        long now = System.nanoTime();
        underWay--;
        answered++; // one thread writes
        if (measured(connection)) {
            result.answered(connection, now, plan.ratePerSecond() > 0);
        }
        if (now >= measureFrom && now < measureTo) {
            result.arrived.merge(connection.status(), 1L, Long::sum);
        }
        if (connection.closes()) {
            replace(selector, connection);
        } else {
            free.add(connection);
        }
    }

    private boolean measured(Connection connection) {
        return connection.dueNanos >= measureFrom && connection.dueNanos < measureTo;
    }

    private void lost(Selector selector, Connection connection, IOException why) throws IOException {
        if (connection.busy) {
            underWay--;
            if (measured(connection)) {
                result.failed(why.getClass().getSimpleName() + ": " + why.getMessage());
            }
        } else if (why instanceof ConnectException) {
            result.failed("ConnectException: " + why.getMessage());
        }
        free.remove(connection);
        replace(selector, connection);
    }

    private void replace(Selector selector, Connection connection) throws IOException {
        connection.close();
        all.remove(connection);
        Connection fresh = Connection.open(selector, plan.address());
        all.add(fresh);
        if (fresh.connected()) {
            free.add(fresh);
        }
    }

    /** Waits for the answers that are under way; sends what is still due, since it counts. */
    private void drain(Selector selector) throws IOException {
        long start = System.nanoTime();
        long end = start + DRAIN_NANOS;
        while ((underWay > 0 || !due.isEmpty()) && System.nanoTime() < end) {
            sendDue(selector);
            selector.select(10);
            handle(selector);
        }
        result.drainSeconds = (System.nanoTime() - start) / 1e9;
        for (Connection connection : all) {
            if (connection.busy && measured(connection)) {
                result.failed("no answer");
            }
        }
        due.stream().filter(time -> time >= measureFrom).forEach(time -> result.failed("never sent"));
    }
}
