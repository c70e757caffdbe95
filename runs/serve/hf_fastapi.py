"""Hugging Face's text-classification pipeline behind FastAPI, as a good engineer writes it: requests that wait are run together, sorted by
length, on a thread of their own, while the event loop goes on. What runs/serve.sh compares with.

    python runs/serve/hf_fastapi.py MODEL_DIR --port 8082 --threads 2

Needs `transformers`, `torch`, `fastapi` and `uvicorn[standard]` (uvloop and httptools). POST /predict {"inputs": "a text"} answers
[{"label": ..., "score": ...}].
"""

import argparse
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import torch
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from transformers import pipeline

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--max-batch", type=int, default=128, help="requests that are run together")
parser.add_argument("--batch-size", type=int, default=32, help="texts of like length that the model takes at once")
parser.add_argument("--max-delay", type=float, default=0.005, help="seconds that a request waits for others")
arguments = parser.parse_args()

torch.set_num_threads(arguments.threads)
classifier = pipeline("text-classification", model=arguments.model, device="cpu", truncation=True)
waiting: asyncio.Queue = asyncio.Queue()
worker = ThreadPoolExecutor(max_workers=1)


def classify(texts):
    with torch.inference_mode():
        return classifier(texts, batch_size=arguments.batch_size)


async def gather():
    """The requests that wait, and those that come within the delay."""
    items = [await waiting.get()]
    loop = asyncio.get_running_loop()
    end = loop.time() + arguments.max_delay
    while len(items) < arguments.max_batch:
        try:
            items.append(waiting.get_nowait())
        except asyncio.QueueEmpty:
            left = end - loop.time()
            if left <= 0:
                break
            try:
                items.append(await asyncio.wait_for(waiting.get(), left))
            except asyncio.TimeoutError:
                break
    return items


async def run_batches():
    loop = asyncio.get_running_loop()
    while True:
        items = sorted(await gather(), key=lambda item: len(item[0]))
        try:
            answers = await loop.run_in_executor(worker, classify, [text for text, _ in items])
            for (_, future), answer in zip(items, answers):
                if not future.done():
                    future.set_result(answer)
        except Exception as error:  # noqa: BLE001 - every request of the batch is told
            for _, future in items:
                if not future.done():
                    future.set_exception(error)


@asynccontextmanager
async def lifespan(_):
    task = asyncio.create_task(run_batches())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


class Request(BaseModel):
    inputs: str


@app.post("/predict")
async def predict(request: Request):
    future = asyncio.get_running_loop().create_future()
    waiting.put_nowait((request.inputs, future))
    return [await future]


@app.get("/health")
async def health():
    return {"status": "ok"}


uvicorn.run(app, host="127.0.0.1", port=arguments.port, log_level="warning", access_log=False)
