import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP/1.1 connection that has at most one request under way. Reads answers that carry a Content-Length, and no more of
 * them than it must: a load generator that shares its processors with the server has to be cheap.
 */
final class Connection {
    private static final int MAX_HEAD_BYTES = 16384;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final byte[] head = new byte[MAX_HEAD_BYTES];
    private int headLength;
    private int bodyLeft = -1; // -1: the head is not complete
    private int status;
    private boolean closes;
    private boolean retryAfter;
    private ByteBuffer unsent = ByteBuffer.allocate(0);

    /** When the request under way was due, and when it was sent, by {@link System#nanoTime}. */
    long dueNanos;

    long sentNanos;
    boolean busy;

    private Connection(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    /** Begins to connect; the key tells when the connection stands. */
    static Connection open(Selector selector, InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
        Connection connection = new Connection(channel, key);
        key.attach(connection);
        if (channel.connect(address)) {
            key.interestOps(SelectionKey.OP_READ);
        }
        return connection;
    }

    boolean connected() {
        return channel.isConnected();
    }

    /** Completes the connection. */
    void finishConnect() throws IOException {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
    }

    void send(byte[] request, long due) throws IOException {
        busy = true;
        dueNanos = due;
        sentNanos = System.nanoTime();
        headLength = 0;
        bodyLeft = -1;
        unsent = ByteBuffer.wrap(request);
        write();
    }

    /** Goes on to send what did not fit before. */
    void write() throws IOException {
        channel.write(unsent);
        key.interestOps(unsent.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /**
     * Takes what has arrived.
     *
     * @return whether the answer is complete
     * @throws EOFException if the server closed the connection
     */
    boolean read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
            throw new EOFException(busy ? "closed before the answer was complete" : "closed");
        }
        buffer.flip();
        if (!busy && count > 0) {
            throw new IOException("an answer that nothing was asked for");
        }
        while (buffer.hasRemaining() && bodyLeft < 0) {
            readHead(buffer);
        }
        if (bodyLeft < 0) {
            return false;
        }
        bodyLeft -= buffer.remaining();
        if (bodyLeft < 0) {
            throw new IOException("more bytes than Content-Length said");
        }
        if (bodyLeft == 0 && busy) {
            busy = false;
            return true;
        }
        return false;
    }

    private void readHead(ByteBuffer buffer) throws IOException {
        if (headLength == MAX_HEAD_BYTES) {
            throw new IOException("headers of more than " + MAX_HEAD_BYTES + " bytes");
        }
        head[headLength++] = buffer.get();
        int n = headLength;
        if (n >= 4 && head[n - 1] == '\n' && head[n - 2] == '\r' && head[n - 3] == '\n' && head[n - 4] == '\r') {
            parse(new String(head, 0, n, StandardCharsets.ISO_8859_1));
        }
    }

    private void parse(String text) throws IOException {
        status = Integer.parseInt(text.substring(9, 12));
        String headers = text.toLowerCase(Locale.ROOT);
        int length = headers.indexOf("\r\ncontent-length:");
        if (length < 0) {
            throw new IOException("an answer without Content-Length: "
                    + text.lines().findFirst().orElse(""));
        }
        int start = length + "\r\ncontent-length:".length();
        bodyLeft = Integer.parseInt(
                headers.substring(start, headers.indexOf('\r', start)).trim());
        closes = headers.contains("\r\nconnection: close");
        retryAfter = headers.contains("\r\nretry-after:");
    }

    int status() {
        return status;
    }

    /** Whether the last answer said when to try again. */
    boolean hasRetryAfter() {
        return retryAfter;
    }

    /** Whether the server will close after its last answer. */
    boolean closes() {
        return closes;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }
}
