import { expect, test } from 'vitest';
import { bestCheckpointCard } from './best-checkpoint.js';

const card = (runPath: string, family = false) =>
  bestCheckpointCard({ step: 5000, returnMean: -1.5, runPath, folder: 'checkpoints/best-step-5000', family });

test.each([
  ['.', 'checkpoints/best-step-5000/', 'maxent eval . --checkpoint best'],
  ['../runs/a', '../runs/a/checkpoints/best-step-5000/', 'maxent eval ../runs/a --checkpoint best'],
  [
    `my "run's"`,
    'my%20%22run&#39;s%22/checkpoints/best-step-5000/',
    'maxent eval &#39;my &quot;run&#39;\\&#39;&#39;s&quot;&#39; --checkpoint best',
  ],
])('of a run in %s has a link and commands that work there', (runPath, link, command) => {
  expect(card(runPath)).toContain(`<a href="${link}">`);
  expect(card(runPath)).toContain(`<code>${command}</code>`);
  expect(card(runPath)).toContain('Step 5,000, mean return -1.5');
});

test('of a run over a family has the command that adapts', () => {
  expect(card('.', true)).toContain('maxent adapt . --checkpoint best --html adapt.html');
  expect(card('.', true)).not.toMatch(/maxent (eval|watch)/);
});
