package dev.parlance.train.search;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says what to try next. Depends on its arguments and its seed alone, so that a search can go on in another process. */
public interface Sampler {
    /**
     * The values for a trial.
     *
     * @param number its number, from 1
     * @param trials those before it, running ones too
     * @return a value for each setting of the space; empty if everything was tried
     */
    Optional<Map<String, String>> suggest(int number, List<Trial> trials);
}
