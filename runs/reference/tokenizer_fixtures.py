"""Trains three small tokenizers on the customer-service messages and writes them as tokenizer.json fixtures.

    python runs/reference/tokenizer_fixtures.py

Needs `tokenizers` (made with 0.23.3). Writes core/src/test/resources/dev/parlance/tokenize/{wordpiece,bytelevel,unigram}.
"""

import csv
import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "core/src/test/resources/dev/parlance/tokenize"


def texts():
    with open(ROOT / "examples/customer-service/messages.csv", encoding="utf-8") as file:
        return [row["text"] for row in csv.DictReader(file)]


def save(name, tokenizer, config):
    directory = OUT / name
    directory.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(directory / "tokenizer.json"), pretty=False)
    (directory / "tokenizer_config.json").write_text(json.dumps(config) + "\n")


def wordpiece():
    """As BERT; truncation and padding are baked in, as some published files have them."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(texts(), trainers.WordPieceTrainer(vocab_size=3500, special_tokens=special))
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", [("[CLS]", cls), ("[SEP]", sep)]
    )
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding(length=8)
    save("wordpiece", tokenizer, {"pad_token": "[PAD]", "model_max_length": 64})


def bytelevel():
    """As RoBERTa: pairs are parted by two </s>, the padding token is not 0."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        texts(), trainers.BpeTrainer(vocab_size=1200, special_tokens=special, initial_alphabet=alphabet)
    )
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    save("bytelevel", tokenizer, {"pad_token": {"content": "<pad>"}, "model_max_length": 1000000000000000019884624838656})


def unigram():
    """As XLM-R: scored pieces, NFKC, spaces as a visible sign."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=4000, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], unk_token="<unk>"
    )
    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        "<s> $A </s>", "<s> $A </s> </s> $B </s>", [("<s>", 0), ("</s>", 2)]
    )
    tokenizer.decoder = decoders.Metaspace()
    save("unigram", tokenizer, {"pad_token": "<pad>", "model_max_length": 128})


if __name__ == "__main__":
    wordpiece()
    bytelevel()
    unigram()
