#!/bin/sh
# Trains the linear model on public data sets and records each run's scores beside it; then how fast one of them predicts.
# usage: runs/linear.sh DATA_DIR [NAME ...]      (DATA_DIR holds en-sst2/train.tsv and so on)
set -eu
data=$1
shift
cd "$(dirname "$0")/.."
out=runs/linear
models=${PARLANCE_MODELS:-target/runs}
mkdir -p "$out" "$models"

run() { # name, then options of parlance train
    name=$1
    shift
    ./parlance train --model linear "$@" --output "$models/linear-$name" --overwrite >"$models/linear-$name.log" 2>&1
    java -cp 'cli/target/lib/*' runs/Record.java "$models/linear-$name" "$out/$name.json"
}

parts() { # the options for train, dev and test files of a set
    echo --data "$data/$1/train.tsv" --validation "$data/$1/dev.tsv" --test "$data/$1/test.tsv"
}

job() {
    case $1 in
        trec) run trec --data "$data/en-trec/train.tsv" --test "$data/en-trec/test.tsv" --label-column label ;;
        sst2) run sst2 $(parts en-sst2) ;;
        agnews) run agnews $(parts en-agnews) ;;
        banking77) run banking77 --data "$data/en-banking77/train.tsv" --test "$data/en-banking77/test.tsv" ;;
        chnsenticorp) run chnsenticorp --data "$data/zh-chnsenticorp/train.tsv.gz" \
            --validation "$data/zh-chnsenticorp/dev.tsv" --test "$data/zh-chnsenticorp/test.tsv" ;;
        thucnews) run thucnews $(parts zh-thucnews-titles) ;;
        speed)
            for name in trec thucnews; do
                case $name in trec) file=en-trec/train.tsv ;; *) file=zh-thucnews-titles/test.tsv ;; esac
                java -cp 'cli/target/parlance-cli.jar:cli/target/lib/*' runs/LinearThroughput.java \
                    "$models/linear-$name" "$data/$file" "$out/predict-$name.json"
            done ;;
        *) echo "unknown run $1" >&2; exit 2 ;;
    esac
}

if [ $# = 0 ]; then
    set -- trec sst2 agnews banking77 chnsenticorp thucnews speed
fi
for name in "$@"; do
    job "$name"
done
