#!/bin/sh
# What a program that uses parlance-core brings along: its jars with their sizes, and how much of each is native libraries.
# usage: runs/footprint.sh OUT.json
set -eu
out=$1
cd "$(dirname "$0")/.."
mvn -B -ntp -q -pl core -Dmaven.test.skip=true -Dspotless.check.skip=true package
core=$(find core/target -maxdepth 1 -name 'parlance-core-*.jar' ! -name '*-sources.jar')
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$core:$(cat core/target/runtime-class-path.txt)" runs/Footprint.java "$out" \
    "$core:$(cat core/target/runtime-class-path.txt)"
