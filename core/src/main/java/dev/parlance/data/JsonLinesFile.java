package dev.parlance.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.DataConfig;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import dev.parlance.config.UserError;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Labelled examples as JSON lines with the keys text, text_pair and label, which read back to the same examples. */
public final class JsonLinesFile {
    private static final String TEXT = "text";
    private static final String TEXT_PAIR = "text_pair";
    private static final String LABEL = "label";
    /** Half a surrogate pair, which UTF-8 cannot hold. */
    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    private JsonLinesFile() {}

    /**
     * Writes the examples in their order; the file is there completely or not at all.
     *
     * @throws UserError if the place cannot be written to
     */
    public static void write(Path file, List<Example> examples) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(
                            temporary,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    Writer writer = Channels.newWriter(channel, StandardCharsets.UTF_8)) {
                for (Example example : examples) {
                    writer.write(line(example));
                    writer.write('\n');
                }
                writer.flush();
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserError(file + " cannot be written: " + e, e);
        }
    }

    /** The same run with its data read from files that {@link #write} made; {@code pairs} says whether of two texts each. */
    public static RunConfig reading(RunConfig config, boolean pairs) {
        DataConfig standard = DataConfig.defaults();
        return config.with("data.format", "jsonl")
                .with("data.text_column", TEXT)
                .with("data.text_pair_column", pairs ? TEXT_PAIR : null)
                .with("data.label_column", LABEL)
                .with("data.quoting", standard.quoting())
                .with("data.delimiter", null)
                .with("data.encoding", standard.encoding())
                .with("data.header", standard.header())
                .with("data.bad_rows", standard.badRows());
    }

    private static String line(Example example) {
        ObjectNode object = Json.object().put(TEXT, example.text());
        if (example.textPair() != null) {
            object.put(TEXT_PAIR, example.textPair());
        }
        object.put(LABEL, example.goldLabel());
        return LONE_SURROGATE
                .matcher(Json.line(object))
                .replaceAll(half -> String.format(
                        Locale.ROOT, "\\\\u%04x", (int) half.group().charAt(0)));
    }
}
