import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseConfig, parseUnknown } from './config.js';
import { InvalidInputError } from './errors.js';

const schema = z.object({
  batchSize: z.int().positive().default(256),
  layers: z.array(z.int()).default([64, 64]),
  inner: z.strictObject({ rate: z.number() }).optional(),
  target: z.union([z.literal('auto'), z.number().positive()]).default('auto'),
});

function messageOf(input: unknown, path?: string): string {
  try {
    parseUnknown(schema, input, path);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError);
    return (error as InvalidInputError).message;
  }
  throw new Error('parseUnknown accepted the input');
}

describe('parseConfig', () => {
  it('fills in defaults', () => {
    expect(parseConfig(schema, { layers: [8] })).toEqual({ batchSize: 256, layers: [8], target: 'auto' });
  });

  it.each([
    [{ batchSize: -1 }, 'config.batchSize: expected number to be >0, got -1'],
    [{ batchSize: '256' }, 'config.batchSize: expected number, got "256"'],
    [{ batchSize: 10n }, 'config.batchSize: expected number, got 10n'],
    [{ batchSize: Number.NaN }, 'config.batchSize: expected finite number, got NaN'],
    [{ layers: [8, 'x'] }, 'config.layers[1]: expected number, got "x"'],
    [{ inner: {} }, 'config.inner.rate: is required'],
    [{ target: 'hot' }, 'config.target: expected "auto" or number, got "hot"'],
    [{ target: -1 }, 'config.target: expected number to be >0, got -1'],
    [{ batch_size: 1 }, 'config.batch_size: unknown key; did you mean batchSize?'],
    [{ zzz: 1 }, 'config.zzz: unknown key; known keys: batchSize, layers, inner, target'],
    [{ batchSize: '9'.repeat(1000) }, `config.batchSize: expected number, got "${'9'.repeat(60)}..."`],
    [{ '': 1 }, 'config[""]: unknown key; known keys: batchSize, layers, inner, target'],
    [{ inner: { rate: 1, layers: 2 } }, 'config.inner.layers: unknown key'],
    [null, 'config: expected object, got null'],
    ['text', 'config: expected object, got "text"'],
  ])('answers %o', (input, message) => {
    expect(messageOf(input)).toBe(message);
  });

  it('names the field from where the caller says', () => {
    expect(messageOf({ batchSize: 0 }, 'agent')).toMatch(/^agent\.batchSize: /);
  });

  it('keeps the checks that a schema makes across fields', () => {
    const range = z.object({ low: z.number(), high: z.number() }).refine(({ low, high }) => low < high, {
      message: 'expected low below high',
      path: ['low'],
    });
    expect(() => parseConfig(range, { low: 2, high: 1 })).toThrow(
      'config.low: expected low below high, got 2',
    );
  });
});
