"""What every worker process has in common; import it before numpy, torch or jax, which read their threads once."""
import json
import os
import sys

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

replies = sys.stdout
# Whatever a library prints must not end up between the replies.
sys.stdout = sys.stderr


def reply(content):
    replies.write(json.dumps(content) + "\n")
    replies.flush()


def missing(error):
    """Answers, once, with Python's words about what cannot be imported, and ends."""
    reply({"missing": f"{type(error).__name__}: {error}"})
    sys.exit(0)


def requests():
    """The requests on stdin, until its end."""
    for line in sys.stdin:
        yield json.loads(line)
