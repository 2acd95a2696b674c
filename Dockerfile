# One image for every process of wharf: `docker run wharf worker inventory`.
FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /var/lib/wharf wharf
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY tables tables
COPY streams streams
COPY adapters adapters
COPY ops ops
RUN pip install --no-cache-dir --no-deps --no-build-isolation --no-index -e .
USER wharf
VOLUME /var/lib/wharf
ENTRYPOINT ["wharf"]
CMD ["--help"]
