package dev.parlance.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names that columns of texts and labels commonly have, most telling first. */
final class ColumnNames {
    static final List<String> TEXT = List.of(
            "text",
            "sentence",
            "review",
            "content",
            "message",
            "utterance",
            "query",
            "question",
            "comment",
            "body",
            "tweet",
            "document",
            "description",
            "title",
            "headline",
            "phrase",
            "文本",
            "内容",
            "句子",
            "评论",
            "正文",
            "标题",
            "问题",
            "消息",
            "描述");
    static final List<String> LABEL = List.of(
            "label",
            "labels",
            "intent",
            "category",
            "class",
            "sentiment",
            "target",
            "topic",
            "polarity",
            "emotion",
            "tag",
            "rating",
            "stars",
            "标签",
            "类别",
            "分类",
            "类目",
            "意图",
            "情感",
            "情绪",
            "主题",
            "评分");
    /** First and second text of a pair. */
    static final List<List<String>> PAIRS = List.of(
            List.of("text1", "text2"),
            List.of("text_a", "text_b"),
            List.of("sentence1", "sentence2"),
            List.of("question1", "question2"),
            List.of("premise", "hypothesis"),
            List.of("文本1", "文本2"),
            List.of("句子1", "句子2"));

    private ColumnNames() {}

    /** The names that there are. */
    static List<String> present(List<@Nullable String> names) {
        List<String> present = new ArrayList<>();
        for (String name : names) {
            if (name != null) {
                present.add(name);
            }
        }
        return present;
    }

    /** Lower case, without spaces around. */
    static String fold(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** Whether the name, or every word of it, is one that headers have and texts hardly. */
    static boolean isKnown(String name) {
        String folded = fold(name.replace("\"", ""));
        boolean exact = TEXT.contains(folded)
                || LABEL.contains(folded)
                || folded.equals("id")
                || PAIRS.stream().anyMatch(pair -> pair.contains(folded));
        return exact || (!folded.contains(" ") && Math.min(rank(name, TEXT), rank(name, LABEL)) < Integer.MAX_VALUE);
    }

    /**
     * Place of a name in a list: its own, or after all of them the place of a word in it ({@code review_text},
     * {@code customerMessage}); {@link Integer#MAX_VALUE} if neither is there.
     */
    static int rank(String name, List<String> known) {
        int exact = known.indexOf(fold(name));
        if (exact >= 0) {
            return exact;
        }
        return Arrays.stream(name.strip().split("(?<=\\p{Ll})(?=\\p{Lu})|[^\\p{L}]+", -1))
                .mapToInt(word -> known.indexOf(fold(word)))
                .filter(i -> i >= 0)
                .map(i -> i + known.size())
                .min()
                .orElse(Integer.MAX_VALUE);
    }
}
