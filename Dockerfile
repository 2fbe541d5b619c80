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

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="image-policy-fn" \
      org.opencontainers.image.description="Moves container images forward by Flux image policies, where manifests are rendered" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# its "type": "module" spares Node a second reading of every file
COPY --from=build /src/package.json ./
COPY --from=build /src/dist ./dist
# Node is in /nodejs/bin of the distroless images and in /usr/local/bin of the official ones
ENV PATH=/nodejs/bin:/usr/local/bin:/usr/bin:/bin
USER nobody
ENTRYPOINT ["node", "/app/dist/image-policy.js"]
