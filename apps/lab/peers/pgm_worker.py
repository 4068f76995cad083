"""The peers' side of `lab bench pgm`: `pgm_worker.py hmmlearn|dynamax|scipy`, one process each.

One JSON object per line; requests on stdin, replies on stdout:
    {"command": "describe"}                             {"versions": {...}}
    {"command": "exchange", "directory": PATH}          {}; reads the problem, NAME.f64 and NAME.u32, and compiles
    {"command": "work", "work": NAME, "count": N}       {"seconds": S}
    {"command": "answer", "work": NAME, "path": PATH}   {}; writes what the work computes as float64
    {"command": "memory"}                               {"peakBytes": B}
A package that cannot be imported is answered, once, by {"missing": PYTHON'S WORDS}. Stops at the end of stdin.
dynamax computes in float64 when started with JAX_ENABLE_X64=1 and in float32, its default, otherwise.
"""
import pathlib
import platform
import resource
import sys
import time

from worker import missing, reply, requests

PEER = sys.argv[1]
try:
    import numpy

    if PEER == "hmmlearn":
        import hmmlearn
        from hmmlearn.hmm import GaussianHMM
    elif PEER == "dynamax":
        import dynamax
        import jax
        from dynamax.linear_gaussian_ssm.inference import lgssm_filter, make_lgssm_params
    else:
        import scipy
        import scipy.sparse
        from scipy.sparse import _sparsetools
        from scipy.special import logsumexp
except Exception as error:
    missing(error)


def read(directory):
    types = {".f64": numpy.float64, ".u32": numpy.uint32}
    return {
        path.stem: numpy.fromfile(path, dtype=types[path.suffix])
        for path in pathlib.Path(directory).iterdir()
        if path.suffix in types
    }


class Hmmlearn:
    """Posteriors and log-likelihood by `score_samples`."""

    versions = {"hmmlearn": lambda: hmmlearn.__version__}

    def load(self, arrays):
        states = len(arrays["initial"])
        self.observations = arrays["observations"][:, None]
        self.models = {}
        for implementation in ("log", "scaling"):
            model = GaussianHMM(states, covariance_type="diag", implementation=implementation)
            model.startprob_ = arrays["initial"]
            model.transmat_ = arrays["transition"].reshape(states, states)
            model.means_ = arrays["means"][:, None]
            model.covars_ = arrays["stds"][:, None] ** 2
            self.models[implementation] = model

    def work(self, implementation):
        return self.models[implementation].score_samples(self.observations)

    def answer(self, implementation):
        log_likelihood, posteriors = self.work(implementation)
        return numpy.concatenate([[log_likelihood], posteriors.ravel()])


class Dynamax:
    """The Kalman filter, compiled before it is measured."""

    versions = {"dynamax": lambda: dynamax.__version__, "jax": lambda: jax.__version__}

    def load(self, arrays):
        n = len(arrays["initialMean"])
        m = len(arrays["H"]) // n
        shapes = {"initialMean": (n,), "initialCovariance": (n, n), "F": (n, n), "Q": (n, n), "H": (m, n), "R": (m, m)}
        params = make_lgssm_params(
            *(jax.numpy.array(arrays[name].reshape(shape)) for name, shape in shapes.items())
        )
        self.observations = jax.numpy.array(arrays["observations"].reshape(-1, m))
        self.filter = jax.jit(lambda observations: lgssm_filter(params, observations))
        self.work("filter")

    def work(self, _):
        return jax.block_until_ready(self.filter(self.observations))

    def answer(self, name):
        posterior = self.work(name)
        parts = (posterior.marginal_loglik, posterior.filtered_means, posterior.filtered_covariances)
        return numpy.concatenate([numpy.asarray(part, dtype=numpy.float64).ravel() for part in parts])


