package dev.parlance.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

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

    /** Java cannot tell whether standard error is a terminal; the launcher can. */
    private static int terminalWidth() {
        String told = System.getProperty("parlance.terminal.width", "0");
        return "dumb".equals(System.getenv("TERM")) || !told.matches("[0-9]{1,4}") ? 0 : Integer.parseInt(told);
    }
}
