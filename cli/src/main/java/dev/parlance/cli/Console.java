package dev.parlance.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a command reads and writes. All text is UTF-8, whatever the locale says, so that a pipe never loses characters. */
final class Console {
    private static final int BUFFER = 1 << 15;

    private final InputStream in;
    private final RecordingStream recorder;
    private final PrintStream out;
    private final PrintStream err;
    private final int width;
    private final boolean colors;

    /**
     * A console on these streams.
     *
     * @param width columns of the terminal behind {@code err}; 0 if it is none, so that nothing may be redrawn
     * @param colors whether {@code err} shows ANSI colours
     */
    Console(InputStream in, OutputStream out, OutputStream err, int width, boolean colors) {
        this.in = in;
        this.recorder = new RecordingStream(out);
        this.out = new PrintStream(new BufferedOutputStream(recorder, BUFFER), false, StandardCharsets.UTF_8);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
        this.width = width;
        this.colors = colors;
    }

    /** The streams of this process. */
    static Console ofProcess() {
        int width = terminalWidth();
        return new Console(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                width,
                width > 0 && System.getenv("NO_COLOR") == null);
    }

    InputStream in() {
        return in;
    }

    /** Results. Buffered: whoever wants them seen early flushes. */
    PrintStream out() {
        return out;
    }

    /** Progress and errors. */
    PrintStream err() {
        return err;
    }

    /** How the user calls this command, to be pasted: the launcher says. */
    static String command() {
        return System.getProperty("parlance.command", "parlance");
    }

    /** Columns of the terminal, or 0. */
    int width() {
        return width;
    }

    /** Whether lines may be redrawn and a person is likely to watch. */
    boolean interactive() {
        return width > 0;
    }

    /** The text in bold where colours are shown. */
    String bold(String text) {
        return paint("1", text);
    }

    /** The text in an ANSI colour such as {@code 32} where colours are shown. */
    String paint(String code, String text) {
        return colors ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** Why results could not be written; empty also if only their reader, such as {@code head}, had seen enough. */
    Optional<IOException> lostResults() {
        out.flush();
        IOException failure = recorder.failure;
        return failure == null || isClosedPipe(failure) ? Optional.empty() : Optional.of(failure);
    }

    private static boolean isClosedPipe(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("Broken pipe") || message.contains("pipe is being closed");
    }

    /** Java cannot tell whether standard error is a terminal; the launcher can. */
    private static int terminalWidth() {
        String told = System.getProperty("parlance.terminal.width", "0");
        return "dumb".equals(System.getenv("TERM")) || !told.matches("[0-9]{1,4}") ? 0 : Integer.parseInt(told);
    }

    /** A {@link PrintStream} only remembers that writing failed, not why. */
    private static final class RecordingStream extends FilterOutputStream {
        private @Nullable IOException failure;

        RecordingStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
