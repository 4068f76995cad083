// tfjs-core knows no gradients until they are registered; importing this registers them all.
import './kernels/generated/gradients.js';
import { BackendUnavailableError, InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { platform } from '#platform';
import { fusedKernelsEnabled, loadFusedKernels } from './kernels/fused-kernels.js';
import { repairStockKernels } from './kernels/repair-stock-kernels.js';
import type { Availability } from './platform/platform.js';

/** `native` is TensorFlow through `@tensorflow/tfjs-node`, `wasm` SIMD WebAssembly, `cpu` plain JavaScript. */
export type BackendName = 'native' | 'wasm' | 'cpu';

export interface BackendCandidate extends Availability {
  readonly name: BackendName;
}

export interface BackendReport {
  readonly name: BackendName;
  /** Version of the package that implements the backend. */
  readonly version: string;
  /** Vector instructions of the fused kernels; `none` where the backend does not run them. */
  readonly simd: 'none' | 'simd128' | 'relaxed-simd';
  /** Whether the fused kernels are in use; otherwise every operation is composed of tfjs operations. */
  readonly fused: boolean;
  /** Why this backend was chosen, in one line. */
  readonly reason: string;
  readonly candidates: readonly BackendCandidate[];
}

export interface SelectBackendOptions {
  /**
   * Which backend to use if it can run here; `auto`, the default, takes MAXENT_BACKEND if that is set and
   * otherwise the order wasm, native, cpu: the fused WebAssembly path is faster than native at the sizes that
   * reinforcement learning uses.
   */
  readonly prefer?: BackendName | 'auto' | undefined;
}

const searchOrder: readonly BackendName[] = ['wasm', 'native', 'cpu'];

/** The names under which tfjs registers the backends. */
const engineNames: Record<BackendName, string> = { native: 'tensorflow', wasm: 'wasm', cpu: 'cpu' };

/** A module that needs 128-bit SIMD: `() -> v128`, the body a v128.const 0. */
const simdProbe = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 22, 1, 20, 0, 253, 12, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11,
]);

function findWasm(): Availability {
  if (typeof WebAssembly === 'undefined') {
    return { available: false, reason: 'this JavaScript engine has no WebAssembly' };
  }
  return WebAssembly.validate(simdProbe)
    ? { available: true, reason: 'WebAssembly with 128-bit SIMD' }
    : { available: false, reason: 'this WebAssembly engine has no 128-bit SIMD' };
}

/** Says which backends can run here, without loading or choosing one. */
export function describeBackends(): BackendCandidate[] {
  return [
    { name: 'wasm', ...findWasm() },
    { name: 'native', ...platform.findNative() },
    { name: 'cpu', available: true, reason: 'plain JavaScript, always there; very slow' },
  ];
}

function isBackendName(value: string): value is BackendName {
  return value in engineNames;
}

function requestedName(prefer: string | undefined): { name: BackendName | undefined; source: string } {
  const fromEnvironment = prefer === undefined || prefer === 'auto';
  const field = fromEnvironment ? 'MAXENT_BACKEND' : 'prefer';
  const value = fromEnvironment ? platform.requestedBackend() : prefer;
  if (value === undefined || value === '' || value === 'auto') return { name: undefined, source: field };
  if (!isBackendName(value)) {
    throw new InvalidInputError(field, `expected auto, native, wasm or cpu, but got "${value}"`);
  }
  return { name: value, source: field };
}

const loaded = new Map<BackendName, string>();

async function loadBackend(name: BackendName): Promise<string> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  let version: string;
  if (name === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    // The threaded build does not export its memory, which the fused kernels share, so it is never used.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    platform.locateWasm(wasm.setWasmPaths);
    version = wasm.version_wasm;
  } else if (name === 'native') {
    version = platform.loadNative().version;
  } else {
    version = (await import('@tensorflow/tfjs-backend-cpu')).version_cpu;
  }
  loaded.set(name, version);
  return version;
}

async function activate(name: BackendName): Promise<string> {
  const version = await loadBackend(name);
  if (!(await tf.setBackend(engineNames[name]))) {
    throw new BackendUnavailableError(`TensorFlow.js could not initialise its ${engineNames[name]} backend`);
  }
  // The cpu backend would advise on stderr to install tfjs-node; the report says what there is to say.
  if (name === 'cpu') (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  return version;
}

function oneLine(error: unknown): string {
  const message =
    error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error);
  return message.split('\n', 1)[0]!;
}

/**
 * Chooses the TensorFlow.js backend, initialises it, and makes it the current one.
 *
 * A preferred backend that cannot run here is not an error: the next one is taken and `reason` says so.
 *
 * @throws InvalidInputError if `prefer` or the environment variable MAXENT_BACKEND is not a known name.
 * @throws BackendUnavailableError if no backend at all could be initialised.
 */
export async function selectBackend({ prefer }: SelectBackendOptions = {}): Promise<BackendReport> {
  const requested = requestedName(prefer);
  const candidates = new Map(describeBackends().map((candidate) => [candidate.name, candidate]));
  const order =
    requested.name === undefined
      ? searchOrder
      : [requested.name, ...searchOrder.filter((name) => name !== requested.name)];

  const passedOver: string[] = [];
  for (const name of order) {
    const candidate = candidates.get(name)!;
    if (candidate.available) {
      try {
        const version = await activate(name);
        const build = name === 'wasm' ? (await loadFusedKernels()).build : 'none';
        if (name === 'wasm') repairStockKernels();
        const wanted =
          requested.name === name
            ? `asked for by ${requested.source}`
            : `first of ${order.join(', ')} that runs here`;
        return {
          name,
          version,
          simd: build,
          fused: name === 'wasm' && fusedKernelsEnabled(),
          reason: [...passedOver, wanted].join('; '),
          candidates: [...candidates.values()],
        };
      } catch (error) {
        candidates.set(name, { name, available: false, reason: oneLine(error) });
      }
    }
    passedOver.push(`${name} cannot be used (${candidates.get(name)!.reason})`);
  }
  throw new BackendUnavailableError(`no backend can run here: ${passedOver.join('; ')}`);
}
