import { WasmLoadError } from '@maxent/core';
import { compileWasm, type WasmSource } from '@maxent/core/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { platform } from '#platform';
import { BackendWasm, kernelConfigs, startModule, version_wasm } from './generated/tfjs-wasm.js';

/** TensorFlow.js's WebAssembly module with its memory, as its start-up code makes it. */
export interface TfjsModule {
  cwrap(
    name: string,
    result: 'number' | null,
    parameters: readonly 'number'[],
  ): (...args: number[]) => number;
  tfjs?: Readonly<Record<string, (...args: number[]) => number>>;
}

export interface StartOptions {
  /** Makes the instance; whatever it returns is ignored, since `receive` gets it. */
  instantiateWasm(
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
}

const file = { name: 'tfjs-backend-wasm-simd.wasm', option: 'wasm.tfjs' };

/** The calls from the backend class into the module: name, result, number of parameters. */
const calls = {
  init: ['init', null, 0],
  initWithThreadsCount: ['init_with_threads_count', null, 1],
  getThreadsCount: ['get_threads_count', 'number', 0],
  registerTensor: ['register_tensor', null, 3],
  disposeData: ['dispose_data', null, 1],
  dispose: ['dispose', null, 0],
} as const;

/**
 * Registers TensorFlow.js's wasm backend, ready to be used, and returns its version. A program that has started that
 * backend by itself keeps its own.
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
    // tfjs-backend-wasm, if the program imports it, registers a backend that has yet to find its binary.
    if ('wasm' in registryFactory) tf.removeBackend('wasm');
    tf.registerBackend('wasm', () => new BackendWasm(started), 2);
  }
  return version_wasm;
}

async function startBinary(compiled: WebAssembly.Module): Promise<TfjsModule> {
  if (WebAssembly.Module.imports(compiled).some(({ kind }) => kind === 'memory')) {
    throw wrongBinary('is the threaded build, which keeps its memory from our kernels');
  }
  const started = await new Promise<TfjsModule>((resolve, reject) => {
    const instantiateWasm: StartOptions['instantiateWasm'] = (imports, receive) => {
      WebAssembly.instantiate(compiled, imports).then(
        (instance) => receive(instance, compiled),
        (cause) => reject(wrongBinary(`is another module (${(cause as Error).message})`, cause)),
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
    `cannot load ${file.name}: what ${file.option} gave ${problem}; give ${file.name} of @tensorflow/tfjs-backend-wasm ${version_wasm}`,
    { cause },
  );
}
