package dev.parlance.bundle;

import dev.parlance.linear.TfIdf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a bundle by which texts become the model's inputs: a tokenizer, or the vocabulary of a linear model. */
@FunctionalInterface
public interface InputFiles {
    /** None: each member of an ensemble has its own. */
    InputFiles NONE = (directory, maxLength) -> {};

    /**
     * Writes the files into a directory that has none of them yet.
     *
     * @param maxLength longest text in tokens
     */
    void writeTo(Path directory, int maxLength) throws IOException;

    /** The tokenizer of a base model. */
    static InputFiles tokenizer(Path base) {
        return (directory, maxLength) -> TokenizerCopy.copy(base, directory, maxLength);
    }

    /** The vocabulary of a finished linear model. */
    static InputFiles vocabulary(Path model) {
        return (directory, maxLength) -> Files.copy(model.resolve(TfIdf.FILE), directory.resolve(TfIdf.FILE));
    }
}
