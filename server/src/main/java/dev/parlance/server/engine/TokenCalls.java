package dev.parlance.server.engine;

import dev.parlance.config.UserError;
import dev.parlance.data.Example;
import dev.parlance.server.engine.Refusal.Kind;
import dev.parlance.tokenize.Encoding;
import dev.parlance.tokenize.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a model's tokenizer says of texts and ids. */
final class TokenCalls {
    private static final Logger LOG = LoggerFactory.getLogger(TokenCalls.class);

    private TokenCalls() {}

    static List<Encoding> tokenize(ServedModel model, List<Example> inputs, boolean addSpecialTokens) {
        Tokenizer tokenizer = tokenizer(model);
        List<Encoding> encodings = orRefuse(model, () -> tokenizer.encodeAll(inputs));
        return addSpecialTokens
                ? encodings
                : encodings.stream().map(TokenCalls::withoutSpecialTokens).toList();
    }

    static List<String> decode(ServedModel model, List<int[]> ids, boolean skipSpecialTokens, Bounds bounds) {
        Tokenizer tokenizer = tokenizer(model);
        bounds.checkIds(ids, tokenizer.vocabularySize());
        return orRefuse(model, () -> ids.stream()
                .map(sequence -> tokenizer.decode(sequence, skipSpecialTokens))
                .toList());
    }

    private static Tokenizer tokenizer(ServedModel model) {
        try {
            return model.pipeline().tokenizer();
        } catch (UserError e) {
            throw new Refusal(
                    Kind.VALIDATION,
                    "the model " + model.info().name() + " has no tokenizer; expected one over tokens");
        }
    }

    private static <T> T orRefuse(ServedModel model, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "the tokenizer of {} {} failed",
                    model.info().name(),
                    model.info().version(),
                    e);
            throw new Refusal(Kind.TOKENIZER, "a text could not be tokenized");
        }
    }

    /** The tokens of the texts alone. */
    private static Encoding withoutSpecialTokens(Encoding all) {
        int[] kept = IntStream.range(0, all.length())
                .filter(i -> all.sequenceIds()[i] >= 0)
                .toArray();
        return new Encoding(
                pick(all.inputIds(), kept),
                pick(all.tokenTypeIds(), kept),
                pick(all.starts(), kept),
                pick(all.ends(), kept),
                pick(all.wordIds(), kept),
                pick(all.sequenceIds(), kept),
                all.truncatedTokens());
    }

    private static int[] pick(int[] values, int[] places) {
        return Arrays.stream(places).map(place -> values[place]).toArray();
    }
}
