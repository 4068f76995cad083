import json, zlib, numpy as np
from safetensors.numpy import save_file

def save_policy(model, path, environment):
    p = {name: array.cpu().numpy() for name, array in model.policy.actor.state_dict().items()}
    stack = [(p[f"latent_pi.{i}.weight"], p[f"latent_pi.{i}.bias"]) for i in range(0, 99, 2) if f"latent_pi.{i}.weight" in p]
    stack += [[np.concatenate([p[f"mu.{kind}"], p[f"log_std.{kind}"]]) for kind in ("weight", "bias")]]
    tensors = {f"layer.{i}.{kind}": np.ascontiguousarray(array.T) for i, pair in enumerate(stack) for kind, array in zip(("weight", "bias"), pair)}
    layers = [layer for i in range(len(stack)) for layer in ({"type": "dense", "weight": f"layer.{i}.weight", "bias": f"layer.{i}.bias"}, {"type": "activation", "name": "relu"})]
    bound = lambda array: [float(x) if np.isfinite(x) else "Infinity" if x > 0 else "-Infinity" for x in array.ravel()]
    box = lambda s: {"kind": "box", "shape": list(s.shape), "dataType": str(s.dtype), "low": bound(s.low), "high": bound(s.high)}
    policy = json.dumps({"version": 1, "agent": "sac", "observationSpace": box(model.observation_space), "actionSpace": box(model.action_space), "layers": layers[:-1], "head": {"type": "squashed-gaussian", "minimumLogStd": -20, "maximumLogStd": 2}, "task": None, "provenance": {"environment": environment}})
    save_file(tensors, path, {"policy": policy, "crc32": str(zlib.crc32(policy.encode() + b"".join(tensors[name].tobytes() for name in sorted(tensors))))})
