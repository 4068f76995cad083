"""Random models solved by hmmlearn, dynamax and pgmpy, for the parity tests of packages/pgm.

    python apps/lab/peers/pgm_fixtures.py packages/pgm/src

Writes hmm/fixtures/hmmlearn.json, hmm/fixtures/dynamax.json, lgssm/fixtures/dynamax.json and
factor-graph/fixtures/pgmpy.json below that folder, 20 models of each kind from fixed seeds, with the versions that
solved them. Models are written as `maxent infer` reads them; numbers with the shortest digits that read back to the
same value. dynamax computes in float64 here. Needs the packages of requirements.txt.
"""
import json
import logging
import pathlib
import platform
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import dynamax
import hmmlearn
import jax
import numpy
import pgmpy
from hmmlearn.hmm import CategoricalHMM, GaussianHMM

jax.config.update("jax_enable_x64", True)

from dynamax.hidden_markov_model import hmm_posterior_mode, hmm_smoother
from dynamax.linear_gaussian_ssm.inference import lgssm_smoother, make_lgssm_params
from pgmpy.factors.discrete import DiscreteFactor
from pgmpy.inference import VariableElimination
from pgmpy.models import DiscreteMarkovNetwork

MODELS = 20
VERSIONS = {
    "dynamax": dynamax.__version__,
    "hmmlearn": hmmlearn.__version__,
    "jax": jax.__version__,
    "numpy": numpy.__version__,
    "pgmpy": pgmpy.__version__,
    "python": platform.python_version(),
}


def write(path, packages, models):
    versions = {name: VERSIONS[name] for name in (*packages, "numpy", "python")}
    rows = ",\n".join(json.dumps(model, separators=(",", ":"), allow_nan=False) for model in models)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{{"versions":{json.dumps(versions)},"models":[\n{rows}\n]}}\n')
    print(path, path.stat().st_size, "bytes")


def numbers(array):
    return numpy.asarray(array, dtype=numpy.float64).tolist()


def rows(rng, count, length, zeros=0.0):
    """`count` random distributions; each entry but the first is 0 with probability `zeros`."""
    weights = rng.dirichlet(numpy.ones(length), size=count)
    weights[:, 1:][rng.random((count, length - 1)) < zeros] = 0
    return weights / weights.sum(axis=1, keepdims=True)


def hmmlearn_models():
    for seed in range(MODELS):
        for kind in ("categorical", "gaussian"):
            rng = numpy.random.default_rng([seed, kind == "gaussian"])
            states = int(rng.integers(1, 6))
            length = int(rng.integers(1, 13))
            initial = rows(rng, 1, states)[0]
            # Every other model has transitions that cannot happen.
            transition = rows(rng, states, states, zeros=0.3 * (seed % 2))
            if kind == "categorical":
                symbols = int(rng.integers(2, 5))
                probs = rows(rng, states, symbols)
                model = CategoricalHMM(states, implementation="log")
                model.n_features = symbols
                model.emissionprob_ = probs
                emission = {"kind": kind, "probs": numbers(probs)}
                observations = rng.integers(0, symbols, size=length)
            else:
                means, stds = rng.normal(0, 3, size=states), rng.uniform(0.2, 2, size=states)
                model = GaussianHMM(states, covariance_type="diag", implementation="log")
                model.means_ = means[:, None]
                model.covars_ = stds[:, None] ** 2
                emission = {"kind": kind, "means": numbers(means), "stds": numbers(stds)}
                observations = rng.normal(0, 3, size=length)
            model.startprob_, model.transmat_ = initial, transition
            log_likelihood, posteriors = model.score_samples(observations[:, None])
            path_log_probability, path = model.decode(observations[:, None], algorithm="viterbi")
            yield {
                "kind": "hmm",
                "initial": numbers(initial),
                "transition": numbers(transition),
                "emission": emission,
                "observations": observations.tolist(),
                "answer": {
                    "logLikelihood": float(log_likelihood),
                    "smoothed": numbers(posteriors),
                    "viterbi": {"path": path.tolist(), "logProbability": float(path_log_probability)},
                },
            }


def dynamax_hmm_models():
    for seed in range(MODELS):
        rng = numpy.random.default_rng(1000 + seed)
        states = int(rng.integers(2, 6))
        length = int(rng.integers(2, 11))
        initial = rows(rng, 1, states)[0]
        transition = rows(rng, states, states)
        log_likelihoods = rng.normal(0, 3, size=(length, states))
        posterior = hmm_smoother(initial, transition, log_likelihoods)
        yield {
            "kind": "hmm",
            "initial": numbers(initial),
            "transition": numbers(transition),
            "emission": {"kind": "logLikelihoods", "values": numbers(log_likelihoods)},
            "answer": {
                "logLikelihood": float(posterior.marginal_loglik),
                "filtered": numbers(posterior.filtered_probs),
                "predicted": numbers(posterior.predicted_probs),
                "smoothed": numbers(posterior.smoothed_probs),
                "viterbi": {"path": numpy.asarray(hmm_posterior_mode(initial, transition, log_likelihoods)).tolist()},
            },
        }


def covariance(rng, size):
    factor = rng.normal(size=(size, size))
    # dynamax adds 1e-9 to the diagonal of what it inverts: with larger variances that changes less.
    return factor @ factor.T + 0.5 * numpy.eye(size)


