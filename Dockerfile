# An image that serves models: a Java runtime and the command without training, so no libtorch. docs/container.md says how to use it.
#
#     docker build -t parlance .
#     docker run --rm --read-only --tmpfs /tmp -p 8080:8080 -v "$PWD/models/reviews:/opt/parlance/models/reviews:ro" parlance reviews

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 docker/assemble.sh /image

# C and C++ libraries, certificates and a user; no shell.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /image/opt /opt
ENV PARLANCE_HOME=/opt/parlance/home \
    PARLANCE_HOSTNAME=0.0.0.0 \
    PORT=8080 \
    LC_ALL=C.UTF-8 \
    MALLOC_ARENA_MAX=2
WORKDIR /opt/parlance/models
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/opt/parlance/java/bin/java", "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp", "/opt/parlance/app/parlance-cli.jar", "dev.parlance.server.http.HealthCheck"]
ENTRYPOINT ["/opt/parlance/java/bin/java", "-XX:MaxRAMPercentage=50", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", "/opt/parlance/app/parlance-cli.jar", "dev.parlance.cli.Main", "serve"]
