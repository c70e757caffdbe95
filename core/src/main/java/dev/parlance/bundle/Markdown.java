package dev.parlance.bundle;

/** Names of users as plain text in Markdown: a label may hold any character. */
final class Markdown {
    private static final String SPECIAL = "\\`*_{}[]<>()#+!|~&";

    private Markdown() {}

    /** The text with what Markdown or HTML would read as markup escaped, on one line. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                escaped.append(' ');
                return;
            }
            if (SPECIAL.indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.appendCodePoint(c);
        });
        return escaped.toString();
    }

    /** The text in fixed width; backticks become apostrophes. */
    static String code(String text) {
        return "`" + text.replace('`', '\'').replace('|', '/').replaceAll("\\p{Cntrl}", " ") + "`";
    }
}
