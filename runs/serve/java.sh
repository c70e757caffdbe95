#!/bin/sh
# Compiles the programs of this folder, if they changed, against the built command, and runs one.
# usage: runs/serve/java.sh CLASS [ARGUMENT ...]
set -eu
root=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd -P)
jars="$root/cli/target/parlance-cli.jar:$root/cli/target/lib/*${SERVE_RUNS_CLASS_PATH:+:$SERVE_RUNS_CLASS_PATH}"
classes=$root/cli/target/serve-runs
java_home=${JAVA_HOME:+$JAVA_HOME/bin/}
if [ -z "$(find "$classes/built" -newer "$root/runs/serve" 2>/dev/null)" ] ||
    [ -n "$(find "$root/runs/serve" -name '*.java' -newer "$classes/built")" ]; then
    mkdir -p "$classes"
    "${java_home}javac" -Xlint:all,-processing,-path,-classfile,-serial -Werror -proc:none -d "$classes" -cp "$jars" "$root"/runs/serve/*.java
    touch "$classes/built"
fi
# The generator shares the processors with the server: a small heap, one collector thread.
exec "${java_home}java" -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$classes:$jars" "$@"
