import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { encodePolicy, loadPolicy, type PolicySource, Rng } from './index.js';
import { actorDescription } from './test-support/descriptions.js';

const bytes = encodePolicy(actorDescription());

describe('loadPolicy', () => {
  it('takes bytes, buffers, blobs and responses', async () => {
    const expected = (await loadPolicy(bytes)).act([1, 2, 3]);
    const sources: PolicySource[] = [
      bytes.buffer,
      new Blob([bytes]),
      new Response(bytes),
      new Uint8Array(bytes),
    ];
    for (const source of sources) expect((await loadPolicy(source)).act([1, 2, 3])).toEqual(expected);
  });

  it('takes addresses, and says what is wrong with one', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/policy') response.end(bytes);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await loadPolicy(new URL(`${address}/policy`))).agent).toBe('sac');
    expect((await loadPolicy(`${address}/policy`)).provenance).toEqual({ environment: 'Toy-v0', steps: 100 });
    await expect(loadPolicy(`${address}/other`)).rejects.toThrow(`no policy at ${address}/other: status 404`);
    await new Promise((resolve) => server.close(resolve));
    await expect(loadPolicy(`${address}/policy`)).rejects.toMatchObject({ code: 'STORAGE' });
  });

  it('says what it takes', async () => {
    for (const source of [undefined, null, 5, {}, [1, 2]]) {
      await expect(loadPolicy(source as unknown as PolicySource)).rejects.toThrow(
        'source: expected bytes, an address, a Response or a Blob, got',
      );
    }
  });
});

describe('a policy', () => {
  it('keeps what is not an observation out, with the door and the value', async () => {
    const policy = await loadPolicy(bytes);
    expect(() => policy.act([1, 2])).toThrow(
      /^act: observation: expected a flat list of 3 numbers for Box\(3, float32\), got \[1, 2\]/,
    );
    expect(() => policy.act([1, 2, Number.NaN])).toThrow(/^act: observation: expected finite numbers/);
    // @ts-expect-error A text is not an observation.
    expect(() => policy.act('x')).toThrow(/^act: observation/);
    expect(() => policy.act([1, 2, 3], { deterministic: false })).toThrow(
      'rng: required when deterministic is false; give an Rng, such as Rng.fromSeed(1)',
    );
    expect(() => policy.act([1, 2, 3], { task: [1] })).toThrow(
      'task: this sac policy does not act on a task; leave it out',
    );
    expect(() => policy.infer([])).toThrow('infer: this sac policy does not infer tasks');
  });

  it('is not changed by changes to its bytes, nor its bytes by changes to what it gave', async () => {
    const file = bytes.slice();
    const policy = await loadPolicy(file);
    const action = policy.act([1, 2, 3]);
    file.fill(0);
    policy.toBytes().fill(0);
    expect((await loadPolicy(policy.toBytes())).act([1, 2, 3])).toEqual(action);
    expect(policy.act([1, 2, 3], { deterministic: false, rng: Rng.fromSeed(1) })).not.toEqual(action);
  });
});

it('a page that loads a policy and acts is below 12 kB, of our packages alone', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: "import { loadPolicy } from './index.js'; globalThis.loadPolicy = loadPolicy;",
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'esm',
    conditions: ['@maxent/source'],
  });
  const used = Object.entries(Object.values(metafile.outputs)[0]!.inputs).filter(
    ([, { bytesInOutput }]) => bytesInOutput > 0,
  );
  expect(used.map(([path]) => path).filter((path) => /node_modules/.test(path))).toEqual([]);
  expect(gzipSync(outputFiles[0]!.contents).byteLength).toBeLessThan(12_000);
});
