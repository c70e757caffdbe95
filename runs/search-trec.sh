#!/bin/sh
# Searches settings for TREC within a time, then trains the default settings and the best found with three seeds each and
# compares them on the test data, which the search has not seen.
# usage: runs/search-trec.sh DATA_DIR OUT.json [TIME]      (DATA_DIR holds en-trec/train.tsv; TIME such as 40m)
set -eu
data=$1 out=$2 time=${3:-40m}
cd "$(dirname "$0")/.."
work=${PARLANCE_MODELS:-target/runs}/search-trec
mkdir -p "$work"
rm -rf "$work/search"
settings="--data $data/en-trec/train.tsv --test $data/en-trec/test.tsv --label-column label --model minilm
    --metric-for-best-model accuracy"
# shellcheck disable=SC2086
./parlance search $settings --output "$work/unused" --final-model=false --search-dir "$work/search" \
    --param training.learning_rate=3e-5..1e-3:log --param training.num_train_epochs=2..8:int \
    --param training.per_device_train_batch_size=16,32 --param training.label_smoothing_factor=0..0.2 \
    --method tpe --scheduler asha --startup-trials 6 --time-budget "$time" --json >"$work/result.json"
for seed in 1 2 3; do
    # shellcheck disable=SC2086
    ./parlance train $settings --seed "$seed" --output "$work/default-$seed" --overwrite >"$work/default-$seed.log" 2>&1
    ./parlance train --config "$work/search/best.yaml" --seed "$seed" --output "$work/best-$seed" --overwrite \
        >"$work/best-$seed.log" 2>&1
done
java -cp 'cli/target/lib/*' runs/SearchRecord.java "$work" "$out"
