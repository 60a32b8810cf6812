# syntax=docker/dockerfile:1

# One image for the server and for the operator's commands. Pin the tag to a digest of your registry before production.
FROM node:24-bookworm-slim AS built
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Vite's own binaries are optional packages, so that none may be left out here.
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN node scripts/build-web.ts && node scripts/build-server.ts

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages are the Node that this image has already.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional
# A tenth of what npm installs is loaded there: the server has its packages in dist.
COPY scripts/prune-image.ts ./scripts/
RUN node scripts/prune-image.ts node_modules

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
# The server is in dist; these are for its child processes and the operator's commands.
COPY package.json config.ts ./
COPY config ./config
COPY composition/compile-cache.js ./composition/
COPY locales ./locales
COPY db ./db
COPY services ./services
COPY bot/operator ./bot/operator
COPY scripts/operator-base.ts scripts/import-members.ts scripts/dossier-status.ts scripts/check-documents.ts scripts/verify-base.ts scripts/reseal-keys.ts scripts/source-places.ts scripts/compile-ahead.ts ./scripts/
COPY --from=built /app/web/dist ./web/dist
COPY --from=built /app/dist ./dist
RUN install -d -o node node_modules/.cache
USER node
# Nothing can be written where it runs: compiled here, a start takes a third less.
RUN ["node", "--import=./composition/compile-cache.js", "scripts/compile-ahead.ts"]
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3978}/health/live`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# As `npm run serve`, without npm between the signals and the server.
CMD ["node", "--no-deprecation", "--import=./composition/compile-cache.js", "--min-semi-space-size=16", "--max-semi-space-size=16", "--max-old-space-size=768", "dist/main.mjs"]
