package dev.parlance.server.api;

import java.util.List;

/** Checks of lists that came from JSON. */
final class Strings {
    private Strings() {}

    /** The strings of a field, of which none is null. */
    static List<String> checked(List<String> strings, String field) {
        BadField.required(strings, field, "an array of strings");
        for (int i = 0; i < strings.size(); i++) {
            if (strings.get(i) == null) {
                throw BadField.wrong(field + "[" + i + "]", "null", "a string");
            }
        }
        return List.copyOf(strings);
    }
}
