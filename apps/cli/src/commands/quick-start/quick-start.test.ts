import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runInProcess } from '../../test-support/run-in-process.js';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { trainAnswer } from '../train/answer.js';

test('starts a run of its own that can be stopped and resumed', async () => {
  const directory = await temporaryDirectory();
  let pressed = false;
  const { exitCode, json } = await runInProcess(['quick-start', '--seed', '4', '--json'], {
    directory,
    terminalColumns: 80,
    onError: (text, pressCtrlC) => {
      if (pressed || !text.includes('steps/s')) return;
      pressed = true;
      pressCtrlC();
    },
  });
  expect(exitCode).toBe(130);
  const { runDir, outcome, report } = trainAnswer.parse(json);
  expect(runDir).toMatch(/^runs\/quick-start-\d{8}-\d{6}$/);
  expect([outcome, report]).toEqual(['interrupted', join(directory, runDir, 'report.html')]);
  const config = JSON.parse(await readFile(join(directory, runDir, 'config.json'), 'utf8'));
  expect(config).toMatchObject({
    seed: 4,
    agent: { name: 'sac', config: { hiddenSizes: [64, 64] } },
    environment: { id: 'InvertedPendulum-v5' },
    evaluation: { episodes: 10, stopWhen: { returnAtLeast: 950, consecutive: 2 } },
  });
});
