package dev.parlance.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of settings in the documentation is that of the code. */
class OperationsDocTest {
    private static final Path PAGE = Path.of("").toAbsolutePath().resolveSibling("docs/serving-operations.md");

    @Test
    void the_table_has_every_setting_with_its_names_and_its_default() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `--"))
                .toList();
        List<String> expected =
                ServerSettings.ALL.stream().map(OperationsDocTest::row).toList();
        assertThat(rows).isEqualTo(expected);
    }

    private static String row(ServerSetting setting) {
        String key = setting.path().contains("_key") && !setting.path().contains(".") ? "" : "`" + setting.path() + "`";
        String standard = ServerSettings.defaultOf(setting);
        return "| `" + setting.flag() + "` | " + key + " | `" + setting.environment() + "` | "
                + (standard == null ? "" : standard) + " | " + setting.description() + " |";
    }
}
