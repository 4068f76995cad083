// Actors of the size that is trained for MuJoCo, after some training, on the observations that they met.
import { SoftActorCritic, softActorCriticConfig } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { Rng } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { mujocoPlugin } from '@maxent/mujoco';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { toOnnx } from './export/index.js';
import { encodePolicy, readPolicy } from './index.js';
import { distanceOf } from './test-support/registered-agents.js';

const STEPS = 160;
const LIMIT = 2e-5;

it.each(['HalfCheetah-v5', 'Humanoid-v5'])(
  '%s: file and ONNX model act as the actor',
  { timeout: 120_000 },
  async (id) => {
    await selectBackend({ prefer: 'wasm' });
    const definition = mujocoPlugin.environments!.find((each) => each.id === id)!;
    const environment = await makeEnvironment(definition);
    const { observationSpace, actionSpace } = environment;
    const agent = new SoftActorCritic(
      { observationSpace, actionSpace, rng: Rng.fromSeed(1) },
      // Large steps, so that little training moves the actor far.
      softActorCriticConfig.parse({
        batchSize: 32,
        learningStarts: 100,
        replayCapacity: 500,
        actorLearningRate: 1e-2,
      }),
    );
    const observations: Float64Array[] = [];
    let { observation } = environment.reset({ seed: 1 });
    for (let step = 0; step < STEPS; step++) {
      observations.push(observation as Float64Array);
      const action = agent.act(observation, { deterministic: false });
      const result = environment.step(action);
      agent.observe({ ...result, observation, action, nextObservation: result.observation });
      agent.update();
      observation = result.terminated ? environment.reset().observation : result.observation;
    }
    const bytes = encodePolicy(agent.describePolicy());
    const policy = readPolicy<unknown, unknown>(bytes);
    const session = await InferenceSession.create(toOnnx(bytes));
    const rows = Float32Array.from(observations.flatMap((each) => [...each]));
    const { action: answered } = await session.run({
      observation: new Tensor('float32', rows, [STEPS, observationSpace.flatSize]),
    });
    const all = answered!.data as Float32Array;
    const size = actionSpace.flatSize;
    let spread = 0;
    for (const [i, seen] of observations.entries()) {
      const expected = agent.act(seen, { deterministic: true });
      expect(distanceOf(actionSpace, policy.act(seen), expected)).toBeLessThan(LIMIT);
      expect(distanceOf(actionSpace, all.subarray(i * size, (i + 1) * size), expected)).toBeLessThan(LIMIT);
      spread = Math.max(spread, distanceOf(actionSpace, policy.act(observations[0]), expected));
    }
    // The actor does different things in different states.
    expect(spread).toBeGreaterThan(0.02);
    agent.dispose();
    environment.close();
  },
);
