package dev.parlance.train.auto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlance.config.RunConfig;
import dev.parlance.data.DataAudit;
import dev.parlance.data.Splits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditNotesTest {
    @TempDir
    Path directory;

    private DataAudit audit(String train, String test) throws IOException {
        Path trainFile = Files.writeString(directory.resolve("train.csv"), "text,label\n" + train);
        Path testFile = Files.writeString(directory.resolve("test.csv"), "text,label\n" + test);
        RunConfig config = RunConfig.defaults()
                .with("data.train", trainFile.toString())
                .with("data.validation", testFile.toString())
                .with("data.test", null);
        return DataAudit.of(Splits.read(config.data()), String::length, Integer.MAX_VALUE);
    }

    @Test
    void clean_data_needs_no_word() throws IOException {
        assertThat(AuditNotes.of(audit("one thing,a\nanother thing,b\n", "a third thing,a\n")))
                .isEmpty();
    }

    @Test
    void leaks_contradictions_and_labels_in_two_spellings_are_told() throws IOException {
        DataAudit audit = audit("same text,a\nsame text,b\nother text,B\nmore text,a\n", "other text,b\n");
        assertThat(AuditNotes.of(audit))
                .anyMatch(note -> note.startsWith("100.0 % of the validation texts (1) stand in the train part too"))
                .anyMatch(note -> note.startsWith("1 of the train texts stand there with another label too"))
                .anyMatch(note -> note.startsWith("labels that differ in spelling only count as different ones: "));
    }
}
