"""Makes src/fixtures/stable-baselines3.json: a SAC policy of Stable-Baselines3, as our file, and its own actions."""

import base64, json, pathlib, runpy, sys, tempfile
import numpy as np
from stable_baselines3 import SAC, __version__

here = pathlib.Path(__file__).parent
save_policy = runpy.run_path(str(here / "from-stable-baselines3.py"))["save_policy"]

model = SAC("MlpPolicy", "Pendulum-v1", seed=1, learning_starts=50, policy_kwargs={"net_arch": [24, 16]})
model.learn(300)
with tempfile.TemporaryDirectory() as directory:
    path = f"{directory}/policy.safetensors"
    save_policy(model, path, "Pendulum-v1")
    file = pathlib.Path(path).read_bytes()
angles = np.linspace(-3, 3, 25)
observations = np.stack([np.cos(angles), np.sin(angles), 8 * np.sin(5 * angles)], axis=1).astype(np.float32)
actions, _ = model.predict(observations, deterministic=True)
fixture = {
    "stableBaselines3": __version__,
    "observations": observations.tolist(),
    "actions": actions.tolist(),
    "file": base64.b64encode(file).decode(),
}
(here.parent / "src/fixtures/stable-baselines3.json").write_text(json.dumps(fixture) + "\n")
