#!/bin/sh
# Puts together what the image holds, below a directory: a Java runtime, the command without training, natives of this platform.
# The Dockerfile runs it, and docker/check.sh does where there is no Docker.
# usage: docker/assemble.sh DIRECTORY        (needs a JDK 17 or later, and Maven unless the command is built)
set -eu
image=$1
root=$(CDPATH='' cd "$(dirname "$0")/.." && pwd -P)
home=$image/opt/parlance
tools=${JAVA_HOME:+$JAVA_HOME/bin/}
major=$("${tools}jlink" --version | sed 's/[^0-9].*//')

# What serving uses of the JDK: besides the obvious, java.net.http sends traces, jdk.unsupported has signals and Unsafe.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.crypto.ec,jdk.management,jdk.unsupported

case $(uname -m) in
    aarch64 | arm64) onnx=linux-aarch64 tokenizers=linux-aarch64 ;;
    *) onnx=linux-x64 tokenizers=linux-x86_64 ;;
esac

build() {
    (cd "$root" && mvn -B -ntp -q -pl cli -am -Dmaven.test.skip=true -Dspotless.check.skip=true package)
}

# The command and its libraries, less those that only training needs.
copy_jars() {
    mkdir -p "$home/app/lib"
    cp "$root/cli/target/parlance-cli.jar" "$home/app/"
    names "$root/server/target/runtime-class-path.txt" >"$image/server.txt"
    names "$root/train/target/runtime-class-path.txt" | grep -vxF -f "$image/server.txt" >"$image/train.txt"
    for jar in "$root"/cli/target/lib/*.jar; do
        name=${jar##*/}
        case $name in
            parlance-train-*) ;;
            *) grep -qxF "$name" "$image/train.txt" || cp "$jar" "$home/app/lib/" ;;
        esac
    done
    rm "$image/server.txt" "$image/train.txt"
}

# The file names of a class path.
names() {
    tr ":" "\n" <"$1" | sed 's|.*/||'
}

# Leaves in a jar, of its native libraries, only those of one platform.
slim() {
    jar=$1 natives=$2 platform=$3
    work=$image/slim
    mkdir "$work"
    (cd "$work" && "${tools}jar" --extract --file "$jar")
    find "$work/$natives" -mindepth 1 -maxdepth 1 -type d ! -name "$platform" -exec rm -rf {} +
    mv "$work/META-INF/MANIFEST.MF" "$image/manifest"
    "${tools}jar" --create --file "$jar" --manifest "$image/manifest" -C "$work" .
    rm -rf "$work" "$image/manifest"
}

link_java() {
    compress=zip-6
    [ "$major" -ge 21 ] || compress=2
    "${tools}jlink" --add-modules "$modules" --strip-java-debug-attributes --no-header-files --no-man-pages \
        --compress "$compress" --output "$home/java"
}

# Runs a model of ten words once. Natives lie ready then, and the running container need not write them.
unpack_natives() {
    access=
    [ "$major" -lt 22 ] || access=--enable-native-access=ALL-UNNAMED
    PARLANCE_HOME=$home/home "$home/java/bin/java" $access -XX:TieredStopAtLevel=1 -cp "$home/app/parlance-cli.jar" \
        dev.parlance.cli.Main warm-up
}

built() {
    for file in cli/target/parlance-cli.jar server/target/runtime-class-path.txt train/target/runtime-class-path.txt; do
        [ -f "$root/$file" ] || return 1
    done
}

built || build
built || {
    echo "docker/assemble.sh: the build made no class paths, expected them in server/target and train/target" >&2
    exit 1
}
mkdir -p "$home/models"
copy_jars
slim "$(find "$home/app/lib" -name 'onnxruntime-[0-9]*.jar')" ai/onnxruntime/native "$onnx"
slim "$(find "$home/app/lib" -name 'tokenizers-[0-9]*.jar')" native/lib "$tokenizers"
link_java
unpack_natives
chmod -R a+rX "$image/opt"
