package dev.parlance.train.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parlance.config.ConfigFiles;
import dev.parlance.config.Json;
import dev.parlance.config.RunConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * What a search has found.
 *
 * @param directory where it is kept; with {@code --resume} it goes on from there
 * @param metric the score that trials were compared by, on the validation data
 * @param trials all trials by number
 * @param best the trial with the best score
 * @param bestConfig the settings with those of the best trial, as {@code best.yaml} holds them
 * @param importance how much each searched setting explains; empty with too few trials
 * @param ended why it ended, in a few words
 * @param seconds that this call took
 */
public record SearchResult(
        Path directory,
        String metric,
        List<Trial> trials,
        Trial best,
        RunConfig bestConfig,
        List<Importance> importance,
        String ended,
        double seconds) {
    public SearchResult {
        trials = List.copyOf(trials);
        importance = List.copyOf(importance);
    }

    /** The file of the best settings, which {@code parlance train --config} takes. */
    public Path bestFile() {
        return directory.resolve("best.yaml");
    }

    /** As {@code result.json} holds it. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("metric", metric).put("ended", ended).put("seconds", seconds);
        json.set("best", Json.tree(best));
        json.put("best_config_file", bestFile().toString());
        json.set("best_config", ConfigFiles.toTree(bestConfig));
        json.putArray("importance").addAll(importance.stream().map(Json::tree).toList());
        json.putArray("trials").addAll(trials.stream().map(Json::tree).toList());
        return json;
    }
}
