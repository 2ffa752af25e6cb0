# The exact versions of requirements.lock, with a C++ compiler:
#   docker build -t cortex . && mkdir -p results
#   docker run --rm --user "$(id -u)" -v "$PWD/results:/work/results" cortex run copy_pair --quick
FROM python:3.12-slim

# Debian offers one version of a package at a time: a pinned one soon cannot be installed
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends g++ \
    && rm -rf /var/lib/apt/lists/*

COPY . /source
RUN pip install --no-cache-dir --requirement /source/requirements.lock \
    && pip install --no-cache-dir --no-deps /source

# Any user can write there, and has a home for what is compiled
RUN mkdir --mode 1777 /work
ENV HOME=/tmp
USER 1000
WORKDIR /work
ENTRYPOINT ["cortex"]
CMD ["--help"]
