"""What every worker process has in common; import it before numpy, torch or jax, which read their threads once.

If the first argument of a worker is a number, it is that of its threads; default 1.
"""
import json
import os
import sys

threads = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 1
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(threads)

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
