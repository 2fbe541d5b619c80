# The function as a container image: `docker build -t image-policy-fn .`
#
# The final stage is COPY only. So it is built for every platform without emulation, and where no image can be pulled:
# NODE_IMAGE may be any image with Node and a user `nobody`, and `--build-context build=FOLDER` stands in for the first stage.

ARG BUILD_IMAGE=docker.io/library/node:24-slim
# Node and its libraries, no shell, no npm; kustomize and kpt run functions as its user `nobody`
ARG NODE_IMAGE=gcr.io/distroless/nodejs24-debian13

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.types.json ./
COPY scripts scripts
COPY functions functions
COPY src src
RUN npm ci

# V8 takes back what it compiled only in the same Node, so it compiles in the image in which it will run. Built for another
# platform, the program starts without, 12 ms slower.
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
# its "type": "module" spares Node a second reading of every file
COPY --from=build /src/package.json ./
COPY --from=compile /src/dist ./dist
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin
USER nobody
ENTRYPOINT ["node", "/app/dist/image-policy.js"]
