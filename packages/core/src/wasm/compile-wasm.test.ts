import { describe, expect, it } from 'vitest';
import { InvalidInputError, WasmLoadError } from '../errors.js';
import { compileWasm, type WasmSource } from './compile-wasm.js';

/** The smallest module: magic number and version. */
const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const file = { name: 'small.wasm', option: 'wasm.small' };

const url = new URL('../fixtures/empty.wasm', import.meta.url);
const path = decodeURIComponent(url.pathname);
const directory = path.slice(0, path.lastIndexOf('/'));

describe('compileWasm', () => {
  it.each<[string, WasmSource]>([
    ['a path', path],
    ['a file URL', url],
    ['the text of a file URL', url.href],
    ['a data URL', 'data:application/wasm;base64,AGFzbQEAAAA='],
    ['an ArrayBuffer', empty.buffer],
    ['bytes that begin inside a buffer', Uint8Array.of(9, 9, ...empty).subarray(2)],
    ['a module', new WebAssembly.Module(empty)],
  ])('takes %s', async (_, source) => {
    expect(await compileWasm(source, file)).toBeInstanceOf(WebAssembly.Module);
  });

  it('returns a module as it is', async () => {
    const module = new WebAssembly.Module(empty);
    expect(await compileWasm(module, file)).toBe(module);
  });

  const give = 'give its address, its bytes or a compiled WebAssembly.Module as wasm.small';
  it.each<[string, WasmSource | undefined, string]>([
    [
      'no address',
      undefined,
      `cannot load small.wasm: its address is unknown, because this bundle does not know its own address; ${give}`,
    ],
    [
      'a path without a file',
      '/nowhere/x.wasm',
      `cannot load small.wasm from /nowhere/x.wasm: there is no such file; copy it there, or ${give}`,
    ],
    [
      'a directory',
      directory,
      `cannot load small.wasm from ${directory}: EISDIR: illegal operation on a directory, read`,
    ],
    ['no bytes', new Uint8Array(0), `cannot load small.wasm: this is not WebAssembly: it is empty; ${give}`],
    [
      'a page',
      'data:text/html,<!doctype html>',
      'the server answered with a page (text/html) instead of the file',
    ],
    [
      'a page that is not called one',
      'data:text/plain,%20<html>',
      'the server answered with a page (text/plain) instead of the file',
    ],
    ['another file', new TextEncoder().encode('hello'), 'this is not WebAssembly: it begins with "hello"'],
    ['half a file', empty.subarray(0, 6), 'it does not compile ('],
    [
      'a server that does not answer',
      'http://localhost:1/x.wasm',
      'http://localhost:1/x.wasm: there was no answer (fetch failed); check the address, the network',
    ],
  ])('of %s says cause and remedy', async (_, source, message) => {
    const failure = compileWasm(source, file);
    await expect(failure).rejects.toThrow(WasmLoadError);
    await expect(failure).rejects.toThrow(message);
  });

  it.each<[unknown, string]>([
    [5, '5'],
    [null, 'null'],
    [{ tfjs: path }, '[object Object]'],
  ])('refuses %j', async (source, named) => {
    const failure = compileWasm(source as WasmSource, file);
    await expect(failure).rejects.toThrow(InvalidInputError);
    await expect(failure).rejects.toThrow(
      `wasm.small: expected an address, bytes or a compiled WebAssembly.Module, but got ${named}`,
    );
  });
});
