"""Runs of every model file of dm_control in Python's MuJoCo, for `bench robot-models`.

    python apps/lab/peers/dm_control_models.py STEPS

Prints one JSON document: the folder of dm_control and, for every MJCF file in it, either MuJoCo's message why it is not
a model by itself, or a digest of the polygons of its meshes' convex hulls and a run: controls and qpos, qvel and
sensordata after every step from the model's initial state, and the largest error of a second run whose qpos began 1e-15
larger in every entry. If that error is above 1e-9, the run also has the full state before each step and how far 16 other
steps from near by, 1e-15 to 1e-13 off in every entry of qpos, end from it; and a model with meshes has another run without
contacts. Controls are uniform within their range, -1 to 1 where there is none. Errors are relative to numbers above 1.
Needs dm_control 1.0.47, of which nothing is imported, and mujoco 3.14.0.
"""
import hashlib
import importlib.metadata
import importlib.util
import json
import pathlib
import platform
import sys

import mujoco
import numpy

PERTURBATION = 1e-15
NEIGHBORS = 16
LIMIT = 1e-9
INTEGRATION = mujoco.mjtState.mjSTATE_INTEGRATION


def outputs(data):
    return numpy.concatenate([data.qpos, data.qvel, data.sensordata])


def error(found, expected):
    return float((numpy.abs(found - expected) / numpy.maximum(1, numpy.abs(expected))).max(initial=0))


def steps_of(model, controls, perturbation):
    """qpos, qvel and sensordata after every step, and the full states before."""
    data = mujoco.MjData(model)
    data.qpos += perturbation
    mujoco.mj_forward(model, data)
    states, full = [], []
    for control in controls:
        full.append(numpy.empty(mujoco.mj_stateSize(model, INTEGRATION)))
        mujoco.mj_getState(model, data, full[-1], INTEGRATION)
        data.ctrl[:] = control
        mujoco.mj_step(model, data)
        states.append(outputs(data))
    return numpy.array(states), numpy.array(full)


def spread(model, before, control, after):
    """The largest error of single steps that begin beside a state."""
    rng = numpy.random.default_rng(1)
    data = mujoco.MjData(model)
    largest = 0.0
    for i in range(NEIGHBORS):
        mujoco.mj_setState(model, data, before, INTEGRATION)
        data.qpos += PERTURBATION * 10 ** (i % 3) * rng.choice([-1, 1], size=model.nq)
        data.ctrl[:] = control
        mujoco.mj_step(model, data)
        largest = max(largest, error(outputs(data), after))
    return largest


def run(model, controls):
    states, full = steps_of(model, controls, 0)
    beside, _ = steps_of(model, controls, PERTURBATION)
    perturbed = error(beside, states)
    answer = {
        "controls": controls.tolist(),
        "states": states.tolist(),
        "perturbedError": perturbed,
        "before": None,
        "spreads": None,
    }
    if perturbed > LIMIT:
        answer["before"] = full.tolist()
        answer["spreads"] = [spread(model, *step) for step in zip(full, controls, states)]
    return answer


def compare(model, rng, steps):
    limited = model.actuator_ctrllimited.astype(bool)
    low = numpy.where(limited, model.actuator_ctrlrange[:, 0], -1)
    high = numpy.where(limited, model.actuator_ctrlrange[:, 1], 1)
    controls = rng.uniform(low, high, size=(steps, model.nu))
    answer = {"run": run(model, controls), "withoutContacts": None}
    if answer["run"]["before"] is not None and model.nmesh > 0:
        model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
        answer["withoutContacts"] = run(model, controls)
    return {
        **answer,
        "hulls": hashlib.sha256(model.mesh_polyvert.astype("<i4").tobytes()).hexdigest(),
        "has": {
            "meshes": model.nmesh,
            "height fields": model.nhfield,
            "tendons": model.ntendon,
            "equality constraints": model.neq,
            "sensors": model.nsensor,
        },
    }


def main():
    steps = int(sys.argv[1])
    rng = numpy.random.default_rng(20240607)
    folder = pathlib.Path(importlib.util.find_spec("dm_control").submodule_search_locations[0])
    models = []
    for path in sorted(folder.rglob("*.xml")):
        file = path.relative_to(folder).as_posix()
        try:
            model = mujoco.MjModel.from_xml_path(str(path))
        except ValueError as error:
            models.append({"file": file, "problem": " ".join(str(error).split())})
            continue
        models.append({"file": file, **compare(model, rng, steps)})
    versions = {
        "dm_control": importlib.metadata.version("dm_control"),
        "mujoco": mujoco.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }
    json.dump({"versions": versions, "folder": str(folder), "models": models}, sys.stdout, allow_nan=False)


if __name__ == "__main__":
    main()
