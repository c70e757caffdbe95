#!/usr/bin/env bash
# Throughput and latency of parlance serve beside ONNX Runtime alone, Hugging Face's pipeline behind FastAPI and other servers, which take
# turns on this machine with the same texts: SST-2 and AG News, 1 to 512 connections.
# usage: runs/serve.sh MODEL_DIR DATA_DIR OUT.json [INT8_MODEL_DIR]     (needs a built command: ./parlance --version)
# Environment: PEERS_PYTHON (a Python with transformers, torch, fastapi, uvicorn[standard]; none: without that peer), OTHERS (servers that run
# already and take {"inputs": "a text"}, such as DJL Serving: NAME=URL,PID, with spaces between), ROUNDS (3), SECONDS_EACH (8), WARM_UP (2),
# CONNECTIONS (1,8,64,512), RATES (0.5,0.8)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
model=$(cd "$1" && pwd) data=$(cd "$2" && pwd) out=$3 int8=${4:-}
work=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$work"
}
trap cleanup EXIT
ulimit -n "$(ulimit -Hn)"

# Waits until a server answers; prints its log and fails if it does not.
await() {
    for _ in $(seq 600); do
        curl -sf -o "$work/answer" "$1" 2>/dev/null && return 0
        kill -0 "${pids[-1]}" 2>/dev/null || break
        sleep 0.2
    done
    cat "$work/log" >&2
    echo "runs/serve.sh: nothing answers $1" >&2
    exit 1
}

targets=()
serve() {
    local name=$1 port=$2 directory=$3
    "$root/parlance" serve "model=$directory" --port "$port" >"$work/log" 2>&1 &
    pids+=($!)
    await "http://127.0.0.1:$port/health"
    targets+=(--target "$name=http://127.0.0.1:$port/predict,$!")
}

"$root/parlance" --version >&2
serve parlance-fp32 18080 "$model"
raws=(--raw "raw-fp32=$model" --idle "health=http://127.0.0.1:18080/health,${pids[0]}")
if [ -n "$int8" ]; then
    serve parlance-int8 18081 "$(cd "$int8" && pwd)"
    raws+=(--raw "raw-int8=$int8")
fi
if [ -n "${PEERS_PYTHON:-}" ]; then
    "$PEERS_PYTHON" "$root/runs/serve/hf_fastapi.py" "$model" --port 18082 --threads "$(nproc)" >"$work/log" 2>&1 &
    pids+=($!)
    await http://127.0.0.1:18082/health
    targets+=(--target "hugging-face-fastapi=http://127.0.0.1:18082/predict,$!")
fi
for other in ${OTHERS:-}; do
    targets+=(--target "$other")
done

"$root/runs/serve/java.sh" LoadGenerator "${targets[@]}" "${raws[@]}" \
    --texts "sst2=$data/en-sst2/test.tsv" --texts "agnews=$data/en-agnews/test.tsv" \
    --connections "${CONNECTIONS:-1,8,64,512}" --rates "${RATES-0.5,0.8}" --warm-up "${WARM_UP:-2}" \
    --seconds "${SECONDS_EACH:-8}" --rounds "${ROUNDS:-3}" --out "$out"
