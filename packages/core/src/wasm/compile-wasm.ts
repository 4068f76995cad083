import { InvalidInputError, WasmLoadError } from '../errors.js';
import { absoluteAddress, readAddress } from './read-address.js';

/**
 * Where a WebAssembly file comes from:
 * - its address: a URL, which may be relative to the page in a browser; in Node, Bun and Deno a path will do too;
 * - its bytes;
 * - a compiled `WebAssembly.Module`, for runtimes that forbid compiling from bytes, such as Cloudflare Workers.
 *   (The type says `object`, so that these declarations need no DOM library.)
 */
export type WasmSource = string | URL | ArrayBuffer | ArrayBufferView | object;

/** What an error message says about a file. */
export interface WasmFile {
  /** Its usual name, such as `mujoco.wasm`. */
  readonly name: string;
  /** The option that takes its source, such as `wasm.tfjs`. */
  readonly option: string;
  /** What its code needs in `script-src`: `'wasm-unsafe-eval'`, unless it also compiles functions from strings. */
  readonly policy?: string;
}

const magic = [0x00, 0x61, 0x73, 0x6d];

/**
 * Reads and compiles a WebAssembly file.
 *
 * @param source undefined if the caller does not know the address; that is an error that says what to do.
 * @throws InvalidInputError if `source` is not an address, bytes or a `WebAssembly.Module`.
 * @throws WasmLoadError naming the address, the cause and the remedy.
 */
export async function compileWasm(
  source: WasmSource | undefined,
  file: WasmFile,
): Promise<WebAssembly.Module> {
  const give = `give its address, its bytes or a compiled WebAssembly.Module as ${file.option}`;
  const failure = (from: string, problem: string, remedy = give, cause?: unknown): WasmLoadError =>
    new WasmLoadError(`cannot load ${file.name}${from}: ${problem}; ${remedy}`, { cause });

  if (source === undefined) {
    throw failure('', 'its address is unknown, because this bundle does not know its own address', give);
  }
  if (isModule(source)) return source;
  const address = addressOf(source);
  const from = address === undefined ? '' : ` from ${absoluteAddress(address)}`;
  if (address === undefined && !isBytes(source)) {
    throw new InvalidInputError(
      file.option,
      `expected an address, bytes or a compiled WebAssembly.Module, but got ${describe(source)}`,
    );
  }

  let bytes: Uint8Array<ArrayBuffer>;
  if (address === undefined) {
    bytes = viewOf(source as ArrayBuffer | ArrayBufferView);
  } else {
    const read = await readAddress(address);
    if ('problem' in read) throw failure(from, read.problem, `${read.remedy}, or ${give}`, read.cause);
    bytes = read.bytes;
  }
  if (!magic.every((byte, at) => bytes[at] === byte)) {
    const first = bytes.length === 0 ? 'it is empty' : `it begins with ${JSON.stringify(beginning(bytes))}`;
    throw failure(from, `this is not WebAssembly: ${first}`, give);
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    const { problem, remedy } = explainCompileError(cause, file);
    throw failure(from, problem, remedy, cause);
  }
}

/** Chromium, Firefox and Safari word a violated page policy differently, and V8 words its host's policy differently. */
function explainCompileError(
  cause: unknown,
  { option, policy = "'wasm-unsafe-eval'" }: WasmFile,
): { problem: string; remedy: string } {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/content.security.policy|unsafe-eval|\bCSP\b/i.test(message)) {
    return {
      problem: 'the Content-Security-Policy of this page forbids WebAssembly',
      remedy: `add ${policy} to its script-src`,
    };
  }
  if (/embedder|code generation/i.test(message)) {
    return {
      problem: `this runtime forbids compiling WebAssembly from bytes (${message})`,
      remedy: `import the file as a compiled WebAssembly.Module and give that as ${option}`,
    };
  }
  return {
    problem: `it does not compile (${message})`,
    remedy: 'the file is damaged or cut short, or this engine is too old for it',
  };
}

function isModule(source: unknown): source is WebAssembly.Module {
  // instanceof would miss modules from another realm (a frame, a test runner's context).
  return Object.prototype.toString.call(source) === '[object WebAssembly.Module]';
}

function isBytes(source: unknown): source is ArrayBuffer | ArrayBufferView {
  return ArrayBuffer.isView(source) || Object.prototype.toString.call(source) === '[object ArrayBuffer]';
}

function addressOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  const href = (source as { href?: unknown } | null)?.href;
  return typeof href === 'string' ? href : undefined;
}

function viewOf(source: ArrayBuffer | ArrayBufferView): Uint8Array<ArrayBuffer> {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

function beginning(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 16));
}

function describe(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  return Object.prototype.toString.call(value);
}
