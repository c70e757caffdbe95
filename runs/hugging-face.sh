#!/bin/sh
# The same fine-tuning in Parlance and in Hugging Face's Trainer (its defaults, and grouped by length), taking turns; before
# each the speed of matrix products, which says whether the machine was the same.
# usage: runs/hugging-face.sh DATA_DIR PYTHON EPOCHS SEED ...      (PYTHON has torch, transformers, accelerate, scikit-learn)
# Prints JSON lines and adds them to runs/hugging-face/results.jsonl.
set -eu
data=$1 python=$2 epochs=$3
shift 3
cd "$(dirname "$0")/.."
out=runs/hugging-face/results.jsonl
work=target/hugging-face
mkdir -p runs/hugging-face "$work"
[ -d "$work/minilm" ] || ./parlance models export minilm "$work/minilm" >&2
sst2=$data/en-sst2

ours() { # with the environment that ./parlance train sets
    MALLOC_ARENA_MAX=2 MALLOC_TOP_PAD_=268435456 MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=8589934592 \
        java -cp 'cli/target/lib/*:cli/target/parlance-cli.jar' runs/TrainOnce.java data.train="$sst2/train.tsv" \
        data.validation="$sst2/dev.tsv" data.test="$sst2/test.tsv" model.model_name_or_path="$work/minilm" \
        training.learning_rate=1e-4 training.num_train_epochs="$epochs" training.precision=fp32 training.seed="$1" \
        training.save_strategy=no tracking.report_to=none \
        output_dir="$work/model" overwrite_output_dir=true
}

theirs() {
    seed=$1
    shift
    OMP_NUM_THREADS=$(nproc) "$python" runs/hf_finetune.py "$work/minilm" "$sst2/train.tsv" "$sst2/test.tsv" \
        --epochs "$epochs" --lr 1e-4 --seed "$seed" --threads "$(nproc)" "$@" 2>/dev/null | tail -n 1
}

timed() {
    java -cp 'cli/target/lib/*:cli/target/parlance-cli.jar' runs/MachineSpeed.java | tee -a "$out"
    "$@" | tee -a "$out"
}

for seed in "$@"; do
    timed ours "$seed"
    timed theirs "$seed"
    timed theirs "$seed" --group-by-length
done
