# syntax=docker/dockerfile:1
# Two images: the default one, and `--target with-browser` with Chromium for pages that only scripts write.
# The base is pinned to a version. Pin it to a digest too where builds must be reproducible:
#   docker build --build-arg NODE_IMAGE=node:24.11.1-bookworm-slim@sha256:… .
# For several machines at once: docker buildx build --platform linux/amd64,linux/arm64 .
ARG NODE_IMAGE=node:24.11.1-bookworm-slim

# JavaScript is the same for all: it is built once, on the machine that builds.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The scripts of packages are not needed, and the build of this one comes later, when its sources are there.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

# Packages have parts for one kind of machine each.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM ${NODE_IMAGE} AS base
# glibc keeps an arena of memory for each thread, of which extraction has many: two save a fifth (docs/scaling.md).
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=2 \
    SOURCELINK_CONFIG=/config \
    SOURCELINK_DATA=/data \
    HOME=/tmp
WORKDIR /app
RUN mkdir /config /data && chown node:node /config /data
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json README.md CHANGELOG.md LICENSE ./
COPY docs/licences.md ./docs/
COPY config/*.yaml config/*.json ./config/
COPY demo/outlets ./demo/outlets
COPY site/assets ./site/assets
COPY site/pages ./site/pages
# Everything else may be read-only: writes go to /data and /tmp.
VOLUME /data
USER node
STOPSIGNAL SIGTERM
# For `start` and single commands. compose.yaml asks each of its processes over HTTP instead, which costs less.
HEALTHCHECK --interval=60s --timeout=30s --start-period=60s --retries=3 \
  CMD ["node", "dist/cli/main.js", "doctor", "--json"]
# Run it with an init (`docker run --init`, `init: true`): Chromium leaves children behind.
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["start"]

FROM base AS with-browser
USER root
RUN apt-get update \
  && apt-get install -y --no-install-recommends chromium fonts-noto-core fonts-noto-cjk \
  && rm -rf /var/lib/apt/lists/*
ENV SOURCELINK_BROWSER=/usr/bin/chromium
USER node

FROM base AS default
