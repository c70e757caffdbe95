"""Encodes 10,000 generated strings with Hugging Face's tokenizers and writes a CRC-32 of each encoding.

    python runs/reference/tokenizer_fuzz.py NAME TOKENIZER_JSON MAX_LENGTH

Needs `tokenizers` (made with 0.23.3). Writes core/src/test/resources/dev/parlance/tokenize/fuzz/NAME.crc: 10,000
big-endian 32-bit numbers. FuzzText.java makes the same strings; each fourth one is encoded as a pair with the one before.
The CRC covers, as little-endian 32-bit numbers: ids, type ids, starts, ends (UTF-16 units, 0 for special tokens).
"""

import struct
import sys
import zlib
from pathlib import Path

from tokenizers import Tokenizer

OUT = Path(__file__).resolve().parents[2] / "core/src/test/resources/dev/parlance/tokenize/fuzz"
MASK = (1 << 64) - 1
WORDS = "the refund of my order was late and nobody answered unbelievable internationalization don't I'm".split()
EMOJI = [
    "\U0001F600", "\u2764\uFE0F", "\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F44D\U0001F3FD",
    "\U0001F1E8\U0001F1F3", "\U0001F3F4\u200D\u2620\uFE0F", "1\uFE0F\u20E3", "\U0001F9D1\u200D\U0001F4BB",
]
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u3000", "\u2003", "\u0085", "\u2028", "\u200B", "\uFEFF"]
SPECIAL = ["[SEP]", "[MASK]", "[CLS]", "##ing", "<s>", "</s>", "<pad>", "[UNK]", "\uFFFD", "\u2581"]
RANGES = [
    (0x61, 0x7A, 10), (0x41, 0x5A, 6), (0x30, 0x39, 5), (0x21, 0x2F, 3), (0x4E00, 0x9FA5, 6), (0x20000, 0x2A6DF, 3),
    (0x300, 0x36F, 3), (0x5D0, 0x5EA, 6), (0x621, 0x64A, 6), (0x0, 0x1F, 2), (0x7F, 0x9F, 2), (0xC0, 0x17F, 5),
    (0xAC00, 0xD7A3, 4), (0xE01, 0xE3A, 5), (0x905, 0x939, 4), (0xFF01, 0xFF5E, 4), (0x1F300, 0x1F5FF, 2),
    (0x3041, 0x30FF, 4), (0x200B, 0x206F, 2), (0x1D400, 0x1D4FF, 3), (0xF900, 0xFA6D, 2), (0x370, 0x3FF, 4),
]


class Random:
    """SplitMix64 (Steele, Lea, Flood 2014)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 33) % bound


def piece(random):
    kind = random.below(len(RANGES) + 8)
    if kind < len(RANGES):
        low, high, most = RANGES[kind]
        return "".join(chr(low + random.below(high - low + 1)) for _ in range(1 + random.below(most)))
    if kind < len(RANGES) + 3:
        return WORDS[random.below(len(WORDS))]
    if kind < len(RANGES) + 4:
        return EMOJI[random.below(len(EMOJI))]
    if kind < len(RANGES) + 6:
        return SPACES[random.below(len(SPACES))]
    if kind < len(RANGES) + 7:
        return SPECIAL[random.below(len(SPECIAL))]
    code = random.below(0x110000 - 0x800)
    return chr(code if code < 0xD800 else code + 0x800)


def texts(count):
    random = Random(42)
    for _ in range(count):
        parts = []
        for _ in range(random.below(24)):
            parts.append(piece(random))
            if random.below(3) == 0:
                parts.append(" ")
        yield "".join(parts)


def utf16_offsets(text):
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if ord(character) > 0xFFFF else 1))
    return offsets


def crc(encoding, text, pair):
    offsets = [utf16_offsets(text), utf16_offsets(pair or "")]
    spans = [
        (0, 0) if sequence is None else (offsets[sequence][start], offsets[sequence][end])
        for sequence, (start, end) in zip(encoding.sequence_ids, encoding.offsets)
    ]
    numbers = [*encoding.ids, *encoding.type_ids, *(s for s, _ in spans), *(e for _, e in spans)]
    return zlib.crc32(struct.pack(f"<{len(numbers)}i", *numbers))


def main():
    name, file, max_length = sys.argv[1], sys.argv[2], int(sys.argv[3])
    tokenizer = Tokenizer.from_file(file)
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length, strategy="longest_first")
    checksums, before = [], ""
    for index, text in enumerate(texts(10_000)):
        pair = before if index % 4 == 3 else None
        encoding = tokenizer.encode(text, pair) if pair is not None else tokenizer.encode(text)
        checksums.append(crc(encoding, text, pair))
        before = text
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.crc").write_bytes(struct.pack(">10000I", *checksums))


if __name__ == "__main__":
    main()
