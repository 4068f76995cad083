"""Extracts TensorFlow's C library and headers from the tensorflow-cpu wheel on PyPI.

    python3 packages/backend/scripts/tensorflow_from_wheel.py DIR [--wheel FILE]
    pnpm native:link --from DIR

The wheel (about 270 MB) is downloaded with pip unless you give a file. DIR then holds lib and include, about 1.1 GB.
Any Python 3 works: the library does not depend on it. Linux with glibc 2.27 or later, x86_64 or aarch64.
"""

import argparse
import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "2.21.0"
LIBRARIES = {"libtensorflow_cc.so.2", "libtensorflow_framework.so.2"}


def download(directory: Path) -> Path:
    # The tags name one wheel of this release; they need not match the Python that runs this.
    tags = ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"]
    target = ["--platform", f"manylinux_2_27_{platform.machine()}"]
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--only-binary=:all:", *tags, *target, "--dest", str(directory), f"tensorflow-cpu=={VERSION}"],
        check=True,
    )
    return next(directory.glob("*.whl"))


def extract(wheel: Path, target: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            parts = info.filename.split("/")
            if info.is_dir() or parts[0] != "tensorflow" or len(parts) < 2:
                continue
            if parts[1] == "include":
                path = target.joinpath(*parts[1:])
            elif len(parts) == 2 and parts[1] in LIBRARIES:
                path = target / "lib" / parts[1]
            else:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as source, open(path, "wb") as out:
                while block := source.read(1 << 20):
                    out.write(block)
    missing = [name for name in LIBRARIES if not (target / "lib" / name).exists()]
    if missing:
        sys.exit(f"{wheel} does not contain {', '.join(missing)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--wheel", type=Path, help="a wheel that you already have")
    arguments = parser.parse_args()
    if arguments.wheel is not None:
        extract(arguments.wheel, arguments.directory)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            extract(download(Path(temporary)), arguments.directory)
    print(f"TensorFlow {VERSION} is in {arguments.directory}")


if __name__ == "__main__":
    main()
