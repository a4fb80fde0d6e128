# The service: libraries from the lock file with their hashes, then the code, run by nobody in particular.
FROM python:3.11-slim AS libraries
COPY requirements.txt /
RUN python -m venv /venv \
 && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home kruzhok
COPY --from=libraries /venv /venv
WORKDIR /app
COPY locales locales
COPY bot bot
RUN /venv/bin/python -m compileall -q bot
USER kruzhok
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 WEB_HOST=0.0.0.0 WEB_PORT=8080
EXPOSE 8080
# whether this process can take anything; a messenger that is away leaves the web and the office to work
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz/here', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
