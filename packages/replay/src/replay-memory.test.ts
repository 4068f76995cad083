import { expect, test } from 'vitest';
import { ReplayBuffer } from './replay-buffer.js';
import { REPLAY_MEMORY_LIMIT, requireReplayMemory } from './replay-memory.js';

const image = { dataType: 'float32', width: 28_224 } as const;

test('a buffer of images with a million rows names its bytes and a capacity that fits', () => {
  const make = (capacity: number) => new ReplayBuffer({ columns: { observation: image }, capacity });
  expect(() => make(1_000_000)).toThrow(
    'capacity: 1000000 rows of 112896 bytes would take 105.1 GiB, more than the limit of 16 GiB; use 150000 or less',
  );
  expect(() => make(1e12)).toThrow('use 150000 or less');
  requireReplayMemory('capacity', { observation: image }, 150_000);
});

test('several buffers share the limit, and the field is the one that the caller has', () => {
  const columns = { x: { dataType: 'uint8', width: 1 } } as const;
  expect(() => requireReplayMemory('replayCapacity', columns, REPLAY_MEMORY_LIMIT, 1)).not.toThrow();
  expect(() => requireReplayMemory('replayCapacity', columns, REPLAY_MEMORY_LIMIT, 2)).toThrow(
    'replayCapacity: 2 buffers of 17179869184 rows of 1 bytes would take 32 GiB',
  );
});
