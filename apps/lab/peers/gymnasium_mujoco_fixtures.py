"""Compiled models and steps of the real Gymnasium on the real MuJoCo, for the tests of packages/mujoco.

    python apps/lab/peers/gymnasium_mujoco_fixtures.py packages/mujoco/src/fixtures

Writes one gzipped JSON file per environment:
- model: the physical constants of the compiled mjModel.
- steps: single steps, each from a given state: mj_resetData, then qpos, qvel and qacc_warmstart assigned, then
  mj_forward, then one environment step. The states are met in episodes of random actions, those before a
  termination included.
- rollouts: open-loop sequences of steps from a given state, warm start 0.
- resets: for every coordinate of qpos and qvel, the deciles over 1,000 resets, and the extremes.
- variants: the same, a few steps each, with other constructor options.
Actions are float32 (what agents send) or float64, and some lie beyond the control range. Numbers are written with
the shortest digits that read back to the same value. Needs gymnasium 1.4.0 and mujoco 3.14.0.
"""
import gzip
import json
import pathlib
import platform
import sys

import gymnasium
import mujoco
import numpy

VERSIONS = {
    "gymnasium": gymnasium.__version__,
    "mujoco": mujoco.__version__,
    "numpy": numpy.__version__,
    "python": platform.python_version(),
}

MODEL_SIZES = ["nq", "nv", "nu", "na", "nbody", "njnt", "ngeom", "nsite", "neq", "ntendon", "nexclude", "npair"]
# Without flags such as jnt_limited: MuJoCo's JavaScript bindings cannot read arrays of booleans.
MODEL_ARRAYS = [
    "qpos0 qpos_spring body_parentid body_mass body_subtreemass body_inertia body_invweight0 body_pos body_quat",
    "body_ipos body_iquat body_gravcomp body_margin jnt_type jnt_bodyid jnt_pos jnt_axis jnt_range",
    "jnt_margin jnt_stiffness jnt_solref jnt_solimp dof_armature dof_damping dof_frictionloss dof_invweight0 dof_M0",
    "dof_solref dof_solimp geom_type geom_bodyid geom_contype geom_conaffinity geom_condim geom_priority geom_size",
    "geom_pos geom_quat geom_friction geom_margin geom_gap geom_solmix geom_solref geom_solimp",
    "actuator_trntype actuator_trnid actuator_dyntype actuator_gaintype actuator_biastype actuator_gainprm",
    "actuator_biasprm actuator_gear actuator_ctrlrange actuator_forcerange actuator_acc0",
    "site_bodyid site_pos site_quat tendon_adr tendon_num tendon_stiffness tendon_damping tendon_length0",
    "tendon_invweight0 wrap_type wrap_objid wrap_prm",
]
MODEL_OPTIONS = [
    "timestep impratio tolerance ls_tolerance noslip_tolerance gravity wind magnetic density viscosity o_margin",
    "o_solref o_solimp o_friction integrator cone jacobian solver iterations ls_iterations noslip_iterations",
    "disableflags enableflags",
]


def words(lines):
    return " ".join(lines).split()


def plain(value):
    """A value as JSON can hold it."""
    if isinstance(value, numpy.ndarray):
        return [plain(entry) for entry in value.ravel().tolist()]
    if isinstance(value, numpy.generic):
        return plain(value.item())
    return value


def constants(model):
    return {
        "sizes": {name: int(getattr(model, name)) for name in MODEL_SIZES},
        "arrays": {name: plain(numpy.asarray(getattr(model, name))) for name in words(MODEL_ARRAYS)},
        "options": {name: plain(getattr(model.opt, name)) for name in words(MODEL_OPTIONS)},
        "names": {
            "body": [model.body(i).name for i in range(model.nbody)],
            "joint": [model.joint(i).name for i in range(model.njnt)],
        },
    }


def camel(name):
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def restart(raw, state):
    mujoco.mj_resetData(raw.model, raw.data)
    raw.data.qpos[:] = state["qpos"]
    raw.data.qvel[:] = state["qvel"]
    raw.data.qacc_warmstart[:] = state.get("qaccWarmstart", 0.0)
    mujoco.mj_forward(raw.model, raw.data)


def state_of(raw):
    data = raw.data
    return {"qpos": plain(data.qpos), "qvel": plain(data.qvel), "qaccWarmstart": plain(data.qacc_warmstart)}


