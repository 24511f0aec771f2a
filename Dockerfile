# The image of the one binary `myashes`.
#
#   docker build --tag myashes-backend .
#   docker run --rm -p 8000:8000 -e DATABASE_URL=postgres://… -e TRUSTED_PROXIES=none myashes-backend
#
# Both bases are pinned by digest, so that the same commit gives the same image.
ARG RUST_VERSION=1.95.0
ARG RUST_BASE=docker.io/library/rust:1.95.0-bookworm@sha256:6258907abe69656e41cd992e0b705cdcfabcbbe3db374f92ed2d47121282d4a1
ARG RUNTIME_BASE=gcr.io/distroless/cc-debian12:nonroot@sha256:9dac0a79194e45a7da0158a9c6da57b217585af0786db3845d1f0ec1a0dd182f
# Where the runtime stage takes the binary from: the build stage below, or an image
# that holds a binary made elsewhere at /out/myashes (deploy/tools/image-check.sh).
ARG BINARY_FROM=build

# ---- toolchain: Rust and cargo-chef, the same for every stage that compiles ------------
FROM ${RUST_BASE} AS chef
ARG RUST_VERSION
# rust-toolchain.toml names 1.95; without this, rustup would fetch that channel anew
# although the base image holds exactly the release we want.
ENV RUSTUP_TOOLCHAIN=${RUST_VERSION} \
    CARGO_TERM_COLOR=never \
    CARGO_INCREMENTAL=0
WORKDIR /src
RUN cargo install cargo-chef --locked --version 0.1.78

# ---- plan: the list of dependencies, which changes seldom ------------------------------
FROM chef AS plan
COPY Cargo.toml Cargo.lock rust-toolchain.toml ./
COPY .cargo .cargo
COPY crates crates
COPY xtask xtask
RUN cargo chef prepare --recipe-path recipe.json

# ---- build: dependencies from the plan (a cached layer), then the binary ---------------
FROM chef AS build
COPY --from=plan /src/recipe.json recipe.json
COPY crates/api/viewer crates/api/viewer
RUN cargo chef cook --release --locked --package myashes-api --recipe-path recipe.json
COPY Cargo.toml Cargo.lock rust-toolchain.toml ./
COPY .cargo .cargo
COPY crates crates
COPY xtask xtask
COPY migrations migrations
COPY game game
# The revision reaches `build_info` and the logs. It is declared as late as possible: an
# ARG that changes with every commit would otherwise spoil the layers above.
ARG REVISION=unknown
ENV MYASHES_REVISION=${REVISION}
RUN cargo build --release --locked --package myashes-api --bin myashes \
    && install -D --mode=0755 target/release/myashes /out/myashes

# ---- test: what `docker compose run --rm test` runs ------------------------------------
FROM chef AS test
RUN rustup component add clippy rustfmt
COPY . .
# Tests start servers and make temporary files; nothing here needs root.
RUN useradd --uid 65532 --create-home tester \
    && mkdir target \
    && chown --recursive tester:tester /src /usr/local/cargo
USER 65532:65532
HEALTHCHECK NONE
CMD ["cargo", "xtask", "test"]

# ---- the binary, from the build stage unless BINARY_FROM says otherwise ----------------
# hadolint ignore=DL3006
FROM ${BINARY_FROM} AS binary

# ---- runtime: glibc, CA certificates, the binary; no shell, no package manager ---------
# hadolint ignore=DL3006
FROM ${RUNTIME_BASE} AS runtime
ARG VERSION=1.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="myashes-backend" \
      org.opencontainers.image.description="HTTP service of MyAshes.ai: builds, votes, feedback and search analytics" \
      org.opencontainers.image.url="https://myashes.ai" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
COPY --from=binary --chown=0:0 --chmod=0755 /out/myashes /usr/local/bin/myashes
# TRUSTED_PROXIES is not set, and production refuses to start without it: behind a proxy that is
# not named, all visitors would share the limits of one. A container that is reached directly
# gets TRUSTED_PROXIES=none.
ENV HOST=0.0.0.0 \
    ENV=production \
    METRICS_ADDR=0.0.0.0:9090
USER 65532:65532
WORKDIR /
EXPOSE 8000 9090
STOPSIGNAL SIGTERM
# Longer than SHUTDOWN_GRACE is of no use here: Docker's own stop timeout is the operator's
# (docker stop --time 40). The check starts the same binary, since there is no shell.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["/usr/local/bin/myashes", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/myashes"]
CMD ["serve"]
