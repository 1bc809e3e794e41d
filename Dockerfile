FROM python:3.11-slim
WORKDIR /app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes --requirement requirements/run.txt
COPY . .
RUN useradd --create-home --uid 10001 cxalign && mkdir /data && chown cxalign /data \
    && python tools/messages.py compile && chown -R cxalign cxalign/locale
USER cxalign
EXPOSE 8000
