package dev.parlance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.data.Example;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnseenMessagesTest {
    @Test
    void shows_by_language_what_was_right_and_else_what_the_data_says() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = Run.console("", out, new ByteArrayOutputStream(), 0);
        try (SelfTestModel model = SelfTestModel.unpack()) {
            List<Example> unseen = List.of(
                    Example.of("good and fine", "positive"),
                    Example.of("this is good", "negative"),
                    Example.of("这个很好 good", "positive"));
            new UnseenMessages(console, unseen, model.directory()).print();
        }
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("English: 1 of 2 right", "Chinese: 1 of 1 right")
                .contains("  this is good\n    wrong: positive (0.98), the data says negative\n")
                .contains("  good and fine\n    right: positive (1.00)\n");
    }

    @Test
    void the_settings_of_quickstart_are_valid_and_its_data_is_there() {
        assertThat(QuickstartCommand.run(Path.of("messages.csv")).training().numTrainEpochs())
                .isBetween(1.0, 6.0); // more would take longer than promised
        assertThat(Path.of("").toAbsolutePath().resolveSibling("examples/customer-service/messages.csv"))
                .isNotEmptyFile();
    }
}
