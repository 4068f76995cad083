// tfjs-core knows no gradients until they are registered; importing this registers them all.
import './kernels/generated/gradients.js';
import { BackendUnavailableError, InvalidInputError, isMaxentError } from '@maxent/core';
import type { Availability } from '@maxent/core/node';
import type { WasmSource } from '@maxent/core/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { platform } from '#platform';
import { requestedKernels, requestedName, requestedThreads } from './backend-request.js';
import { type Calibration, type Contender, calibrate, type UpdateWorkload } from './calibrate.js';
import {
  fusedKernelsEnabled,
  loadedKernels,
  loadFusedKernels,
  planKernels,
  type Rounding,
} from './kernels/fused-kernels.js';
import {
  bestBuild,
  isAddonBuild,
  type KernelBuild,
  type KernelChoice,
  type KernelSources,
  setKernelSources,
} from './kernels/kernel-builds.js';
import { repairStockKernels } from './kernels/repair-stock-kernels.js';
import { startTfjsWasm } from './kernels/start-tfjs-wasm.js';
import { hasSimd128 } from './kernels/wasm-features.js';
import { currentNativeBackend } from './native/native-backend.js';

/** `native` is TensorFlow through `@tensorflow/tfjs-node`, `wasm` SIMD WebAssembly, `cpu` plain JavaScript. */
export type BackendName = 'native' | 'wasm' | 'cpu';

export interface BackendCandidate extends Availability {
  readonly name: BackendName;
}

export interface BackendReport {
  readonly name: BackendName;
  /** The version of the package that implements the backend. */
  readonly version: string;
  /** The version of TensorFlow's library, on native. */
  readonly tensorflow?: string;
  /** Where the fused kernels come from: `addon` is machine code; `none` if the backend does not run them. */
  readonly kernels: 'none' | 'wasm' | 'addon';
  /** The kernels' vector instructions; `none` if the backend does not run them. */
  readonly simd: 'none' | KernelBuild;
  /**
   * Whether the kernels' multiply-adds are rounded once (`fused`) or twice. Kernels of one class give the same numbers to
   * the last bit; the other class gives others. Absent if the backend does not run them.
   */
  readonly rounding?: Rounding;
  /**
   * Whether the fused kernels (on wasm) or our own compositions of TensorFlow calls (on native) are in use;
   * otherwise every operation is composed of tfjs operations.
   */
  readonly fused: boolean;
  /** Threads of the addon's kernels, or those TensorFlow was given; absent if it chose by itself or there is one. */
  readonly threads?: number;
  /** The measurement that decided, if one did. */
  readonly calibration?: Calibration;
  /** Why this backend was chosen, in one line. */
  readonly reason: string;
  readonly candidates: readonly BackendCandidate[];
}

/**
 * Where the wasm backend's files come from: an address, the bytes or a compiled `WebAssembly.Module` for each. Files
 * you leave out are found without help: TensorFlow.js's binary next to this package's code, the kernels inside the
 * code.
 */
export interface WasmFiles extends KernelSources {
  /** `tfjs-backend-wasm-simd.wasm`: TensorFlow.js's binary. */
  readonly tfjs?: WasmSource | undefined;
}

export interface SelectBackendOptions {
  /**
   * The backend that must be used. `auto`, the default, takes MAXENT_BACKEND if that is set. Otherwise it takes what
   * was measured to be fastest for `workload`, or else the first of wasm, native and cpu that runs here.
   */
  readonly prefer?: BackendName | 'auto' | undefined;
  /** What reasons and errors call the source of `prefer`, such as the name of a flag. Default: `prefer`. */
  readonly askedBy?: string | undefined;
  /**
   * The kernels of the wasm backend. `addon`, machine code, is there in Node on common systems; `auto`, the default, takes
   * MAXENT_KERNELS if that is set, or else the addon where it is there, unless `workload` was measured to be faster
   * without it.
   */
  readonly kernels?: KernelChoice | undefined;
  /**
   * How many threads the addon's kernels use, or the native backend within one operation and for operations at a time.
   * Default: MAXENT_THREADS if that is set, or else the cores that this process may use, at most 8, and 1 in a worker
   * thread; TensorFlow chooses by itself, and reads the number once, when it is loaded. The kernels never use more threads
   * than cores, and their numbers do not depend on it.
   */
  readonly threads?: number | undefined;
  /**
   * What `auto` measures if native is available: on wasm with the addon's kernels, on wasm with those in WebAssembly,
   * and on native. Without it native is not considered.
   */
  readonly workload?: UpdateWorkload | undefined;
  /** The wasm backend's files, for bundles and runtimes where it cannot find them. Read when it first starts. */
  readonly wasm?: WasmFiles | undefined;
}

