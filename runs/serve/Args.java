import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code --name value} arguments; a name may stand more than once. */
final class Args {
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final String command;

    Args(String program, Set<String> known, String[] args) {
        command = program + " " + String.join(" ", args);
        for (int i = 0; i < args.length; i += 2) {
            String name = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (!known.contains(name) || i + 1 == args.length) {
                throw new IllegalArgumentException("'" + args[i] + "' is no argument or has no value, expected --"
                        + String.join(" VALUE, --", known.stream().sorted().toList()) + " VALUE");
            }
            values.computeIfAbsent(name, key -> new ArrayList<>()).add(args[i + 1]);
        }
    }

    /** As it was typed, for the record. */
    String command() {
        return command;
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    String text(String name) {
        if (all(name).isEmpty()) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return all(name).get(0);
    }

    String text(String name, String otherwise) {
        return all(name).isEmpty() ? otherwise : text(name);
    }

    int integer(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    long number(String name, long otherwise) {
        return Long.parseLong(text(name, Long.toString(otherwise)));
    }

    double decimal(String name, double otherwise) {
        return Double.parseDouble(text(name, Double.toString(otherwise)));
    }

    /** {@code 1,8,64}. */
    List<Integer> integers(String name, String otherwise) {
        return List.of(text(name, otherwise).split(",")).stream()
                .map(Integer::valueOf)
                .toList();
    }

    /** {@code name=value} pairs, in their order. */
    Map<String, String> pairs(String name) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : all(name)) {
            String[] parts = pair.split("=", 2);
            if (parts.length != 2) {
                throw new IllegalArgumentException("--" + name + " is '" + pair + "', expected name=value");
            }
            pairs.put(parts[0], parts[1]);
        }
        return pairs;
    }

    /** An http URL of this machine: these programs load a server as hard as they can, so they take no other. */
    static URI local(String url) {
        URI uri = URI.create(url);
        try {
            if (!"http".equals(uri.getScheme())
                    || uri.getHost() == null
                    || uri.getPort() < 0
                    || !InetAddress.getByName(uri.getHost()).isLoopbackAddress()) {
                throw new IllegalArgumentException(
                        url + " is no URL of this machine, expected one such as http://127.0.0.1:8080");
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(url + " names an unknown host", e);
        }
        return uri;
    }
}
