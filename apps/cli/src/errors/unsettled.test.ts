import { createEnvironment, defineEnvironment, definePlugin } from '@maxent/core';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { reportUnsettled } from './unsettled.js';

it('names what never settles, as an error of its plugin', () => {
  const never = defineEnvironment({
    id: 'Never-v0',
    description: 'Is never made.',
    options: z.object({}),
    maxEpisodeSteps: null,
    create: () => new Promise<never>(() => undefined),
  });
  definePlugin({ name: 'waiting', environments: [never] });
  void createEnvironment(never, {});
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    writeOut: (text: string) => void out.push(text),
    writeError: (text: string) => void err.push(text),
  };
  expect(reportUnsettled(['train', '--json'], io)).toBe(2);
  const message =
    'create of environment "Never-v0" of plugin "waiting" returned a promise that is never settled. Correct the plugin.';
  expect(JSON.parse(out.join(''))).toEqual({ error: { code: 'PLUGIN', message } });
  expect(err).toEqual([`maxent: ${message}\n`]);
  reportUnsettled(['train', '--events', 'ndjson'], io);
  expect(JSON.parse(out.at(-1)!)).toMatchObject({ type: 'error', code: 'PLUGIN', message, exitCode: 2 });
});
