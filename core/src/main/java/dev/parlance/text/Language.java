package dev.parlance.text;

import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The language of a text as far as its script tells: Chinese by Han characters, English by Latin letters. */
public enum Language {
    /** Latin letters; other languages in Latin script are counted here too. */
    EN,
    /** At least {@value #MIN_HAN_SHARE} of the letters are Han, without kana or hangul. */
    ZH,
    /** Any other script, or no letters at all. */
    OTHER;

    /** One Han character says about as much as two or three Latin letters, so a third of the letters is enough. */
    static final double MIN_HAN_SHARE = 0.3;

    private static final double MIN_LATIN_SHARE = 0.5;

    /** Guesses from the shares of the scripts among the letters. */
    public static Language of(String text) {
        int letters = 0;
        int han = 0;
        int latin = 0;
        int kanaOrHangul = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (!Character.isLetter(codePoint)) {
                continue;
            }
            letters++;
            UnicodeScript script = UnicodeScript.of(codePoint);
            han += script == UnicodeScript.HAN ? 1 : 0;
            latin += script == UnicodeScript.LATIN ? 1 : 0;
            kanaOrHangul += script == UnicodeScript.HIRAGANA
                            || script == UnicodeScript.KATAKANA
                            || script == UnicodeScript.HANGUL
                    ? 1
                    : 0;
        }
        if (han > 0 && kanaOrHangul == 0 && han >= MIN_HAN_SHARE * letters) {
            return ZH;
        }
        return latin > 0 && latin >= MIN_LATIN_SHARE * letters ? EN : OTHER;
    }

    /** The language that most of the texts are in; the first in the order above where two are equal. */
    public static Language ofMost(Iterable<String> texts) {
        Map<Language, Integer> counts = new EnumMap<>(Language.class);
        texts.forEach(text -> counts.merge(of(text), 1, Integer::sum));
        Language most = EN;
        for (Language language : values()) {
            most = counts.getOrDefault(language, 0) > counts.getOrDefault(most, 0) ? language : most;
        }
        return most;
    }

    /** Lower-case name, as in file names and reports: {@code en}, {@code zh} or {@code other}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
