import { parentPort, workerData } from 'node:worker_threads';
import { arm } from './arm.js';

/** What a thread of its own makes of two environments in turn. */
export async function playArms(path: string): Promise<number[][]> {
  const arms = [await arm.create({ path }), await arm.create({ path })];
  const rows = arms.map((environment, seed) => {
    environment.reset({ seed });
    const action = Float32Array.of(0.5, -0.25);
    return Array.from({ length: 20 }, () => Array.from(environment.step(action).observation)).flat();
  });
  for (const environment of arms) environment.close();
  return rows;
}

if (parentPort !== null && typeof workerData?.path === 'string') {
  parentPort.postMessage(await playArms(workerData.path));
}
