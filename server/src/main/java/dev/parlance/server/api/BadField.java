package dev.parlance.server.api;

/** A value in a request that is not what its field takes. Says where, what was found and what was expected; never the value. */
final class BadField extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String path;
    private final String problem;

    /**
     * A problem with a value.
     *
     * @param path of the value, for example {@code inputs[3].text}; empty for the whole body
     * @param problem what was found and what was expected
     */
    BadField(String path, String problem) {
        super(problem, null, false, false);
        this.path = path;
        this.problem = problem;
    }

    /** A value of the wrong kind. */
    static BadField wrong(String path, String found, String expected) {
        return new BadField(path, "found " + found + ", expected " + expected);
    }

    /** The value of a field that must be there. */
    static <T> T required(T value, String field, String expected) {
        if (value == null) {
            throw wrong(field, "nothing", expected);
        }
        return value;
    }

    /** The same problem, seen from a value that holds this one. */
    BadField in(String parent) {
        return new BadField(join(parent, path), problem);
    }

    String path() {
        return path;
    }

    /** The whole of it on one line. */
    String sentence() {
        return path.isEmpty() ? problem : path + ": " + problem;
    }

    private static String join(String parent, String child) {
        if (parent.isEmpty() || child.isEmpty() || child.startsWith("[")) {
            return parent + child;
        }
        return parent + "." + child;
    }
}
