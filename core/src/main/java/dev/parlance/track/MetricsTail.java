package dev.parlance.track;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.Json;
import dev.parlance.config.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads {@code metrics.jsonl} while another process may append to it: each call goes on where the last one ended. Only lines
 * that are ended by a line feed count, so a line that is being written, or was torn by a crash, is left for later. Not
 * thread-safe.
 */
public final class MetricsTail {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_LINE_BYTES = 1 << 20;

    private final Path file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long position;
    private long damagedLines;
    private boolean tooLong;

    /** From the start of a file, which need not exist yet. */
    public MetricsTail(Path file) {
        this.file = file;
    }

    /** Complete lines that were no JSON object, or longer than 1 MiB; they are passed over. */
    public long damagedLines() {
        return damagedLines;
    }

    /**
     * Passes on what was appended since the last call.
     *
     * @throws UserError if the file cannot be read
     */
    public void poll(Consumer<ObjectNode> lines) {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < position) { // cut back by a resume to before what was read
                position = 0;
                line.reset();
                tooLong = false;
            }
            channel.position(position);
            read(Channels.newInputStream(channel), lines);
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e, e);
        }
    }

    private void read(InputStream in, Consumer<ObjectNode> lines) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
            position += count;
            int start = 0;
            for (int i = 0; i < count; i++) {
                if (buffer[i] == '\n') {
                    append(buffer, start, i);
                    end(lines);
                    start = i + 1;
                }
            }
            append(buffer, start, count);
        }
    }

    private void append(byte[] buffer, int from, int to) {
        tooLong |= line.size() + to - from > MAX_LINE_BYTES;
        if (!tooLong) {
            line.write(buffer, from, to - from);
        }
    }

    private void end(Consumer<ObjectNode> lines) {
        Optional<ObjectNode> object =
                tooLong ? Optional.empty() : Json.parseObject(line.toString(StandardCharsets.UTF_8));
        damagedLines += object.isPresent() ? 0 : 1;
        line.reset();
        tooLong = false;
        object.ifPresent(lines);
    }
}
