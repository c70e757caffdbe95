"""Embeddings of a few texts by torch and transformers, pooled as the authors of each model say.

usage: python sentence_embeddings.py DIR > sentence_embeddings.json
(DIR holds minilm, bge-small-en, e5-small and bge-small-zh, written by `parlance models export NAME DIR/NAME`)
"""

import json
import sys

import torch
import transformers

TEXTS = {
    "minilm": ["A gorgeous, witty, seductive movie.", "fish", "The quick brown fox jumps over the lazy dog. " * 60],
    "bge-small-en": ["A gorgeous, witty, seductive movie.", "fish", "The quick brown fox jumps over the lazy dog. " * 60],
    "e5-small": ["query: how much protein should a female eat", "passage: fish"],
    "bge-small-zh": ["今天天气很好，我们去公园散步。", "鱼", "质量不错，物流也快。" * 70],
}
POOLING = {"minilm": "mean", "bge-small-en": "cls", "e5-small": "mean", "bge-small-zh": "cls"}
MAX_LENGTH = {"minilm": 256, "bge-small-en": 512, "e5-small": 512, "bge-small-zh": 512}
KEPT = 16

result = {
    "origin": f"torch {torch.__version__}, transformers {transformers.__version__}: the first {KEPT} numbers of each embedding",
    "models": {},
}
for name, texts in TEXTS.items():
    tokenizer = transformers.AutoTokenizer.from_pretrained(f"{sys.argv[1]}/{name}")
    model = transformers.AutoModel.from_pretrained(f"{sys.argv[1]}/{name}", add_pooling_layer=False).eval()
    rows = []
    for text in texts:
        inputs = tokenizer(text, truncation=True, max_length=MAX_LENGTH[name], return_tensors="pt")
        with torch.no_grad():
            states = model(**inputs).last_hidden_state[0]
        pooled = states.mean(dim=0) if POOLING[name] == "mean" else states[0]
        pooled = torch.nn.functional.normalize(pooled, dim=0)
        rows.append({"text": text, "embedding": [round(x, 7) for x in pooled[:KEPT].tolist()]})
    result["models"][name] = rows
json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
print()
