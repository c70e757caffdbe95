package dev.parlance.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said of the page's files without a browser. */
class WebPageTest {
    private static final Path SOURCES = Path.of("src/main/resources/dev/parlance/server/web");
    private static final Pattern KEY = Pattern.compile("'([a-z]+\\.[A-Za-z0-9]+)'|data-i18n[a-z-]*=\"([^\"]+)\"");
    private static final Pattern USE = Pattern.compile("(?:src|href)=\"(web/[^\"]+)\"|from '\\./([^']+)'");

    @Test
    void has_each_file_that_it_asks_for() throws IOException {
        StringBuilder sources = new StringBuilder(PageFiles.text("/"));
        for (String script : scripts()) {
            sources.append(PageFiles.text("/web/" + script));
        }
        Set<String> used = new TreeSet<>();
        Matcher matcher = USE.matcher(sources);
        while (matcher.find()) {
            used.add(matcher.group(1) != null ? "/" + matcher.group(1) : "/web/" + matcher.group(2));
        }
        assertThat(used).contains("/web/style.css", "/web/app.js", "/web/uPlot.iife.min.js", "/web/uPlot.min.css");
        for (String path : used) {
            assertThat(PageFiles.at(path)).as(path).isPresent();
        }
    }

    @Test
    void has_the_same_words_in_both_languages_and_no_unknown_ones() throws IOException {
        Map<String, String> english = words("en");
        Map<String, String> chinese = words("zh");
        assertThat(chinese.keySet()).isEqualTo(english.keySet());
        assertThat(english.keySet()).allSatisfy(key -> assertThat(placeholders(chinese.getOrDefault(key, "")))
                .as(key)
                .isEqualTo(placeholders(english.getOrDefault(key, ""))));

        StringBuilder sources = new StringBuilder(PageFiles.text("/"));
        for (String script : scripts()) {
            sources.append(PageFiles.text("/web/" + script));
        }
        Set<String> groups = new TreeSet<>();
        english.keySet().forEach(key -> groups.add(key.replaceFirst("\\..*", "")));
        List<String> unknown = new ArrayList<>();
        Matcher matcher = KEY.matcher(sources);
        while (matcher.find()) {
            String key = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            if (groups.contains(key.replaceFirst("\\..*", "")) && !english.containsKey(key)) {
                unknown.add(key);
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void parses_no_html_and_has_nothing_inline() throws IOException {
        String html = PageFiles.text("/");
        assertThat(html).doesNotContainPattern("<script(?![^>]* src=)").doesNotContain("<style", " style=");
        assertThat(html).doesNotContainPattern("\\son[a-z]+=").doesNotContainPattern("(src|href)=\"(https?:)?//");
        for (String script : scripts()) {
            assertThat(PageFiles.text("/web/" + script))
                    .as(script)
                    .doesNotContainPattern(
                            "(inner|outer)HTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function");
        }
    }

    private static List<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".js"))
                    .sorted()
                    .toList();
        }
    }

    private static Set<String> placeholders(String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile("\\{\\w+}").matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static Map<String, String> words(String language) throws IOException {
        JsonNode tree = new ObjectMapper().readTree(PageFiles.text("/web/i18n/" + language + ".json"));
        Map<String, String> words = new TreeMap<>();
        tree.properties()
                .forEach(entry -> words.put(entry.getKey(), entry.getValue().asText()));
        return words;
    }
}
