package dev.parlance.bundle;

import java.io.IOException;
import java.nio.file.Path;

/** The files of a bundle by which texts become the model's inputs: a tokenizer, or the vocabulary of a linear model. */
@FunctionalInterface
public interface InputFiles {
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
}
