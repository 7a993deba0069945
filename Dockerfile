# Builds the wheel and installs it with its locked dependencies, then copies that into a bare image.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/gsef-notify
COPY requirements.lock ./
RUN /opt/gsef-notify/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /opt/gsef-notify/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data gsef-notify \
 && install -d -o gsef-notify -g gsef-notify /data /data/schedules
COPY --from=build /opt/gsef-notify /opt/gsef-notify
ENV PATH=/opt/gsef-notify/bin:$PATH \
    PYTHONTZPATH="" \
    PYTHONUNBUFFERED=1 \
    GSEF_NOTIFY_HOST=0.0.0.0
USER gsef-notify
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["gsef-notify"]
CMD ["serve"]
