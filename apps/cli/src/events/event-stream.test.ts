import { expect, test } from 'vitest';
import { eventSchema } from './event-schema.js';
import { EventStream } from './event-stream.js';

test('writes a versioned object in each line, and nothing after the last event', () => {
  const lines: string[] = [];
  const events = new EventStream({ writeOut: (text) => void lines.push(text) }, () => new Date(0));
  events.write({ type: 'checkpoint', step: 100 });
  events.write({ type: 'error', code: 'DIVERGENCE', message: 'two\nlines', exitCode: 1 });
  events.write({ type: 'checkpoint', step: 200 });
  expect(lines).toEqual([
    '{"type":"checkpoint","formatVersion":1,"time":"1970-01-01T00:00:00.000Z","step":100}\n',
    '{"type":"error","formatVersion":1,"time":"1970-01-01T00:00:00.000Z","code":"DIVERGENCE","message":"two\\nlines","exitCode":1}\n',
  ]);
  for (const line of lines) expect(eventSchema.safeParse(JSON.parse(line)).success).toBe(true);
});