def dynamax_lgssm_models():
    """Ten plain models, five with inputs and offsets, five whose F changes over time.

    dynamax writes z_t = F_t z_{t-1} + B u_t + b, maxent z_{t+1} = F_t z_t + B u_t + b, so that F and the inputs of the
    dynamics are written one step earlier.
    """
    for seed in range(MODELS):
        rng = numpy.random.default_rng(2000 + seed)
        n, m, length = int(rng.integers(1, 5)), int(rng.integers(1, 4)), int(rng.integers(2, 8))
        mean, initial_covariance = rng.normal(size=n), covariance(rng, n)
        F, Q = rng.normal(size=(n, n)) / numpy.sqrt(n), covariance(rng, n)
        H, R = rng.normal(size=(m, n)), covariance(rng, m)
        observations = rng.normal(0, 2, size=(length, m))
        effects, inputs, extra = {}, None, {}
        written_F = F
        if 10 <= seed < 15:
            size = int(rng.integers(1, 4))
            inputs = rng.normal(size=(length, size))
            B, D, b, d = rng.normal(size=(n, size)), rng.normal(size=(m, size)), rng.normal(size=n), rng.normal(size=m)
            effects = {
                "dynamics_input_weights": B,
                "emissions_input_weights": D,
                "dynamics_bias": b,
                "emissions_bias": d,
            }
            ahead = numpy.vstack([inputs[1:], numpy.zeros((1, size))])
            extra = {
                "B": numbers(numpy.hstack([B, numpy.zeros((n, size))])),
                "D": numbers(numpy.hstack([numpy.zeros((m, size)), D])),
                "b": numbers(b),
                "d": numbers(d),
                "inputs": numbers(numpy.hstack([ahead, inputs])),
            }
        if seed >= 15:
            F = rng.normal(size=(length, n, n)) / numpy.sqrt(n)
            written_F = F[1:]
        parameters = make_lgssm_params(
            *(jax.numpy.array(value) for value in (mean, initial_covariance, F, Q, H, R)),
            **{name: jax.numpy.array(value) for name, value in effects.items()},
        )
        posterior = lgssm_smoother(
            parameters, jax.numpy.array(observations), None if inputs is None else jax.numpy.array(inputs)
        )
        yield {
            "kind": "lgssm",
            "initialMean": numbers(mean),
            "initialCovariance": numbers(initial_covariance),
            "F": numbers(written_F),
            "Q": numbers(Q),
            "H": numbers(H),
            "R": numbers(R),
            **extra,
            "observations": numbers(observations),
            "answer": {
                "logLikelihood": float(posterior.marginal_loglik),
                "filteredMeans": numbers(posterior.filtered_means),
                "filteredCovariances": numbers(posterior.filtered_covariances),
                "smoothedMeans": numbers(posterior.smoothed_means),
                "smoothedCovariances": numbers(posterior.smoothed_covariances),
            },
        }


def pgmpy_models():
    for seed in range(MODELS):
        rng = numpy.random.default_rng(3000 + seed)
        names = [f"X{i}" for i in range(int(rng.integers(3, 8)))]
        sizes = {name: int(rng.integers(2, 4)) for name in names}
        # A chain, so that everything hangs together, and factors of up to three variables anywhere: with loops.
        scopes = [[a, b] for a, b in zip(names, names[1:])]
        scopes += [list(rng.choice(names, size=int(rng.integers(1, 4)), replace=False)) for _ in range(3)]
        scopes = [[str(name) for name in scope] for scope in scopes]
        tables = []
        for scope in scopes:
            table = rng.gamma(0.7, size=[sizes[name] for name in scope])
            table[rng.random(table.shape) < 0.1 * (seed % 2)] = 0
            table.flat[0] = 1
            tables.append(table)
        graph = DiscreteMarkovNetwork()
        graph.add_nodes_from(names)
        graph.add_edges_from({(a, b) for scope in scopes for a in scope for b in scope if a < b})
        graph.add_factors(
            *(DiscreteFactor(scope, table.shape, table) for scope, table in zip(scopes, tables))
        )
        # State 0 of everything has a positive weight, so that no evidence of zeros is impossible.
        evidence = {} if seed % 3 == 0 else {names[int(rng.integers(len(names)))]: 0}
        free = [name for name in names if name not in evidence]
        queries = [[name] for name in free] + [list(map(str, rng.choice(free, size=2, replace=False)))]
        elimination = VariableElimination(graph)
        marginals = []
        for query in queries:
            found = elimination.query(query, evidence=evidence, show_progress=False)
            # For a network without directions pgmpy leaves the sum at the partition function given the evidence.
            partition = found.values.sum()
            marginals.append({"variables": query, "values": numbers(found.values / partition)})
        if not evidence:
            partition = graph.get_partition_function()
        mode = elimination.map_query(free, evidence=evidence, show_progress=False)
        yield {
            "kind": "factor-graph",
            "variables": sizes,
            "factors": [
                {"variables": scope, "values": numbers(table)} for scope, table in zip(scopes, tables)
            ],
            "evidence": evidence,
            "queries": queries,
            "answer": {
                "logPartition": float(numpy.log(partition)),
                "marginals": marginals,
                "map": {**evidence, **{name: int(state) for name, state in mode.items()}},
            },
        }


def main():
    directory = pathlib.Path(sys.argv[1])
    write(directory / "hmm/fixtures/hmmlearn.json", ["hmmlearn"], hmmlearn_models())
    write(directory / "hmm/fixtures/dynamax.json", ["dynamax", "jax"], dynamax_hmm_models())
    write(directory / "lgssm/fixtures/dynamax.json", ["dynamax", "jax"], dynamax_lgssm_models())
    write(directory / "factor-graph/fixtures/pgmpy.json", ["pgmpy"], pgmpy_models())


if __name__ == "__main__":
    main()
