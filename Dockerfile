# The server, with the workflows of a folder compiled in, as the only program of an image:
#
#     docker build --tag workflow-server .
#     docker build --tag workflow-server --build-arg WORKFLOWS=my/workflows --build-arg FEATURES=temporal .
#
# The program is linked statically, against musl: it needs nothing of the image that it is put into.
# So that image can be empty, with no shell and no library in it that would want updates; or, with
# `--build-arg BASE=…`, whichever has the programs that your connectors over stdio start.

ARG BASE=scratch

FROM rust:1.95.0-slim-bookworm AS build
# The compiler of this image, without the linters that rust-toolchain.toml would fetch.
ENV RUSTUP_TOOLCHAIN=1.95.0
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates musl-tools \
 && rm -rf /var/lib/apt/lists/* \
 && rustup target add "$(uname -m)-unknown-linux-musl"
WORKDIR /src

# All that this is built on, in a layer that stays while workflows are edited: the package is built
# with nothing in it.
ARG FEATURES=
COPY Cargo.toml Cargo.lock build.rs ./
COPY bench bench
COPY docs/diagnostics docs/diagnostics
COPY library library
COPY samples samples
COPY tests tests
COPY workflow-compiler workflow-compiler
COPY workflow-macros workflow-macros
COPY workflow-runtime workflow-runtime
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    mkdir src workflows \
 && touch src/lib.rs \
 && echo 'fn main() {}' > src/main.rs \
 && cargo build --release --locked --target "$(uname -m)-unknown-linux-musl" \
        --features "$FEATURES" --bin workflow-server

# The package itself. Its files may be older than what has just been built, and are new all the same.
ARG WORKFLOWS=workflows
COPY src src
COPY ${WORKFLOWS} workflows
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    touch build.rs src/lib.rs src/main.rs \
 && cargo build --release --locked --target "$(uname -m)-unknown-linux-musl" \
        --features "$FEATURES" --bin workflow-server \
 && install -D --strip "target/$(uname -m)-unknown-linux-musl/release/workflow-server" \
        /image/workflow-server \
 && install -d -m 700 /folders/data /folders/files \
 && install -d -m 1777 /folders/tmp

# hadolint ignore=DL3006
FROM ${BASE}
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /image/workflow-server /usr/local/bin/
# `data` is for the store, `files` for what the workflows' tools work on.
COPY --from=build --chown=65532:65532 /folders/ /
ENV PATH=/usr/local/bin:/usr/bin:/bin \
    WORKFLOW_STORE=/data/runs.sqlite \
    WORKFLOW_TRANSPORT=http \
    WORKFLOW_ADDR=0.0.0.0:8484 \
    LOG_FORMAT=json
USER 65532:65532
VOLUME /data
EXPOSE 8484
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["workflow-server", "health"]
ENTRYPOINT ["workflow-server"]
CMD ["serve"]
