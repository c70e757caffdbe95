#!/bin/sh
# Fine-tunes built-in encoders on public data sets and records each run's scores beside it.
# usage: runs/text-classification.sh DATA_DIR [NAME ...]      (DATA_DIR holds en-sst2/train.tsv and so on)
set -eu
data=$1
shift
cd "$(dirname "$0")/.."
out=runs/text-classification
models=${PARLANCE_MODELS:-target/runs}
mkdir -p "$out" "$models"

run() { # name, seed, then options of parlance train
    name=$1 seed=$2
    shift 2
    ./parlance train "$@" --seed "$seed" --output "$models/$name" --overwrite >"$models/$name.log" 2>&1
    java -cp 'cli/target/lib/*' runs/Record.java "$models/$name" "$out/$name.json"
}

job() {
    name=$1 seed=${1##*-}
    case $name in
        sst2-minilm-*) run "$name" "$seed" --data "$data/en-sst2/train.tsv" --validation "$data/en-sst2/dev.tsv" \
            --test "$data/en-sst2/test.tsv" --model minilm --num-train-epochs 3 --learning-rate 1e-4 ;;
        sst2-bge-small-en-*) run "$name" "$seed" --data "$data/en-sst2/train.tsv" --validation "$data/en-sst2/dev.tsv" \
            --test "$data/en-sst2/test.tsv" --model bge-small-en --num-train-epochs 3 --learning-rate 1e-4 ;;
        agnews-minilm-*) run "$name" "$seed" --data "$data/en-agnews/train.tsv" --validation "$data/en-agnews/dev.tsv" \
            --test "$data/en-agnews/test.tsv" --model minilm --num-train-epochs 1 --learning-rate 1e-4 ;;
        trec-minilm-*) run "$name" "$seed" --data "$data/en-trec/train.tsv" --test "$data/en-trec/test.tsv" \
            --label-column label --model minilm --num-train-epochs 5 --learning-rate 1e-4 ;;
        banking77-minilm-*) run "$name" "$seed" --data "$data/en-banking77/train.tsv" --test "$data/en-banking77/test.tsv" \
            --model minilm --num-train-epochs 4 --learning-rate 3e-4 ;;
        clinc150-minilm-*)
            for part in train dev test; do # the 150 intents without out-of-scope queries
                awk -F'\t' 'NR == 1 || $2 != "oos"' "$data/en-clinc150/$part.tsv" >"$models/clinc150-$part.tsv"
            done
            run "$name" "$seed" --data "$models/clinc150-train.tsv" --validation "$models/clinc150-dev.tsv" \
                --test "$models/clinc150-test.tsv" --label-column label --model minilm --num-train-epochs 3 \
                --learning-rate 3e-4 ;;
        phrasebank-minilm-*) run "$name" "$seed" --data "$data/en-financial-phrasebank/train.tsv" \
            --validation "$data/en-financial-phrasebank/dev.tsv" --test "$data/en-financial-phrasebank/test.tsv" \
            --label-column label --model minilm --num-train-epochs 4 --learning-rate 1e-4 ;;
        chnsenticorp-bge-small-zh-*) run "$name" "$seed" --data "$data/zh-chnsenticorp/train.tsv.gz" \
            --validation "$data/zh-chnsenticorp/dev.tsv" --test "$data/zh-chnsenticorp/test.tsv" --model bge-small-zh \
            --num-train-epochs 1 --learning-rate 1e-4 ;;
        thucnews-bge-small-zh-*) run "$name" "$seed" --data "$data/zh-thucnews-titles/train.tsv" \
            --validation "$data/zh-thucnews-titles/dev.tsv" --test "$data/zh-thucnews-titles/test.tsv" \
            --model bge-small-zh --num-train-epochs 2 --learning-rate 1e-4 ;;
        *) echo "unknown run $name" >&2; exit 2 ;;
    esac
}

if [ $# = 0 ]; then
    set -- trec-minilm-1 phrasebank-minilm-1 sst2-minilm-1 thucnews-bge-small-zh-1 banking77-minilm-1 agnews-minilm-1 \
        sst2-minilm-2 clinc150-minilm-1 sst2-minilm-3 chnsenticorp-bge-small-zh-1 sst2-bge-small-en-1 \
        sst2-bge-small-en-2 sst2-bge-small-en-3
fi
for name in "$@"; do
    job "$name"
done
