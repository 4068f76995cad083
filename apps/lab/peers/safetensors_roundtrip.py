"""Safetensors files exchanged with the reference implementation, Python's `safetensors`.

    python apps/lab/peers/safetensors_roundtrip.py write packages/core/src/fixtures/python-safetensors.json

writes a file with Python and stores its bytes (base64, as tests read JSON) for packages/core/src/safetensors.test.ts.

    node apps/lab/peers/safetensors_write.mjs OUT.safetensors
    python apps/lab/peers/safetensors_roundtrip.py check OUT.safetensors

writes a file with @maxent/core and checks that Python reads the same names, types, shapes, values and metadata. Build
@maxent/core first. Needs safetensors 0.8.0 and numpy.
"""
import base64
import json
import pathlib
import platform
import sys

import numpy
import safetensors
import safetensors.numpy

METADATA = {"format": "maxent", "note": "line\nbreak and \u03c0"}


def tensors():
    """One tensor per element type, with special values, an empty one, a scalar, and a length that is no multiple of 8."""
    return {
        "layer.weight": numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 3,
        "special": numpy.array([numpy.inf, -numpy.inf, -0.0, numpy.pi], dtype=numpy.float64),
        "steps": numpy.array([-1, 2**31 - 1, -(2**31)], dtype=numpy.int32),
        "words": numpy.array([0, 2**32 - 1], dtype=numpy.uint32),
        "flags": numpy.array([0, 1, 255], dtype=numpy.uint8),
        "empty": numpy.zeros((0, 4), dtype=numpy.float32),
        "scalar": numpy.array(0.1, dtype=numpy.float64),
    }


def write(path):
    content = {
        "versions": {
            "safetensors": safetensors.__version__,
            "numpy": numpy.__version__,
            "python": platform.python_version(),
        },
        "base64": base64.b64encode(safetensors.numpy.save(tensors(), metadata=METADATA)).decode(),
    }
    pathlib.Path(path).write_text(json.dumps(content, indent=2) + "\n")


def check(path):
    expected = tensors()
    with safetensors.safe_open(path, framework="numpy") as file:
        assert file.metadata() == METADATA, file.metadata()
        assert sorted(file.keys()) == sorted(expected), list(file.keys())
        for name, tensor in expected.items():
            found = file.get_tensor(name)
            assert found.dtype == tensor.dtype, (name, found.dtype)
            assert found.shape == tensor.shape, (name, found.shape)
            assert found.tobytes() == tensor.tobytes(), name
    print(f"{path}: {len(expected)} tensors and the metadata are as expected")


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](sys.argv[2])
