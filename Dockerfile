# syntax=docker/dockerfile:1
# Comity with all it needs, run by a user of its own. Data lies in /data; a PostgreSQL of yours is named by DATABASE_URL.
#
#   docker build --tag comity .
#   docker run --publish 8000:8000 --volume comity:/data --env COMITY_DEMO=1 comity demo-and-serve

FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY assets assets
COPY comity/ui/theme comity/ui/theme
RUN mkdir -p comity/ui/static && npm run build

FROM python:3.13-slim AS application
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client fonts-dejavu-core fonts-droid-fallback \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 1000 --home-dir /data --create-home comity
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONUNBUFFERED=1 COMITY_DATA=/data
COPY requirements.txt ./
RUN pip install --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY comity comity
COPY --from=assets /build/comity/ui/static/vendor comity/ui/static/vendor
COPY tools/words tools/container ./tools/
RUN tools/words && pip install --no-deps --no-build-isolation .

USER comity
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/', timeout=4)"]
ENTRYPOINT ["tools/container"]
CMD ["serve"]
