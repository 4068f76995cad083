// tfjs-core knows no gradients until they are registered; importing this registers them all.
import './kernels/generated/gradients.js';
import { BackendUnavailableError, InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { platform } from '#platform';
import { type Calibration, calibrate, type UpdateWorkload } from './calibrate.js';
import { fusedKernelsEnabled, loadFusedKernels } from './kernels/fused-kernels.js';
import { repairStockKernels } from './kernels/repair-stock-kernels.js';
import { currentNativeBackend } from './native/native-backend.js';
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
  /** Version of TensorFlow's library, on native. */
  readonly tensorflow?: string;
  /** Vector instructions of the fused kernels; `none` where the backend does not run them. */
  readonly simd: 'none' | 'simd128' | 'relaxed-simd';
  /**
   * Whether the fused kernels (on wasm) or our own compositions of TensorFlow calls (on native) are in use;
   * otherwise every operation is composed of tfjs operations.
   */
  readonly fused: boolean;
  /** Threads that TensorFlow was given, on native; absent for its own choice. */
  readonly threads?: number;
  /** The measurement that decided, if one did. */
  readonly calibration?: Calibration;
  /** Why this backend was chosen, in one line. */
  readonly reason: string;
  readonly candidates: readonly BackendCandidate[];
}

export interface SelectBackendOptions {
  /**
   * The backend that must be used. `auto`, the default, takes MAXENT_BACKEND if that is set; otherwise native where
   * `workload` was measured to be faster on it, and else the first of wasm, native and cpu that runs here.
   */
  readonly prefer?: BackendName | 'auto' | undefined;
  /**
   * Threads of the native backend, within one operation and for several at a time; TensorFlow's own choice by
   * default. They are TensorFlow's to set once, when it is loaded. The other backends have one.
   */
  readonly threads?: number | undefined;
  /** What `auto` measures on native and wasm; without it native is not considered. */
  readonly workload?: UpdateWorkload | undefined;
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

async function loadBackend(name: BackendName, threads: number | undefined): Promise<string> {
  const known = loaded.get(name);
  // The native loader itself refuses another number of threads.
  if (known !== undefined && name !== 'native') return known;
  let version: string;
  if (name === 'wasm') {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    // The threaded build does not export its memory, which the fused kernels share, so it is never used.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    platform.locateWasm(wasm.setWasmPaths);
    version = wasm.version_wasm;
  } else if (name === 'native') {
    version = platform.loadNative(threads).version;
  } else {
    version = (await import('@tensorflow/tfjs-backend-cpu')).version_cpu;
  }
  loaded.set(name, version);
  return version;
}

async function activate(name: BackendName, threads: number | undefined): Promise<string> {
  const version = await loadBackend(name, threads);
  if (!(await tf.setBackend(engineNames[name]))) {
    throw new BackendUnavailableError(`TensorFlow.js could not initialise its ${engineNames[name]} backend`);
  }
  // The cpu backend would advise on stderr to install tfjs-node; the report says what there is to say.
  if (name === 'cpu') (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  if (name === 'wasm') {
    await loadFusedKernels();
    repairStockKernels();
  }
  return version;
}

function oneLine(error: unknown): string {
  const message =
    error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error);
  return message.split('\n', 1)[0]!;
}

function checkThreads(threads: number | undefined): void {
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new InvalidInputError('threads', `expected a positive integer or nothing, but got ${threads}`);
  }
}

/**
 * Chooses the TensorFlow.js backend, initialises it, and makes it the current one.
 *
 * @throws InvalidInputError if an option or the environment variable MAXENT_BACKEND is not usable.
 * @throws BackendUnavailableError if the backend that was asked for by name cannot run here, with the diagnosis and
 * the command that mends it; or, under `auto`, if none can.
 */
export async function selectBackend(options: SelectBackendOptions = {}): Promise<BackendReport> {
  const { prefer, threads, workload } = options;
  checkThreads(threads);
  const requested = requestedName(prefer);
  const candidates = new Map(describeBackends().map((candidate) => [candidate.name, candidate]));
  const markUnavailable = (name: BackendName, error: unknown): void => {
    candidates.set(name, { name, available: false, reason: oneLine(error) });
  };

  const report = async (
    name: BackendName,
    reason: string,
    calibration?: Calibration,
  ): Promise<BackendReport> => {
    const version = await activate(name, threads);
    return {
      name,
      version,
      simd: name === 'wasm' ? (await loadFusedKernels()).build : 'none',
      fused: name !== 'cpu' && fusedKernelsEnabled(),
      ...(name === 'native' && { tensorflow: currentNativeBackend()!.binding.TF_Version }),
      ...(name === 'native' && threads !== undefined && { threads }),
      ...(calibration && { calibration }),
      reason,
      candidates: [...candidates.values()],
    };
  };

  if (requested.name !== undefined) {
    const { name, source } = requested;
    const candidate = candidates.get(name)!;
    if (!candidate.available) {
      throw new BackendUnavailableError(
        `${name} was asked for by ${source} and cannot be used: ${candidate.reason}`,
      );
    }
    return report(name, `asked for by ${source}`);
  }

  let calibration: Calibration | undefined;
  if (workload !== undefined && candidates.get('native')!.available && candidates.get('wasm')!.available) {
    try {
      calibration = await calibrate(workload, threads, (name) => activate(name, threads));
    } catch (error) {
      if (!(error instanceof BackendUnavailableError)) throw error;
      markUnavailable('native', error);
    }
  }
  if (calibration !== undefined) {
    const { chosen, milliseconds } = calibration;
    const times = `${milliseconds.native.toFixed(1)} ms on native, ${milliseconds.wasm.toFixed(1)} ms on wasm`;
    return report(chosen, `measured for ${calibration.workload}: ${times} per update`, calibration);
  }

  const passedOver: string[] = [];
  for (const name of searchOrder) {
    if (candidates.get(name)!.available) {
      try {
        const native = candidates.get('native')!;
        // Why is in `candidates`: too long for the line that precedes every run.
        const absent = name === 'wasm' && !native.available ? ['native is absent'] : [];
        const wanted = `first of ${searchOrder.join(', ')} that runs here`;
        return await report(name, [...passedOver, wanted, ...absent].join('; '));
      } catch (error) {
        markUnavailable(name, error);
      }
    }
    passedOver.push(`${name} cannot be used (${candidates.get(name)!.reason})`);
  }
  throw new BackendUnavailableError(`no backend can run here: ${passedOver.join('; ')}`);
}
