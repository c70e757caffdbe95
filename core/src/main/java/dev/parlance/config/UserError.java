package dev.parlance.config;

/**
 * Something the user can mend: a bad file, option or model directory. The message is one line that says where, what was
 * found, what was expected and what to do; the command line prints it without a stack trace and exits with code 2.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error whose message is all that the user needs. */
    public UserError(String message) {
        super(message);
    }

    /** An error that also keeps the failure it came from, for the log. */
    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
