package dev.parlance.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads and writes. All text is UTF-8, whatever the locale says, so that a pipe never loses characters.
 *
 * @param in standard input
 * @param out results
 * @param err progress and errors
 * @param width columns of the terminal behind {@code err}; 0 if it is none, so nothing may be redrawn
 * @param colors whether {@code err} shows ANSI colours
 */
record Console(InputStream in, PrintStream out, PrintStream err, int width, boolean colors) {
    private static final int DEFAULT_WIDTH = 80;

    /** The streams of this process. */
    static Console ofProcess() {
        int width = terminalWidth();
        return new Console(
                new FileInputStream(FileDescriptor.in),
                utf8(new FileOutputStream(FileDescriptor.out), false),
                utf8(new FileOutputStream(FileDescriptor.err), true),
                width,
                width > 0 && System.getenv("NO_COLOR") == null);
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

    private static PrintStream utf8(OutputStream stream, boolean autoFlush) {
        return new PrintStream(stream, autoFlush, StandardCharsets.UTF_8);
    }

    /** The launcher knows whether standard error is a terminal; Java alone only knows of input and output together. */
    private static int terminalWidth() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return 0;
        }
        String told = System.getProperty("parlance.terminal.width");
        if (told == null) {
            return System.console() == null ? 0 : number(System.getenv("COLUMNS"), DEFAULT_WIDTH);
        }
        return number(told, DEFAULT_WIDTH);
    }

    private static int number(@Nullable String text, int otherwise) {
        return text != null && text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : otherwise;
    }
}
