#!/bin/sh
# Exports classifiers in 8 bits, with ranges of each batch and with known ones, and keeps each receipt.
# usage: runs/quantize.sh DATA_DIR [NAME ...]     (DATA_DIR holds en-sst2/train.tsv and so on; NAME: sst2, agnews, chnsenticorp)
# PARLANCE_MODELS (else target/runs) holds the trained models; one that is missing is trained first.
set -eu
data=$1
shift
cd "$(dirname "$0")/.."
out=runs/quantize
models=${PARLANCE_MODELS:-target/runs}
mkdir -p "$out" "$models"

receipts() { # name, model, test file
    for method in dynamic static; do
        ./parlance export "$2" --int8 --int8-method $method --data "$3" --max-score-drop 1 --measured-rows 10000 \
            --output "$models/$1-int8-$method" --overwrite >&2
        cp "$models/$1-int8-$method/quantization.json" "$out/$1-$method.json"
    done
}

train() { # name, then options of parlance train
    name=$1
    shift
    [ -f "$models/$name/model.safetensors" ] || ./parlance train "$@" --seed 1 --output "$models/$name" --overwrite
}

for job in "${@:-sst2 agnews chnsenticorp}"; do
    for set in $job; do
        case $set in
            sst2)
                train sst2-minilm-1 --data "$data/en-sst2/train.tsv" --validation "$data/en-sst2/dev.tsv" \
                    --test "$data/en-sst2/test.tsv" --model minilm --num-train-epochs 3 --learning-rate 1e-4
                receipts sst2-minilm "$models/sst2-minilm-1" "$data/en-sst2/test.tsv" ;;
            agnews)
                train agnews-minilm-1 --data "$data/en-agnews/train.tsv" --validation "$data/en-agnews/dev.tsv" \
                    --test "$data/en-agnews/test.tsv" --model minilm --num-train-epochs 1 --learning-rate 1e-4
                receipts agnews-minilm "$models/agnews-minilm-1" "$data/en-agnews/test.tsv" ;;
            chnsenticorp)
                train chnsenticorp-bge-small-zh-1 --data "$data/zh-chnsenticorp/train.tsv.gz" \
                    --validation "$data/zh-chnsenticorp/dev.tsv" --test "$data/zh-chnsenticorp/test.tsv" \
                    --model bge-small-zh --num-train-epochs 3 --learning-rate 1e-4
                receipts chnsenticorp-bge-small-zh "$models/chnsenticorp-bge-small-zh-1" \
                    "$data/zh-chnsenticorp/test.tsv" ;;
            *)
                echo "unknown set '$set', expected sst2, agnews or chnsenticorp" >&2
                exit 2 ;;
        esac
    done
done