class Scipy:
    """Sweeps of soft value iteration: as one writes them with scipy, and in place with numpy."""

    versions = {"scipy": lambda: scipy.__version__}

    def load(self, arrays):
        self.discount, self.temperature = arrays["parameters"]
        self.reward = arrays["reward"]
        self.terminal = numpy.flatnonzero(arrays["terminal"])
        self.states = len(arrays["terminal"])
        self.actions = len(self.reward) // self.states
        offsets, columns = arrays["rowOffsets"].astype(numpy.int32), arrays["columns"].astype(numpy.int32)
        shape = (self.states * self.actions, self.states)
        self.transition = scipy.sparse.csr_array((arrays["probabilities"], columns, offsets), shape=shape)
        self.value = numpy.zeros(self.states)
        self.in_place = None

    def work(self, name):
        if name == "scipy":
            self.value = self.scipy_sweep(self.value)
        else:
            if self.in_place is None:
                self.in_place = InPlaceSweep(self)
            self.value = self.in_place.sweep(self.value)

    def scipy_sweep(self, value):
        expected = (self.transition @ value).reshape(self.states, self.actions)
        q = self.reward.reshape(self.states, self.actions) + self.discount * expected
        value = self.temperature * logsumexp(q / self.temperature, axis=1)
        value[self.terminal] = 0
        return value

    def answer(self, name, sweeps=30):
        self.value = numpy.zeros(self.states)
        for _ in range(sweeps):
            self.work(name)
        return self.value


class InPlaceSweep:
    """The same sweep without allocations, with one matrix for each action, so that all numpy calls see long runs of
    numbers, and in blocks of states whose intermediate results stay in the cache. The product of sparse rows and a
    vector is the routine that scipy itself calls."""

    BLOCK = 16384

    def __init__(self, problem):
        states, actions = problem.states, problem.actions
        rows = numpy.arange(states) * actions
        self.matrices = [problem.transition[rows + action] for action in range(actions)]
        self.reward = (problem.reward.reshape(states, actions) / problem.temperature).T.copy()
        self.scale = problem.discount / problem.temperature
        self.temperature, self.terminal, self.states = problem.temperature, problem.terminal, states
        self.q = numpy.empty((actions, self.BLOCK))
        self.largest = numpy.empty(self.BLOCK)
        self.out = numpy.empty(states)

    def sweep(self, value):
        for start in range(0, self.states, self.BLOCK):
            end = min(start + self.BLOCK, self.states)
            q, largest, out = self.q[:, : end - start], self.largest[: end - start], self.out[start:end]
            q.fill(0)
            for row, matrix in zip(q, self.matrices):
                _sparsetools.csr_matvec(
                    end - start, self.states, matrix.indptr[start : end + 1], matrix.indices, matrix.data, value, row
                )
            q *= self.scale
            q += self.reward[:, start:end]
            numpy.max(q, axis=0, out=largest)
            q -= largest
            numpy.exp(q, out=q)
            numpy.sum(q, axis=0, out=out)
            numpy.log(out, out=out)
            out += largest
            out *= self.temperature
        self.out[self.terminal] = 0
        # The caller's array is written next.
        done, self.out = self.out, value
        return done


def main():
    peer = {"hmmlearn": Hmmlearn, "dynamax": Dynamax, "scipy": Scipy}[PEER]()
    for request in requests():
        command = request["command"]
        if command == "describe":
            versions = {"python": platform.python_version(), "numpy": numpy.__version__}
            reply({"versions": {**versions, **{name: version() for name, version in peer.versions.items()}}})
        elif command == "exchange":
            peer.load(read(request["directory"]))
            reply({})
        elif command == "work":
            start = time.perf_counter()
            for _ in range(request["count"]):
                peer.work(request["work"])
            reply({"seconds": time.perf_counter() - start})
        elif command == "answer":
            peer.answer(request["work"]).tofile(request["path"])
            reply({})
        else:
            # Linux counts in KiB.
            reply({"peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024})


if __name__ == "__main__":
    main()
