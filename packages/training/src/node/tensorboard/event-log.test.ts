import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../test-support/temporary-directory.js';
import { nodeFileOperations } from '../file-operations.js';
import { crc32c, maskedCrc32c } from './crc32c.js';
import { EventLog } from './event-log.js';

describe('crc32c', () => {
  // RFC 3720, appendix B.4, and the usual check value.
  it.each([
    ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 incrementing bytes', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['32 decrementing bytes', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    ['"123456789"', new TextEncoder().encode('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('of %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

/** A field of a protocol buffer message: a number for varints and fixed fields, bytes otherwise. */
type Field = readonly [number, number | Uint8Array];

/** A reader of the wire format that shares nothing with the writer. */
function fieldsOf(message: Uint8Array): Field[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  const take = (length: number) => {
    at += length;
    return at - length;
  };
  while (at < message.length) {
    const key = varint();
    const field = key >> 3;
    if ((key & 7) === 0) fields.push([field, varint()]);
    else if ((key & 7) === 1) fields.push([field, view.getFloat64(take(8), true)]);
    else if ((key & 7) === 5) fields.push([field, view.getFloat32(take(4), true)]);
    else {
      const length = varint();
      const start = take(length);
      fields.push([field, message.subarray(start, at)]);
    }
  }
  return fields;
}

function recordsOf(file: Buffer): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    const message = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(message));
    records.push(message);
    at += length + 16;
  }
  return records;
}

async function eventsIn(directory: string) {
  const names = (await readdir(directory)).sort();
  const files = await Promise.all(names.map((name) => readFile(join(directory, name))));
  return files.map((file) =>
    recordsOf(file).map((record) => {
      const fields = new Map(fieldsOf(record));
      const text = (bytes: number | Uint8Array | undefined) => new TextDecoder().decode(bytes as Uint8Array);
      const summary = fields.get(5) as Uint8Array | undefined;
      const session = fields.get(7) as Uint8Array | undefined;
      return {
        step: fields.get(2),
        ...(fields.has(3) && { version: text(fields.get(3)) }),
        ...(session && { session: fieldsOf(session) }),
        ...(summary && {
          scalars: Object.fromEntries(
            fieldsOf(summary).map(([, value]) => {
              const parts = new Map(fieldsOf(value as Uint8Array));
              return [text(parts.get(1)), parts.get(2)];
            }),
          ),
        }),
      };
    }),
  );
}

describe('EventLog', () => {
  it('writes scalars, and starts a new file that takes the place of later steps when resumed', async () => {
    const directory = await temporaryDirectory();
    const first = await EventLog.create(directory, nodeFileOperations);
    const wallSeconds = 1;
    const stepsPerSecond = 12.5;
    await first.append([
      { type: 'episode', step: 70_000, return: -1.5, length: 300, terminated: false, wallSeconds },
      {
        type: 'metrics',
        step: 2 ** 33,
        updates: 7,
        values: { criticLoss: 0.25 },
        wallSeconds,
        stepsPerSecond,
      },
    ]);
    await first.close();
    const second = await EventLog.create(directory, nodeFileOperations, 69_000);
    await second.append([
      {
        type: 'evaluation',
        step: 69_500,
        returnMean: 2,
        returnStd: 0.5,
        episodes: 1,
        returns: [2],
        lengths: [9],
        wallSeconds,
      },
    ]);
    await second.close();
    expect(await eventsIn(directory)).toEqual([
      [
        { step: 0, version: 'brain.Event:2' },
        { step: 70_000, scalars: { 'episode/return': -1.5, 'episode/length': 300 } },
        {
          step: 2 ** 33,
          scalars: { 'train/criticLoss': 0.25, 'train/updates': 7, 'time/stepsPerSecond': 12.5 },
        },
      ],
      [
        { step: 0, version: 'brain.Event:2' },
        { step: 69_000, session: [[1, 1]] },
        { step: 69_500, scalars: { 'evaluation/returnMean': 2, 'evaluation/returnStd': 0.5 } },
      ],
    ]);
  });
});

it('takes nothing more from the session before once it is detached', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'events.out.tfevents.9999999998.folder'));
  await EventLog.detach(directory, nodeFileOperations);
  await rm(join(directory, 'events.out.tfevents.9999999998.folder'), { recursive: true });

  const log = await EventLog.create(directory, nodeFileOperations);
  const row = { type: 'episode', return: 1, length: 2, terminated: true, wallSeconds: 1 } as const;
  await log.append([{ ...row, step: 2 }]);
  const before = await eventsIn(directory);
  await EventLog.detach(directory, nodeFileOperations);
  await log.append([{ ...row, step: 4 }]);
  await log.close();
  expect(await eventsIn(directory)).toEqual(before);
});

it('starts a session next to files with names that no session wrote', async () => {
  const directory = await temporaryDirectory();
  for (const time of ['', 'x', '9'.repeat(40), '-1']) {
    await writeFile(join(directory, `events.out.tfevents.${time}.host.1.maxent`), '');
  }
  await (await EventLog.create(directory, nodeFileOperations)).close();
  const names = (await readdir(directory)).filter((name) => /tfevents\.\d{10}\./.test(name));
  expect(names).toHaveLength(1);
});
