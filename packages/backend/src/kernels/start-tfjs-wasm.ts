import { WasmLoadError } from '@maxent/core';
import { compileWasm, type WasmSource } from '@maxent/core/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { platform } from '#platform';
import { BackendWasm, kernelConfigs, startModule, version_wasm } from './generated/tfjs-wasm.js';

/** TensorFlow.js's WebAssembly module with its memory, made by its start-up code. */
export interface TfjsModule {
  cwrap(
    name: string,
    result: 'number' | null,
    parameters: readonly 'number'[],
  ): (...args: number[]) => number;
  tfjs?: Readonly<Record<string, (...args: number[]) => number>>;
}

export interface StartOptions {
  /** Makes the instance and passes it to `receive`; the return value is ignored. */
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}

const file = { name: 'tfjs-backend-wasm-simd.wasm', option: 'wasm.tfjs' };

/** The functions of the module that the backend class calls: name, result, number of parameters. */
const calls = {
  init: ['init', null, 0],
  initWithThreadsCount: ['init_with_threads_count', null, 1],
  getThreadsCount: ['get_threads_count', 'number', 0],
  registerTensor: ['register_tensor', null, 3],
  disposeData: ['dispose_data', null, 1],
  dispose: ['dispose', null, 0],
} as const;

/**
 * Registers TensorFlow.js's wasm backend, ready for use, and returns its version. A program that has already started
 * that backend itself keeps its own.
 *
 * @throws WasmLoadError if the binary cannot be loaded.
 */
export async function startTfjsWasm(
  source: WasmSource = platform.wasmAddress() as WasmSource,
): Promise<string> {
  const { registry, registryFactory } = tf.engine();
  if (!('wasm' in registry)) {
    const started = await startBinary(await compileWasm(source, file));
    for (const config of kernelConfigs) {
      if (tf.getKernel(config.kernelName, 'wasm') === undefined) tf.registerKernel(config);
    }
    // If the program imports tfjs-backend-wasm, that registers a backend which has yet to find its binary.
    if ('wasm' in registryFactory) tf.removeBackend('wasm');
    tf.registerBackend('wasm', () => new BackendWasm(started), 2);
  }
  return version_wasm;
}

async function startBinary(compiled: WebAssembly.Module): Promise<TfjsModule> {
  if (WebAssembly.Module.imports(compiled).some(({ kind }) => kind === 'memory')) {
    throw wrongBinary('the threaded build, which does not share its memory with our kernels');
  }
  const started = await new Promise<TfjsModule>((resolve, reject) => {
    const instantiateWasm: StartOptions['instantiateWasm'] = (imports, receive) => {
      WebAssembly.instantiate(compiled, imports).then(
        (instance) => receive(instance, compiled),
        (cause) => reject(wrongBinary(`a different module (${(cause as Error).message})`, cause)),
      );
      return {};
    };
    startModule({ instantiateWasm }).then(resolve, reject);
  });
  started.tfjs = Object.fromEntries(
    Object.entries(calls).map(([name, [exported, result, parameters]]) => [
      name,
      started.cwrap(exported, result, new Array<'number'>(parameters).fill('number')),
    ]),
  );
  return started;
}

function wrongBinary(problem: string, cause?: unknown): WasmLoadError {
  return new WasmLoadError(
    `cannot load ${file.name}: ${file.option} gave ${problem}; give ${file.name} from @tensorflow/tfjs-backend-wasm ${version_wasm}`,
    { cause },
  );
}