const searchOrder: readonly BackendName[] = ['wasm', 'native', 'cpu'];

/** tfjs's names for the backends. */
const engineNames: Record<BackendName, string> = { native: 'tensorflow', wasm: 'wasm', cpu: 'cpu' };

function findWasm(): Availability {
  if (typeof WebAssembly === 'undefined') {
    return { available: false, reason: 'this JavaScript engine has no WebAssembly' };
  }
  return hasSimd128()
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

const loaded = new Map<BackendName, string>();

interface LoadOptions {
  readonly kernels: KernelChoice;
  readonly threads: number | undefined;
  readonly wasm: WasmFiles | undefined;
}

async function loadBackend(name: BackendName, { threads, wasm = {} }: LoadOptions): Promise<string> {
  const known = loaded.get(name);
  // The native loader itself refuses another number of threads.
  if (known !== undefined && name !== 'native') return known;
  let version: string;
  if (name === 'wasm') {
    version = await startTfjsWasm(wasm.tfjs);
    setKernelSources(wasm);
  } else if (name === 'native') {
    version = platform.loadNative(threads).version;
  } else {
    version = (await import('@tensorflow/tfjs-backend-cpu')).version_cpu;
  }
  loaded.set(name, version);
  return version;
}

async function activate(name: BackendName, options: LoadOptions): Promise<string> {
  const version = await loadBackend(name, options);
  if (!(await tf.setBackend(engineNames[name]))) {
    throw new BackendUnavailableError(`TensorFlow.js could not initialize its ${engineNames[name]} backend`);
  }
  // Otherwise the cpu backend would print advice to install tfjs-node; our report already covers that.
  if (name === 'cpu') (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  if (name === 'wasm') {
    try {
      await loadFusedKernels({ choice: options.kernels, threads: options.threads });
    } catch (error) {
      // The next call may give the right file.
      loaded.delete('wasm');
      throw error;
    }
    repairStockKernels();
  }
  return version;
}

function oneLine(error: unknown): string {
  const message =
    error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error);
  return message.split('\n', 1)[0]!;
}

function checkWasm(files: WasmFiles | undefined): void {
  for (const name of Object.keys(files ?? {})) {
    if (!['tfjs', 'simd128', 'relaxedSimd'].includes(name)) {
      throw new InvalidInputError(`wasm.${name}`, 'unknown file; expected tfjs, simd128 or relaxedSimd');
    }
  }
}

function describeKernels(): Pick<BackendReport, 'kernels' | 'simd' | 'rounding' | 'threads'> {
  const { build, rounding, threads } = loadedKernels()!;
  return isAddonBuild(build)
    ? { kernels: 'addon', simd: build, rounding, threads }
    : { kernels: 'wasm', simd: build, rounding };
}

/** Whether this process can use the addon with the kernels as machine code, and why not. Loads it. */
export function describeAddon(): Availability {
  return platform.kernelAddon().status;
}

/** What `auto` measures, with these kernels allowed and native available. */
function contenders(kernels: KernelChoice): Contender[] {
  const addon = kernels !== 'wasm' && describeAddon().available;
  return [
    ...(addon ? (['addon'] as const) : []),
    ...(kernels === 'addon' ? [] : (['wasm'] as const)),
    'native',
  ];
}

const contenderNames: Record<Contender, string> = {
  addon: 'on wasm with the addon',
  wasm: 'on wasm',
  native: 'on native',
};

/** `1.0 ms on wasm, 2.0 ms on native`. */
function describeTimes({ milliseconds }: Calibration): string {
  return Object.entries(milliseconds)
    .map(([name, value]) => `${value.toFixed(1)} ms ${contenderNames[name as Contender]}`)
    .join(', ');
}

let warned = false;

/** Plain JavaScript is around a hundred times slower; nobody should find that out by waiting. */
function warnOfPlainJavaScript(reason: string): void {
  if (warned) return;
  warned = true;
  // biome-ignore lint/suspicious/noConsole: users must see this even if they never look at the report
  console.warn(`maxent computes in plain JavaScript, which is very slow: ${reason}`);
}

/**
 * Chooses the TensorFlow.js backend, initializes it, and makes it the current one. Where `auto` is left with plain
 * JavaScript, the report's reason and one warning on the console say why.
 *
 * @throws InvalidInputError if an option or the environment variable MAXENT_BACKEND is invalid.
 * @throws BackendUnavailableError if you asked for a backend or for the addon by name and it cannot run here, with the
 * diagnosis and the command that fixes it; or, under `auto`, if no backend can run. For the wasm backend the message
 * names the file's address, the cause (no answer, an error status, a page instead of the file, a policy that forbids
 * WebAssembly, damage) and what to do.
 */
export async function selectBackend(options: SelectBackendOptions = {}): Promise<BackendReport> {
  const { workload, wasm } = options;
  const threads = requestedThreads(options);
  checkWasm(wasm);
  const load: LoadOptions = { kernels: requestedKernels(options), threads, wasm };
  const requested = requestedName(options);
  // Under `auto`, a failure of wasm alone would pass to the next backend.
  if (load.kernels === 'addon' && (requested.name ?? 'wasm') === 'wasm') bestBuild('addon');
  const candidates = new Map(describeBackends().map((candidate) => [candidate.name, candidate]));
  const markUnavailable = (name: BackendName, error: unknown): void => {
    candidates.set(name, { name, available: false, reason: oneLine(error) });
  };

  const report = async (
    name: BackendName,
    reason: string,
    calibration?: Calibration,
    options = load,
  ): Promise<BackendReport> => {
    const version = await activate(name, options);
    return {
      name,
      version,
      ...(name === 'wasm' ? describeKernels() : ({ kernels: 'none', simd: 'none' } as const)),
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
    try {
      return await report(name, `asked for by ${source}`);
    } catch (error) {
      if (!isMaxentError(error, 'WASM_LOAD')) throw error;
      throw new BackendUnavailableError(
        `${name} was asked for by ${source} and cannot be used: ${error.message}`,
        { cause: error },
      );
    }
  }

  let calibration: Calibration | undefined;
  if (workload !== undefined && candidates.get('native')!.available && candidates.get('wasm')!.available) {
    try {
      calibration = await calibrate(
        workload,
        contenders(load.kernels),
        threads,
        planKernels({ choice: load.kernels, threads }),
        (name) =>
          name === 'native' ? activate('native', load) : activate('wasm', { ...load, kernels: name }),
      );
    } catch (error) {
      if (isMaxentError(error, 'BACKEND_UNAVAILABLE')) markUnavailable('native', error);
      else if (isMaxentError(error, 'WASM_LOAD')) markUnavailable('wasm', error);
      else throw error;
    }
  }
  if (calibration !== undefined) {
    const { chosen, kernels } = calibration;
    const reason = `measured for ${calibration.workload}: ${describeTimes(calibration)} per update`;
    return report(chosen, reason, calibration, { ...load, kernels });
  }

  const passedOver: string[] = [];
  for (const name of searchOrder) {
    if (candidates.get(name)!.available) {
      try {
        const native = candidates.get('native')!;
        // The reason is in `candidates`; it is too long for the line that precedes every run.
        const absent = name === 'wasm' && !native.available ? ['native is absent'] : [];
        const wanted = `first of ${searchOrder.join(', ')} that runs here`;
        const chosen = await report(name, [...passedOver, wanted, ...absent].join('; '));
        if (name === 'cpu') warnOfPlainJavaScript(passedOver.join('; '));
        return chosen;
      } catch (error) {
        if (isMaxentError(error, 'INVALID_INPUT')) throw error;
        markUnavailable(name, error);
      }
    }
    passedOver.push(`${name} cannot be used (${candidates.get(name)!.reason})`);
  }
  throw new BackendUnavailableError(`no backend can run here: ${passedOver.join('; ')}`);
}
