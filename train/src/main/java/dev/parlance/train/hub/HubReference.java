package dev.parlance.train.hub;

import dev.parlance.config.UserError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A model on the Hub: {@code hf:owner/name@revision}; the revision is a branch, a tag or a commit. */
record HubReference(String owner, String name, String revision) {
    static final String PREFIX = "hf:";
    private static final Pattern FORM =
            Pattern.compile("hf:([A-Za-z0-9][\\w.-]{0,95})/([A-Za-z0-9_][\\w.-]{0,95})(?:@([\\w][\\w./-]{0,200}))?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    static HubReference parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || text.contains("..")) {
            throw new UserError(
                    "'" + text + "' names no model on the Hub: expected hf:owner/name or hf:owner/name@revision");
        }
        String revision = matcher.group(3);
        return new HubReference(matcher.group(1), matcher.group(2), revision == null ? "main" : revision);
    }

    String id() {
        return owner + "/" + name;
    }

    boolean isCommit() {
        return isCommit(revision);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    @Override
    public String toString() {
        return PREFIX + id() + (revision.equals("main") ? "" : "@" + revision);
    }
}