def step(raw, action):
    observation, reward, terminated, truncated, info = raw.step(action)
    assert not truncated
    return {
        "action": action.tolist(),
        "precision": str(action.dtype),
        "observation": plain(observation),
        "reward": float(reward),
        "terminated": bool(terminated),
        "info": {camel(name): plain(value) for name, value in info.items()},
    }


def random_action(rng, raw, index):
    """Every third action is float64, every fifth goes beyond the control range."""
    space = raw.action_space
    action = rng.uniform(space.low, space.high)
    if index % 5 == 0:
        action = action * 1.5
    return action if index % 3 == 0 else action.astype(numpy.float32)


def visited(raw, rng, launches, count):
    """`count` states and actions met in episodes that begin with a reset or, every other time, with a launch."""
    found = []
    endings = []
    episode = 0
    while len(found) < 20 * count:
        raw.reset(seed=1000 + episode)
        if launches and episode % 2 == 1:
            launch = launches[(episode // 2) % len(launches)]
            qpos, qvel = raw.data.qpos.copy(), raw.data.qvel.copy()
            for name, entries in launch.items():
                for index, value in entries.items():
                    (qpos if name == "qpos" else qvel)[index] += value
            restart(raw, {"qpos": qpos, "qvel": qvel})
        for t in range(100):
            action = random_action(rng, raw, len(found))
            found.append((state_of(raw), action))
            if raw.step(action)[2]:
                endings.append(found[-1])
                break
        episode += 1
    chosen = [found[i] for i in rng.choice(len(found), size=count, replace=False)]
    # At least a tenth ends an episode, where that happens at all.
    tail = endings[: count // 10]
    return chosen[: count - len(tail)] + tail


def single_steps(raw, rng, launches, count):
    rows = []
    for state, action in visited(raw, rng, launches, count):
        restart(raw, state)
        rows.append({"state": state, **step(raw, action)})
    return rows


def rollout(raw, rng, seed, length):
    raw.reset(seed=seed)
    state = {"qpos": plain(raw.data.qpos), "qvel": plain(raw.data.qvel)}
    restart(raw, state)
    rows = []
    for t in range(length):
        rows.append(step(raw, random_action(rng, raw, t)))
        if rows[-1]["terminated"]:
            break
    return {"state": state, "steps": rows}


def variant(identifier, options, rng):
    raw = gymnasium.make(identifier, **options).unwrapped
    # JSON has no tuples and no infinity.
    named = {camel(name): list(value) if isinstance(value, tuple) else value for name, value in options.items()}
    return {"options": named, "rollout": rollout(raw, rng, 7, 6)}


def resets(raw, count):
    raw.reset(seed=5)
    starts = []
    for _ in range(count):
        raw.reset()
        starts.append(numpy.concatenate([raw.data.qpos, raw.data.qvel]))
    levels = numpy.linspace(0, 1, 11)
    # Six digits are more than 1,000 samples can tell.
    return {"count": count, "deciles": numpy.round(numpy.quantile(starts, levels, axis=0).T, 6).tolist()}


ENVIRONMENTS = {
    "inverted-pendulum": {
        "id": "InvertedPendulum-v5",
        "launches": [{"qvel": {1: 1.0}}, {"qvel": {0: 4.0}}],
        "variants": [{"frame_skip": 5}],
    },
    "inverted-double-pendulum": {
        "id": "InvertedDoublePendulum-v5",
        "launches": [{"qvel": {1: 3.0}}, {"qpos": {0: 0.95}, "qvel": {0: 8.0}}],
        "variants": [{"frame_skip": 2, "healthy_reward": 3.0}],
    },
    "reacher": {
        "id": "Reacher-v5",
        "launches": [{"qvel": {0: 20.0, 1: -15.0}}, {"qpos": {1: 2.95}, "qvel": {1: 10.0}}],
        "variants": [{"frame_skip": 5, "reward_dist_weight": 2.5, "reward_control_weight": 0.3}],
    },
    "pusher": {
        "id": "Pusher-v5",
        # The object lies where the hand reaches it at once.
        "launches": [{"qvel": {0: 2.0, 3: -1.0}}, {"qpos": {7: 0.1, 8: 0.1}, "qvel": {7: -1.0, 8: -1.0}}],
        "variants": [
            {"frame_skip": 2, "reward_near_weight": 0.3, "reward_dist_weight": 2.0, "reward_control_weight": 0.5},
        ],
    },
    "swimmer": {
        "id": "Swimmer-v5",
        "launches": [{"qvel": {0: 2.0, 2: 3.0}}, {"qpos": {3: 1.7}, "qvel": {3: 8.0}}],
        "variants": [
            {"frame_skip": 2, "forward_reward_weight": 2.5, "ctrl_cost_weight": 0.3},
            {"exclude_current_positions_from_observation": False},
        ],
    },
    "walker2d": {
        "id": "Walker2d-v5",
        "launches": [{"qvel": {0: 2.0}}, {"qpos": {1: 0.4}, "qvel": {2: 8.0}}],
        "variants": [
            {"frame_skip": 2, "forward_reward_weight": 2.5, "ctrl_cost_weight": 0.3, "healthy_reward": 0.5},
            {"terminate_when_unhealthy": False, "healthy_angle_range": (-0.002, 0.001)},
            {"exclude_current_positions_from_observation": False, "healthy_z_range": (1.2, 1.2495)},
        ],
    },
    "humanoid": {
        "id": "Humanoid-v5",
        "launches": [{"qvel": {2: 3.0, 3: 4.0}}, {"qpos": {2: -0.2}, "qvel": {0: 3.0}}],
        "variants": [
            {"frame_skip": 2, "forward_reward_weight": 2.5, "ctrl_cost_weight": 0.3, "healthy_reward": 0.5},
            {"terminate_when_unhealthy": False, "healthy_z_range": (1.39, 1.395)},
            {"contact_cost_weight": 1e-3, "contact_cost_range": (0.5, 2.0)},
            {
                "exclude_current_positions_from_observation": False,
                "include_cinert_in_observation": False,
                "include_cvel_in_observation": False,
                "include_qfrc_actuator_in_observation": False,
                "include_cfrc_ext_in_observation": False,
            },
        ],
    },
    "half-cheetah": {
        "id": "HalfCheetah-v5",
        "launches": [{"qvel": {0: 3.0}}, {"qpos": {1: 0.5}, "qvel": {2: 6.0}}],
        "variants": [
            {"frame_skip": 2, "forward_reward_weight": 2.5, "ctrl_cost_weight": 0.3},
            {"exclude_current_positions_from_observation": False},
        ],
    },
    "hopper": {
        "id": "Hopper-v5",
        "launches": [{"qvel": {0: 2.0}}, {"qpos": {1: 0.4}, "qvel": {2: 12.0}}],
        "variants": [
            {"frame_skip": 2, "forward_reward_weight": 2.5, "ctrl_cost_weight": 0.3, "healthy_reward": 0.5},
            {"terminate_when_unhealthy": False, "healthy_angle_range": (-0.002, 0.001)},
            {"exclude_current_positions_from_observation": False, "healthy_z_range": (1.2, 1.2495)},
            {"healthy_state_range": (-1.0, 1.0)},
        ],
    },
    "ant": {
        "id": "Ant-v5",
        "launches": [{"qvel": {2: 4.5}}, {"qpos": {2: 0.1}, "qvel": {3: 9.0}}, {"qvel": {0: 5.0, 4: 7.0}}],
        "variants": [
            {"frame_skip": 2, "forward_reward_weight": 2.5, "ctrl_cost_weight": 0.3, "healthy_reward": 0.5},
            {"terminate_when_unhealthy": False, "healthy_z_range": (0.7, 0.74)},
            {"contact_cost_weight": 0.1, "contact_force_range": (-0.5, 2.0), "reset_noise_scale": 0.3},
            {"main_body": 4},
            {"exclude_current_positions_from_observation": False, "include_cfrc_ext_in_observation": False},
        ],
    },
}


def write(directory, name, content):
    path = directory / f"{name}.json.gz"
    text = json.dumps({"versions": VERSIONS, **content}, separators=(",", ":"), allow_nan=False) + "\n"
    # Without the time, the same numbers give the same file.
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    ends = sum(row["terminated"] for row in content["steps"])
    print(path, path.stat().st_size, "bytes,", ends, "terminations")


def main():
    directory = pathlib.Path(sys.argv[1])
    for name, peer in ENVIRONMENTS.items():
        rng = numpy.random.default_rng(20240607)
        raw = gymnasium.make(peer["id"]).unwrapped
        content = {
            "id": peer["id"],
            "model": constants(raw.model),
            "steps": single_steps(raw, rng, peer["launches"], 200),
            "rollouts": [rollout(raw, rng, seed, 20) for seed in (11, 12, 13)],
            "resets": resets(raw, 1000),
            "variants": [variant(peer["id"], options, rng) for options in peer["variants"]],
        }
        write(directory, name, content)


if __name__ == "__main__":
    main()
