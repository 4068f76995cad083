import { isMaxentError, WasmLoadError } from '@maxent/core';
import { compileWasm, type WasmSource } from '@maxent/core/wasm';
import { startMujoco } from '#bindings';
import type { Mujoco } from './mujoco-api.js';

export type { Mujoco } from './mujoco-api.js';

export interface MujocoLoadOptions {
  /**
   * `@maxent/mujoco/mujoco.wasm`: its address, its bytes or a compiled `WebAssembly.Module`. Only needed if a bundler
   * moves or inlines this package without its wasm file; see the README.
   */
  readonly wasm?: WasmSource | undefined;
  /** The same as a function from the name `mujoco.wasm` to an address. */
  readonly locateFile?: ((file: string) => string) | undefined;
}

// The bindings compile functions from strings, which a page's policy can only allow with this.
const file = { name: 'mujoco.wasm', option: 'loadMujoco({ wasm })', policy: "'unsafe-eval'" };

let loading: Promise<Mujoco> | undefined;

/**
 * Loads MuJoCo, once per process or page: later calls return the same module, whatever their options. Call it with
 * options before the first environment is made.
 *
 * @throws WasmLoadError naming address, cause and remedy when the wasm file cannot be loaded; the next call tries
 * again.
 * @throws InvalidInputError if `wasm` is neither an address nor bytes nor a module.
 */
export function loadMujoco(options: MujocoLoadOptions = {}): Promise<Mujoco> {
  loading ??= start(options).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start({ wasm, locateFile }: MujocoLoadOptions): Promise<Mujoco> {
  const source = wasm ?? locateFile?.(file.name);
  try {
    // Without options, the bindings refer to their file in a way that bundlers recognize.
    return await (source === undefined ? startMujoco() : startWith(source));
  } catch (cause) {
    throw await explain(cause, source);
  }
}

async function startWith(source: WasmSource): Promise<Mujoco> {
  const compiled = await compileWasm(source, file);
  return new Promise((resolve, reject) => {
    const instantiateWasm = (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance) => void,
    ): void => {
      WebAssembly.instantiate(compiled, imports).then(receive).catch(reject);
    };
    startMujoco({ instantiateWasm }).then(resolve, reject);
  });
}

/** Returns the error to throw when starting has failed. */
async function explain(cause: unknown, source: WasmSource | undefined): Promise<unknown> {
  if (isMaxentError(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof EvalError || /EvalError|string as JavaScript/i.test(message)) {
    return failure(
      "the Content-Security-Policy of this page forbids compiling functions from strings, which MuJoCo's bindings need",
      "add 'unsafe-eval' to its script-src ('wasm-unsafe-eval' is not enough), or simulate in a worker whose script is served with such a policy",
      cause,
    );
  }
  if (message.includes("argument 'filename'")) {
    return failure(
      'the bindings need import.meta.url, which a CommonJS bundle does not have',
      'bundle to an ES module, or leave @maxent/mujoco out of the bundle (external)',
      cause,
    );
  }
  const address = source === undefined ? requestedAddress(message) : undefined;
  if (address !== undefined) {
    try {
      await compileWasm(address, file);
    } catch (error) {
      return error;
    }
  }
  return failure(message, `give the address of @maxent/mujoco/mujoco.wasm as ${file.option}`, cause);
}

function failure(problem: string, remedy: string, cause: unknown): WasmLoadError {
  return new WasmLoadError(`cannot load MuJoCo: ${problem}; ${remedy}`, { cause });
}

/**
 * Returns the address that the bindings tried by themselves. They do not always report it, but the browser records it.
 */
function requestedAddress(message: string): string | undefined {
  const named = /\S+\.wasm\b/.exec(message)?.[0];
  const { performance } = globalThis as { performance?: Performance };
  const requests = performance?.getEntriesByType?.('resource') ?? [];
  return requests.filter(({ name }) => /mujoco[^/]*\.wasm\b/.test(name)).at(-1)?.name ?? named;
}
