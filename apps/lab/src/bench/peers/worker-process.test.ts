import { afterEach, describe, expect, it } from 'vitest';
import { BenchmarkFailedError } from '../benchmark.js';
import { assertSameHyperparameters } from './index.js';
import { WorkerProcess } from './worker-process.js';

const alive: WorkerProcess[] = [];
afterEach(async () => {
  for (const worker of alive.splice(0)) await worker.close();
});

function startNode(program: string): WorkerProcess {
  const worker = WorkerProcess.start([process.execPath, '-e', program]);
  alive.push(worker);
  return worker;
}

/** Answers each request by a line that `reply`, an expression in `request`, gives. */
const answering = (reply: string): string =>
  `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const request = JSON.parse(line);
    console.log(JSON.stringify(${reply}));
  });`;

describe('WorkerProcess', () => {
  it('asks and waits for the answer, one request after the other', async () => {
    const worker = startNode(answering('{ seconds: request.count / 4 }'));
    expect(await worker.measure('updates', 2)).toBe(0.5);
    expect(await worker.measure('training', 8)).toBe(2);
  });

  it('passes on that something is missing', async () => {
    const worker = startNode(answering(`{ missing: "ModuleNotFoundError: No module named 'torch'" }`));
    expect(await worker.describe()).toEqual({ missing: "ModuleNotFoundError: No module named 'torch'" });
  });

  it("throws the process's own words when it ends instead", async () => {
    const worker = startNode('console.error("out of cheese"); process.exit(3)');
    await expect(worker.measure('updates', 1)).rejects.toThrow(/ended without an answer: out of cheese/);
  });

  it('says so when there is no such program', async () => {
    const worker = WorkerProcess.start(['/nowhere/python3', 'worker.py']);
    const words = /\/nowhere\/python3 .*ENOENT/;
    await expect(worker.measure('updates', 1)).rejects.toThrow(words);
    expect(await worker.describe()).toEqual({ missing: expect.stringMatching(words) });
    await expect(worker.requireDescription()).rejects.toThrow(BenchmarkFailedError);
    await worker.close();
  });
});

describe('assertSameHyperparameters', () => {
  const description = (batchSize: number) => ({ versions: {}, hyperparameters: { batchSize, tau: 0.005 } });

  it('accepts equal ones and shows different ones', () => {
    expect(() => assertSameHyperparameters(description(256), description(256))).not.toThrow();
    expect(() => assertSameHyperparameters(description(256), description(128))).toThrow(/256.*128/);
  });
});
