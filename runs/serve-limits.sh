#!/usr/bin/env bash
# What parlance serve does at its limits: three times the load that it can take, a million requests, kill -9 while it works, and malformed
# requests. Each writes DIRECTORY/NAME.json.
# usage: runs/serve-limits.sh MODEL_DIR DATA_DIR DIRECTORY [overload|soak|kill|fuzz ...]      (all four, if none is named)
# Environment: OVERLOAD_SECONDS (120), SATURATION_SECONDS (20), SOAK_REQUESTS (1000000), KILL_REQUESTS (20000), KILLS (3), FUZZ_REQUESTS (100000)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
model=$(cd "$1" && pwd) texts=$(cd "$2" && pwd)/en-sst2/test.tsv
mkdir -p "$3"
out=$(cd "$3" && pwd)
shift 3
[ $# -gt 0 ] || set -- overload soak kill fuzz
port=18084 url=http://127.0.0.1:18084
work=$(mktemp -d)
server=
stop() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" || true
    server=
}
trap 'stop; rm -rf "$work"' EXIT
ulimit -n "$(ulimit -Hn)"

start() {
    "$root/parlance" serve "model=$model" --port "$port" >"$work/log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        curl -sf -o "$work/answer" "$url/health" 2>/dev/null && return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.2
    done
    cat "$work/log" >&2
    exit 1
}
status=0
run() {
    "$root/runs/serve/java.sh" "$@" || status=1
}

"$root/parlance" --version >&2
for what in "$@"; do
    case $what in
        overload)
            start
            run Overload --url "$url/predict" --pid "$server" --texts "$texts" --out "$out/overload.json" \
                --seconds "${OVERLOAD_SECONDS:-120}" --saturation-seconds "${SATURATION_SECONDS:-20}"
            stop
            ;;
        soak)
            start
            run Soak --url "$url/predict" --pid "$server" --texts "$texts" --out "$out/soak.json" --requests "${SOAK_REQUESTS:-1000000}"
            stop
            ;;
        kill)
            run KillRestart --start "exec '$root/parlance' serve 'model=$model' --port $port 2>'$work/log'" --url "$url/predict" \
                --health "$url/health" --texts "$texts" --out "$out/kill.json" \
                --requests "${KILL_REQUESTS:-20000}" --kills "${KILLS:-3}"
            ;;
        fuzz)
            start
            run Fuzz --url "$url" --pid "$server" --model model --out "$out/fuzz.json" --requests "${FUZZ_REQUESTS:-100000}"
            stop
            ;;
        *)
            echo "runs/serve-limits.sh: '$what', expected overload, soak, kill or fuzz" >&2
            exit 2
            ;;
    esac
done
exit "$status"
