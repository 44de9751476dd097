# One image, several commands: tablehook api | worker | setup | keys generate.
# Debian, not Alpine: the native part of Temporal's SDK needs glibc.

FROM node:20-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY workflows workflows
COPY activities activities
COPY scripts scripts
RUN npm run build

FROM node:20-bookworm AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Temporal's SDK ships its native part for every platform; those of other systems are two thirds of it.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name '*-unknown-linux-gnu' -exec rm -r {} +

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
# The slim image has none, and Temporal's native part uses the system's.
COPY --from=dependencies /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# A number, so that Kubernetes can tell that it is not root. The process writes no file.
USER 1000:1000
EXPOSE 3000 9464
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["--help"]
