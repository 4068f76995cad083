// Writes with @maxent/core the tensors that safetensors_roundtrip.py expects: see there.
import { writeFileSync } from 'node:fs';
import { encodeSafetensors } from '../../../packages/core/dist/index.js';

const tensors = {
  'layer.weight': { shape: [2, 3], data: Float32Array.from([0, 1, 2, 3, 4, 5], (x) => x / 3) },
  special: { shape: [4], data: Float64Array.of(Infinity, -Infinity, -0, Math.PI) },
  steps: { shape: [3], data: Int32Array.of(-1, 2 ** 31 - 1, -(2 ** 31)) },
  words: { shape: [2], data: Uint32Array.of(0, 2 ** 32 - 1) },
  flags: { shape: [3], data: Uint8Array.of(0, 1, 255) },
  empty: { shape: [0, 4], data: new Float32Array(0) },
  scalar: { shape: [], data: Float64Array.of(0.1) },
};
const metadata = { format: 'maxent', note: 'line\nbreak and \u03c0' };
writeFileSync(process.argv[2], encodeSafetensors({ tensors, metadata }));
