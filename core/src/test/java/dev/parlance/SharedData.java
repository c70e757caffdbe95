package dev.parlance;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/** Finds the folder of real data sets beside the checkout; tests that need it are skipped where it is absent. */
@NullMarked
public final class SharedData {
    private SharedData() {}

    /** A file or folder in {@code shared/data}, found from the working directory upwards; skips the test if there is none. */
    public static Path dir(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path found = folder.resolve("shared/data").resolve(name);
            if (Files.exists(found)) {
                return found;
            }
        }
        return abort("skipped: shared/data/" + name + " is not there");
    }
}
