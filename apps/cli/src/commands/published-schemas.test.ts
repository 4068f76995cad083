import { expect, test } from 'vitest';
import * as z from 'zod';
import { errorAnswer } from '../errors/error-answer.js';
import { eventSchema } from '../events/event-schema.js';
import { modelSchema } from '../models/index.js';
import { commands } from './index.js';
import { planSchema } from './train/levels/level-plan.js';

/** The published schema files are these snapshots: whoever changes a format sees it in the diff. */
async function expectPublished(
  name: string,
  schema: z.ZodType,
  title = `maxent ${name} --json`,
): Promise<void> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  const published = { $schema, title, ...rest };
  await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot(`../../schemas/${name}.json`);
}

test.each(Object.entries(commands))('%s', async (name, { load }) => {
  await expectPublished(name, (await load()).answer);
});

test('error', () => expectPublished('error', errorAnswer));

test('event', () => expectPublished('event', eventSchema, 'a line of maxent ... --events ndjson'));

test('train-levels', () => expectPublished('train-levels', planSchema, 'maxent train --levels FILE'));

test('infer-input', () => expectPublished('infer-input', modelSchema, 'maxent infer MODEL.json'));
