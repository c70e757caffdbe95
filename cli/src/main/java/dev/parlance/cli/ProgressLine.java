package dev.parlance.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One line that says how far a job is: redrawn on a terminal, a plain line every ten seconds elsewhere. */
final class ProgressLine {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long REPORT_NANOS = 10_000_000_000L;
    private static final int BAR = 20;

    private final Console console;
    private final PrintStream err;
    private final LongSupplier nanoTime;
    private long next;
    private boolean drawn;

    ProgressLine(Console console) {
        this(console, System::nanoTime);
    }

    ProgressLine(Console console, LongSupplier nanoTime) {
        this.console = console;
        this.err = console.err();
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong() + (console.interactive() ? 0 : REPORT_NANOS);
    }

    /**
     * Shows the state if it is time to.
     *
     * @param fraction done so far, in [0, 1]; negative if unknown
     */
    synchronized void update(double fraction, String text) {
        long now = nanoTime.getAsLong();
        if (now - next >= 0) {
            next = now + (console.interactive() ? REDRAW_NANOS : REPORT_NANOS);
            show(fraction, text);
        }
    }

    /** Shows the last state and leaves it there. */
    synchronized void finish(String text) {
        line(text);
        next = nanoTime.getAsLong() + (console.interactive() ? 0 : REPORT_NANOS);
    }

    /** Prints a line that stays. */
    synchronized void line(String text) {
        clear();
        err.println(text);
    }

    /** Takes the bar away. */
    synchronized void clear() {
        if (drawn) {
            err.print("\r\u001b[K");
            err.flush();
            drawn = false;
        }
    }

    private void show(double fraction, String text) {
        String percent = fraction < 0 ? "" : String.format(Locale.ROOT, "%3d%% ", (int) (100 * Math.min(1, fraction)));
        if (!console.interactive()) {
            err.println(percent + text);
            return;
        }
        String plain = bar(fraction) + percent + text;
        err.print("\r" + plain.substring(0, Math.min(plain.length(), console.width() - 1)) + "\u001b[K");
        err.flush();
        drawn = true;
    }

    private static String bar(double fraction) {
        if (fraction < 0) {
            return "";
        }
        int full = (int) Math.round(BAR * Math.min(1, fraction));
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] ";
    }

    /** {@code 1:05} or {@code 2:03:09}; rounds up, so that only the end shows 0:00. */
    static String time(double seconds) {
        if (!(seconds < 1e7)) {
            return "?";
        }
        long s = (long) Math.ceil(Math.max(0, seconds));
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }

    /** {@code 1.5 kB}, {@code 86.2 MB}. */
    static String bytes(long count) {
        return count < 1000
                ? count + " B"
                : count < 1_000_000
                        ? String.format(Locale.ROOT, "%.1f kB", count / 1e3)
                        : count < 1_000_000_000
                                ? String.format(Locale.ROOT, "%.1f MB", count / 1e6)
                                : String.format(Locale.ROOT, "%.1f GB", count / 1e9);
    }
}
