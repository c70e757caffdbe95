#!/bin/sh
# On public data sets: the linear model, the default settings, and --auto within a time; test scores and seconds of each.
# usage: runs/auto.sh DATA_DIR TIME [SET ...]      (DATA_DIR holds en-sst2/train.tsv and so on; TIME such as 5m)
set -eu
data=$1 time=$2
shift 2
cd "$(dirname "$0")/.."
models=${PARLANCE_MODELS:-target/runs}/auto
mkdir -p runs/auto "$models"

run() { # name of the set, then the options that name its files
    set=$1
    shift
    for kind in linear default auto; do
        case $kind in
            linear) how="--model linear" ;;
            default) how= ;;
            auto) how="--auto --time-budget $time" ;;
        esac
        # shellcheck disable=SC2086
        ./parlance train "$@" $how --seed 1 --output "$models/$set-$kind" --overwrite >"$models/$set-$kind.log" 2>&1
    done
    java -cp 'cli/target/lib/*' runs/AutoRecord.java "$models/$set" "runs/auto/$set.json"
}

parts() { # the options for train, dev and test files of a set
    echo --data "$data/$1/train.tsv" --validation "$data/$1/dev.tsv" --test "$data/$1/test.tsv"
}

job() {
    case $1 in
        trec) run trec --data "$data/en-trec/train.tsv" --test "$data/en-trec/test.tsv" --label-column label ;;
        trec-fine) run trec-fine --data "$data/en-trec/train.tsv" --test "$data/en-trec/test.tsv" --label-column fine_label ;;
        sick) run sick $(parts en-sick) --text-column text1 --text-pair-column text2 --label-column label ;;
        phrasebank) run phrasebank $(parts en-financial-phrasebank) --label-column label ;;
        sst2) run sst2 $(parts en-sst2) ;;
        banking77) run banking77 --data "$data/en-banking77/train.tsv" --test "$data/en-banking77/test.tsv" ;;
        thucnews) run thucnews $(parts zh-thucnews-titles) ;;
        clinc150)
            for part in train dev test; do # the 150 intents without out-of-scope queries
                awk -F'\t' 'NR == 1 || $2 != "oos"' "$data/en-clinc150/$part.tsv" >"$models/clinc150-$part.tsv"
            done
            run clinc150 --data "$models/clinc150-train.tsv" --validation "$models/clinc150-dev.tsv" \
                --test "$models/clinc150-test.tsv" --label-column label ;;
        agnews) run agnews $(parts en-agnews) ;;
        chnsenticorp) run chnsenticorp --data "$data/zh-chnsenticorp/train.tsv.gz" \
            --validation "$data/zh-chnsenticorp/dev.tsv" --test "$data/zh-chnsenticorp/test.tsv" ;;
        *) echo "unknown set $1" >&2; exit 2 ;;
    esac
}

if [ $# = 0 ]; then
    set -- trec trec-fine phrasebank sst2 banking77 clinc150 sick thucnews
fi
for name in "$@"; do
    job "$name"
done
