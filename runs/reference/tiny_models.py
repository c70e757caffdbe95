"""Writes tiny random models and what transformers computes with them: the fixtures of the encoder and head tests.

    python runs/reference/tiny_models.py train/src/test/resources/tiny-models

Each model directory holds config.json, model.safetensors and expected.json (inputs with padding, last hidden states at
all positions, logits). Values come from eager attention in float32 on one CPU thread.
"""

import json
import pathlib
import sys

import torch
import transformers as t

SHARED = dict(vocab_size=40, num_hidden_layers=2, hidden_act="gelu", num_labels=3)
BERT_LIKE = dict(SHARED, hidden_size=16, num_attention_heads=2, intermediate_size=24, max_position_embeddings=20)
ROBERTA_LIKE = dict(BERT_LIKE, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5)

MODELS = {
    "bert": (t.BertConfig, t.BertForSequenceClassification, BERT_LIKE),
    "roberta": (t.RobertaConfig, t.RobertaForSequenceClassification, ROBERTA_LIKE),
    "xlm-roberta": (t.XLMRobertaConfig, t.XLMRobertaForSequenceClassification, dict(ROBERTA_LIKE, hidden_act="relu")),
    "camembert": (t.CamembertConfig, t.CamembertForSequenceClassification, dict(ROBERTA_LIKE, hidden_act="gelu_new")),
    "roberta-prelayernorm": (
        t.RobertaPreLayerNormConfig,
        t.RobertaPreLayerNormForSequenceClassification,
        ROBERTA_LIKE,
    ),
    "distilbert": (
        t.DistilBertConfig,
        t.DistilBertForSequenceClassification,
        dict(vocab_size=40, dim=16, n_layers=2, n_heads=2, hidden_dim=24, max_position_embeddings=20, num_labels=3),
    ),
    "electra": (t.ElectraConfig, t.ElectraForSequenceClassification, dict(BERT_LIKE, embedding_size=12)),
}


def randomize(model):
    """Transformers starts biases at 0 and norms at 1, which would hide mistakes: give every parameter a value."""
    generator = torch.Generator().manual_seed(7)
    for parameter in model.parameters():
        noise = torch.randn(parameter.shape, generator=generator) * 0.2
        parameter.data = noise + (1.0 if parameter.dim() == 1 and parameter.data.mean() == 1 else 0.0)


def inputs(config):
    pad = config.pad_token_id
    ids = [[5, 9, 30, 12, 7, 6], [5, 22, 6, pad, pad, pad], [5, 39, 2, 3, 6, pad]]
    types = [[0, 0, 0, 1, 1, 1], [0] * 6, [0, 0, 1, 1, 1, 0]] if getattr(config, "type_vocab_size", 0) > 1 else None
    mask = [[int(i != pad) for i in row] for row in ids]
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def write(directory, config_class, model_class, settings):
    config = config_class(**settings)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    randomize(model)
    batch = inputs(config)
    tensors = {k: torch.tensor(v) for k, v in batch.items() if v is not None}
    with torch.no_grad():
        hidden = model.base_model(**tensors).last_hidden_state
        logits = model(**tensors).logits
    model.save_pretrained(directory)
    for leftover in directory.glob("*"):
        if leftover.name not in ("config.json", "model.safetensors"):
            leftover.unlink()
    expected = dict(batch, last_hidden_state=hidden.tolist(), logits=logits.tolist())
    (directory / "expected.json").write_text(json.dumps(expected) + "\n")


def main():
    torch.set_num_threads(1)
    target = pathlib.Path(sys.argv[1])
    for name, (config_class, model_class, settings) in MODELS.items():
        directory = target / name
        directory.mkdir(parents=True, exist_ok=True)
        write(directory, config_class, model_class, settings)
    print("transformers", t.__version__, "torch", torch.__version__)


if __name__ == "__main__":
    main()
