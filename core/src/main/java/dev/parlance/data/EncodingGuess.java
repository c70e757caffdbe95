package dev.parlance.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Optional;

/** Names the character set that bytes which are no UTF-8 may be in, for an error message only: nothing is decoded by it. */
final class EncodingGuess {
    private EncodingGuess() {}

    /** Looks at the bytes from the first invalid one on. */
    static Optional<String> of(ByteBuffer bytes) {
        int high = 0;
        int paired = 0;
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) < 0) {
                boolean before = i > bytes.position() && bytes.get(i - 1) < 0;
                boolean after = i + 1 < bytes.limit() && bytes.get(i + 1) < 0;
                high++;
                paired += before || after ? 1 : 0;
            }
        }
        if (high == 0) {
            return Optional.empty();
        }
        return Optional.of(paired > 0.8 * high && decodesToHan(bytes) ? "GB18030" : "windows-1252");
    }

    private static boolean decodesToHan(ByteBuffer bytes) {
        ByteBuffer whole = bytes.slice();
        for (int cut = 0; cut < 4 && whole.limit() > cut; cut++) { // the buffer may end inside a character
            try {
                CharBuffer text = Charset.forName("GB18030").newDecoder().decode(whole.slice(0, whole.limit() - cut));
                long han = text.chars().filter(c -> c >= 0x4E00 && c <= 0x9FFF).count();
                return han > 0.5 * text.chars().filter(c -> c > 0x7F).count();
            } catch (CharacterCodingException e) {
                assert cut < 4 : e;
            }
        }
        return false;
    }
}
