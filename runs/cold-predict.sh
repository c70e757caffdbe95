#!/bin/sh
# Time and peak memory of labelling one sentence, from a cold JVM to exit. Takes the median of 5 after one warm-up.
# usage: runs/cold-predict.sh MODEL_DIR OUT.json      (needs GNU time as /usr/bin/time)
set -eu
model=$1 out=$2
cd "$(dirname "$0")/.."
once() {
    /usr/bin/time -f '%e %M' ./parlance predict "$model" "a gorgeous, witty film" 2>&1 >/dev/null | tail -n 1
}
once >/dev/null
results=$(for i in 1 2 3 4 5; do once; done | sort -n)
seconds=$(echo "$results" | awk 'NR == 3 {print $1}')
kilobytes=$(echo "$results" | awk '{print $2}' | sort -n | tail -n 1)
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
printf '{"command": "parlance predict MODEL \\"a gorgeous, witty film\\"", "seconds_median": %s, "resident_kb_max": %s, "cpu": "%s", "processors": %s}\n' \
    "$seconds" "$kilobytes" "$cpu" "$(nproc)" | tee "$out"
