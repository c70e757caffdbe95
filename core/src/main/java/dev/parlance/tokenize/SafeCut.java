package dev.parlance.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * Where a long text may be cut before it is tokenized without changing a token of what stays: before white space between
 * two ASCII letters or digits, or between two ideographs. There, all parts listed here split the text whatever
 * follows: normalizers that look at single characters or clusters, pre-tokenizers that split at white space or around
 * ideographs. A tokenizer with any other part, or with an added token that spans white space, gets whole texts.
 */
final class SafeCut {
    private static final Set<String> LOCAL_NORMALIZERS = Set.of(
            "BertNormalizer", "Lowercase", "NFC", "NFD", "NFKC", "NFKD", "StripAccents", "Strip", "Nmt", "Precompiled");
    /** Farthest search for a place to cut, in chars. */
    private static final int SEARCH = 4_096;

    private final boolean atSpaces;
    private final boolean atIdeographs;

    SafeCut(TokenizerFiles files) {
        JsonNode normalizer = files.settings().path("normalizer");
        JsonNode split = first(files.settings().path("pre_tokenizer"), "pretokenizers");
        atSpaces = isLocal(normalizer) && splitsAtSpaces(split) && addedTokensAreWords(files);
        atIdeographs = atSpaces
                && type(split).equals("BertPreTokenizer")
                && type(normalizer).equals("BertNormalizer")
                && normalizer.path("handle_chinese_chars").asBoolean(true);
    }

    /** The first place to cut at or after {@code from}, or the length of the text if there is none nearby. */
    int at(String text, int from) {
        if (!atSpaces) {
            return text.length();
        }
        int last = Math.min(text.length() - 2, from + SEARCH);
        for (int i = Math.max(1, from); i <= last; i++) {
            char before = text.charAt(i - 1);
            char here = text.charAt(i);
            if (here == ' ' || here == '\n' || here == '\t') {
                if (isPlain(before) && isPlain(text.charAt(i + 1))) {
                    return i;
                }
            } else if (atIdeographs && isIdeograph(before) && isIdeograph(here)) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isIdeograph(char c) {
        return c >= 0x4E00 && c <= 0x9FA5;
    }

    private static boolean isLocal(JsonNode normalizer) {
        if (type(normalizer).equals("Sequence")) {
            for (JsonNode part : normalizer.path("normalizers")) {
                if (!isLocal(part)) {
                    return false;
                }
            }
            return true;
        }
        return normalizer.isMissingNode()
                || normalizer.isNull()
                || LOCAL_NORMALIZERS.contains(type(normalizer))
                || joinsSpaces(normalizer);
    }

    /** Runs of spaces become one: what XLM-R's and CamemBERT's files have. */
    private static boolean joinsSpaces(JsonNode normalizer) {
        return type(normalizer).equals("Replace")
                && normalizer.path("pattern").path("Regex").asText("").equals(" {2,}");
    }

    private static boolean splitsAtSpaces(JsonNode split) {
        return switch (type(split)) {
            case "BertPreTokenizer", "Whitespace", "WhitespaceSplit" -> true;
            case "ByteLevel" -> split.path("use_regex").asBoolean(true);
            default -> false;
        };
    }

    private static boolean addedTokensAreWords(TokenizerFiles files) {
        for (JsonNode token : files.addedTokens()) {
            if (token.path("content").asText("").chars().anyMatch(Character::isWhitespace)
                    || token.path("rstrip").asBoolean(false)) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode first(JsonNode part, String children) {
        return type(part).equals("Sequence") ? part.path(children).path(0) : part;
    }

    private static String type(JsonNode part) {
        return part.path("type").asText("");
    }
}
