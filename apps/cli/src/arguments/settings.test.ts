import { expect, test } from 'vitest';
import { z } from 'zod';
import { readSettings } from './settings.js';

const schema = z.object({
  batchSize: z.int().default(256),
  hiddenSizes: z.array(z.int()).default([256, 256]),
  temperature: z.union([z.literal('auto'), z.number()]).default('auto'),
  clip: z.number().nullable().default(null),
  name: z.string().default('x'),
  fast: z.boolean().default(false),
  noise: z
    .object({ scale: z.number().default(1), kind: z.enum(['white', 'pink']).default('white') })
    .prefault({}),
});
const read = (...texts: string[]) => readSettings(texts, schema, 'agent', '--set');

test.each([
  ['batchSize=128', { batchSize: 128 }],
  ['agent.batchSize=128', { batchSize: 128 }],
  ['hiddenSizes=[64, 64]', { hiddenSizes: [64, 64] }],
  ['temperature=auto', { temperature: 'auto' }],
  ['temperature=1e-2', { temperature: 0.01 }],
  ['clip=null', { clip: null }],
  ['clip=.5', { clip: 0.5 }],
  ['name=12', { name: '12' }],
  ['name=a=b', { name: 'a=b' }],
  ['name=', { name: '' }],
  ['fast=true', { fast: true }],
  ['noise.scale=2', { noise: { scale: 2 } }],
  ['noise={"scale":3}', { noise: { scale: 3 } }],
  // Not of the field's type: left as text for the schema to reject.
  ['batchSize=many', { batchSize: 'many' }],
  ['hiddenSizes=[64', { hiddenSizes: '[64' }],
])('%s', (text, settings) => {
  expect(read(text)).toEqual(settings);
});

test('joins dotted keys', () => {
  expect(read('noise.scale=2', 'noise.kind=pink')).toEqual({ noise: { scale: 2, kind: 'pink' } });
});

test.each([
  ['batchsize=1', /^agent\.batchsize: unknown key; did you mean batchSize\?/],
  ['noise.scael=1', /^agent\.noise\.scael: unknown key; did you mean scale\?/],
  ['batchSize.x=1', /^agent\.batchSize\.x: unknown key; batchSize \(integer\) has no parts/],
  ['batchSize', /^--set: expected key=value, such as batchSize=256, got "batchSize"/],
  ['=3', /^--set: expected key=value/],
])('%s is an error', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('a key given as a whole and in parts is an error', () => {
  expect(() => read('noise=1', 'noise.scale=2')).toThrow(/^agent\.noise: given as a whole and in parts/);
});

test('a key given twice is an error', () => {
  expect(() => read('batchSize=1', 'agent.batchSize=2')).toThrow(/^agent\.batchSize: given twice/);
});
