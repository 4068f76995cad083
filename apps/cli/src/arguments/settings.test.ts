import { expect, test } from 'vitest';
import * as z from 'zod';
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
  [
    'batchSize=',
    'agent.batchSize: --set batchSize= has no value; write one after the = (integer), such as --set batchSize=256',
  ],
  ['Sizes=', 'agent.Sizes: --set Sizes= has no value, and this is an unknown key; did you mean hiddenSizes?'],
  ['batchSize=many', 'agent.batchSize: expected integer, got "many", such as --set batchSize=256'],
  ['hiddenSizes=32', 'agent.hiddenSizes: expected [integer, ...], got "32"; write --set hiddenSizes=[32,32]'],
  [
    'hiddenSizes=32,16',
    'agent.hiddenSizes: expected [integer, ...], got "32,16"; write --set hiddenSizes=[32,16]',
  ],
  ['hiddenSizes=[64', '--set hiddenSizes: the text is not JSON: line 1, column 4: close bracket expected'],
  ['noise={"scale":1,"scale":2}', '--set noise scale: is given twice'],
  ['noise={"__proto__":{}}', '--set noise __proto__: is a reserved name'],
  ['__proto__.x=1', 'agent.__proto__: unknown key'],
  ['noise.__proto__=1', 'agent.noise.__proto__: unknown key'],
  ['fast=1', 'agent.fast: expected boolean, got "1", such as --set fast=false'],
])('%s is an error', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('a key given twice is an error', () => {
  expect(() => read('batchSize=1', 'agent.batchSize=2')).toThrow(/^agent\.batchSize: given twice/);
});
