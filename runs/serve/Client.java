import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A plain blocking HTTP/1.1 client over one socket, which can also send what is no HTTP. Not safe for concurrent use. */
final class Client implements AutoCloseable {
    private static final int MAX_BYTES = 8 << 20;

    private final URI base;
    private final int timeoutMillis;
    private Socket socket;

    Client(URI base) {
        this(base, 30_000);
    }

    Client(URI base, int timeoutMillis) {
        this.base = base;
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * An answer.
     *
     * @param status of HTTP; 0 if the server closed the connection without a word
     */
    record Answer(int status, String headers, String body) {}

    int statusOf(byte[] request) throws IOException {
        return send(request).status();
    }

    /** Sends bytes as they are and reads an answer; connects, if there is no connection. */
    Answer send(byte[] request) throws IOException {
        return send(request, false);
    }

    /**
     * @param end whether to say that nothing more will be sent, as a client does that dies within a request
     */
    Answer send(byte[] request, boolean end) throws IOException {
        try {
            if (socket == null) {
                socket = new Socket();
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(timeoutMillis);
                socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), timeoutMillis);
            }
            OutputStream out = socket.getOutputStream();
            try {
                out.write(request);
                if (end) {
                    socket.shutdownOutput();
                }
            } catch (IOException e) {
                // the server may have answered and closed before it had read all
            }
            boolean head = request.length > 4 && new String(request, 0, 5, StandardCharsets.ISO_8859_1).equals("HEAD ");
            Answer answer = read(socket.getInputStream(), head);
            if (end || answer.status() == 0 || answer.headers().contains("connection: close")) {
                close();
            }
            return answer;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static Answer read(InputStream in, boolean withoutBody) throws IOException {
        String head = head(in);
        if (head.isEmpty()) {
            return new Answer(0, "", "");
        }
        if (!head.matches("(?s)[^ \r\n]*/[0-9]\\.[0-9] [1-5][0-9][0-9].*")) { // some repeat the version of the request
            throw new IOException("no status line: " + head.lines().findFirst().orElse(""));
        }
        int status = Integer.parseInt(head.substring(head.indexOf(' ') + 1, head.indexOf(' ') + 4));
        String headers = head.toLowerCase(Locale.ROOT);
        if (status == 100) {
            return read(in, withoutBody);
        }
        if (withoutBody || status == 204 || status == 304) {
            return new Answer(status, headers, "");
        }
        if (headers.contains("\r\ntransfer-encoding: chunked")) {
            return new Answer(status, headers, chunks(in));
        }
        int at = headers.indexOf("\r\ncontent-length:");
        byte[] body = at < 0
                ? in.readNBytes(MAX_BYTES)
                : exactly(
                        in,
                        Integer.parseInt(headers.substring(at + 17, headers.indexOf('\r', at + 17))
                                .trim()));
        return new Answer(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    /** All up to the empty line; empty if the connection ends before the first byte or is reset. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 65536) {
            int next;
            try {
                next = in.read();
            } catch (java.net.SocketException e) {
                next = -1;
            }
            if (next < 0) {
                if (head.length() == 0) {
                    return "";
                }
                throw new EOFException("the connection ended within the headers: " + head);
            }
            head.append((char) next);
            if (next == '\n'
                    && head.length() >= 4
                    && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        throw new IOException("headers of more than 65536 bytes");
    }

    private static String chunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            StringBuilder size = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("the connection ended within a chunk");
                }
                size.append((char) next);
            }
            int length = Integer.parseInt(size.toString().trim(), 16);
            body.append(new String(exactly(in, length), StandardCharsets.UTF_8));
            exactly(in, 2);
            if (length == 0) {
                return body.toString();
            }
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(
                    "the connection ended " + (length - bytes.length) + " bytes before the answer's end");
        }
        return bytes;
    }

    @Override
    public void close() {
        Socket old = socket;
        socket = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                // it is gone either way
            }
        }
    }
}
