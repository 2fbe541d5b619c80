# The function as a container image: `docker build -t localhost/image-policy-fn .`; see docs/container.md
#
# The final stage has only COPY, so it can be built for every platform without emulation, and without pulling an image:
# NODE_IMAGE can be any image with Node and a user `nobody`, and `--build-context build=FOLDER` replaces the first stage.

ARG BUILD_IMAGE=docker.io/library/node:24-slim
# Node and its libraries, without a shell or npm; kustomize and kpt run functions as the user `nobody`, which it has
ARG NODE_IMAGE=gcr.io/distroless/nodejs24-debian13

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.types.json ./
COPY scripts scripts
COPY functions functions
COPY src src
RUN npm ci --ignore-scripts && node scripts/build.mjs

# V8 accepts stored code only from the same Node, so this stage compiles in the image that will run the program. An image that is
# built for another platform has no stored code: the program works but starts more slowly.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS compile
USER 0
WORKDIR /src
# Node is in /nodejs/bin of the distroless images and in /usr/local/bin of the official ones
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin
COPY --from=build /src/scripts ./scripts
COPY --from=build /src/dist ./dist
RUN ["node", "scripts/code-cache.mjs"]

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="image-policy-fn" \
      org.opencontainers.image.description="Moves container images forward by Flux image policies, where manifests are rendered" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# its "type": "module" saves Node from reading every file twice
COPY --from=build /src/package.json ./
COPY --from=compile /src/dist ./dist
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin
USER nobody
ENTRYPOINT ["node", "/app/dist/image-policy.js"]
