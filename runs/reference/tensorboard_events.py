"""Writes train/src/test/resources/dev/parlance/train/track/events.fixture with TensorBoard's own messages and record writer,
and reads it back with TensorBoard's reader. With a directory as argument it only reads the event files there and says what
TensorBoard finds in them.

    pip install tensorboard==2.21.0
    python runs/reference/tensorboard_events.py [runs/20260102-150405-reviews]
"""

import base64
import json
import pathlib
import struct
import sys
import tempfile

from tensorboard.backend.event_processing.event_accumulator import STORE_EVERYTHING_SIZE_GUIDANCE, EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.summary.writer.record_writer import RecordWriter

FIXTURE = pathlib.Path(__file__).parents[2] / "train/src/test/resources/dev/parlance/train/track/events.fixture"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAH0lEQVR4AQEUAOv/AP8AAAD/AAAA/wAAAAD///+AgIA+2Ad7Fyow3gAAAABJRU5ErkJggg=="
)


def float32(number):
    return struct.unpack("<f", struct.pack("<f", number))[0]


def histogram(numbers):
    """Four buckets to each power of two, read off the bits of a float; runs of empty buckets become one."""
    numbers = [float32(n) for n in numbers]
    half = 255 << 2
    edge = lambda bucket: struct.unpack("<f", struct.pack("<I", bucket << 21))[0]
    buckets = [0] * (2 * half)
    for number in numbers:
        bucket = (struct.unpack("<I", struct.pack("<f", number))[0] & 0x7FFFFFFF) >> 21
        buckets[half - 1 - bucket if number < 0 else half + bucket] += 1
    last = max(i for i, count in enumerate(buckets) if count)
    kept = [i for i in range(last + 1) if buckets[i] or (i < last and buckets[i + 1])]
    return HistogramProto(
        min=min(numbers),
        max=max(numbers),
        num=len(numbers),
        sum=sum(numbers),
        sum_squares=sum(n * n for n in numbers),
        bucket_limit=[-edge(half - 1 - i) + 0.0 if i < half else edge(i - half + 1) for i in kept],
        bucket=[buckets[i] for i in kept],
    )


def events():
    yield Event(wall_time=1_700_000_000.5, file_version="brain.Event:2")

    def event(step, **value):
        return Event(wall_time=1_700_000_000.5, step=step, summary=Summary(value=[Summary.Value(**value)]))

    yield event(
        0,
        tag="config",
        tensor=TensorProto(
            dtype="DT_STRING",
            tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)]),
            string_val=["# 设置\n\n    learning_rate: 0.0001".encode()],
        ),
        metadata=SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text")),
    )
    yield event(1, tag="train/loss", simple_value=0.6931)
    yield event(2, tag="train/loss", simple_value=0.5)
    yield event(2, tag="eval/accuracy", simple_value=0.75)
    yield event(2, tag="weights/classifier.weight", histo=histogram([-1.5, -0.25, 0, 0.3, 0.3, 2]))
    yield event(
        2,
        tag="eval/confusion_matrix",
        image=Summary.Image(height=2, width=3, colorspace=3, encoded_image_string=PNG),
    )


def read(directory):
    reader = EventAccumulator(str(directory), size_guidance=STORE_EVERYTHING_SIZE_GUIDANCE)
    reader.Reload()
    tags = reader.Tags()
    return {
        "scalars": {tag: [[e.step, e.value] for e in reader.Scalars(tag)][:3] for tag in tags["scalars"]},
        "histograms": {tag: [[e.step, e.histogram_value.num] for e in reader.Histograms(tag)][:2] for tag in tags["histograms"]},
        "images": {tag: [[e.step, e.width, e.height] for e in reader.Images(tag)][:3] for tag in tags["images"]},
        "texts": {
            tag: reader.Tensors(tag)[0].tensor_proto.string_val[0].decode()[:60]
            for tag in tags["tensors"]
            if reader.SummaryMetadata(tag).plugin_data.plugin_name == "text"
        },
    }


def main():
    if len(sys.argv) > 1:
        print(json.dumps(read(sys.argv[1]), indent=1, ensure_ascii=False))
        return
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    with open(FIXTURE, "wb") as out:
        writer = RecordWriter(out)
        for event in events():
            writer.write(event.SerializeToString(deterministic=True))
    with tempfile.TemporaryDirectory() as directory:
        copy = pathlib.Path(directory) / "events.out.tfevents.1700000000.host"
        copy.write_bytes(FIXTURE.read_bytes())
        found = read(directory)
    assert found["scalars"] == {"train/loss": [[1, float32(0.6931)], [2, 0.5]], "eval/accuracy": [[2, 0.75]]}, found
    assert found["histograms"] == {"weights/classifier.weight": [[2, 6.0]]}, found
    assert found["images"] == {"eval/confusion_matrix": [[2, 3, 2]]}, found
    assert found["texts"]["config"].startswith("# 设置"), found
    print(f"{FIXTURE}: {FIXTURE.stat().st_size} bytes")


main()
