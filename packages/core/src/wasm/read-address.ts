/** The bytes at an address, or why they could not be read and what to do. */
export type ReadResult =
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly problem: string; readonly remedy: string; readonly cause?: unknown };

interface FileSystem {
  readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Reads a URL with `fetch`, and a path or a `file:` URL with Node's file system if there is one. Node's module is
 * looked up at run time, without an import, so that the same code can be bundled for every platform.
 */
export async function readAddress(address: string): Promise<ReadResult> {
  const files = fileSystem();
  return files !== undefined && isFile(address) ? readFile(files, address) : fetchFile(address);
}

/** The address as a browser's page resolves it, for use in messages. */
export function absoluteAddress(address: string): string {
  const { location } = globalThis as { location?: { href: string } };
  try {
    return location === undefined ? address : new URL(address, location.href).href;
  } catch {
    return address;
  }
}

function fileSystem(): FileSystem | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => FileSystem } };
  return process?.getBuiltinModule?.('node:fs/promises');
}

function isFile(address: string): boolean {
  // A single letter is a Windows drive, not a scheme.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase();
  return scheme === undefined || scheme === 'file';
}

async function readFile(files: FileSystem, address: string): Promise<ReadResult> {
  try {
    return { bytes: await files.readFile(/^file:/i.test(address) ? new URL(address) : address) };
  } catch (cause) {
    const { code, message } = cause as { code?: string; message?: string };
    const problem = code === 'ENOENT' ? 'there is no such file' : (message ?? String(cause));
    return { problem, remedy: 'copy it there', cause };
  }
}

async function fetchFile(address: string): Promise<ReadResult> {
  let response: Response;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    response = await fetch(address);
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    return {
      problem: `there was no answer (${cause instanceof Error ? cause.message : String(cause)})`,
      remedy:
        'check the address, the network, CORS if it is another origin, and connect-src of the Content-Security-Policy',
      cause,
    };
  }
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    return { problem: `the server answered ${status}`, remedy: 'serve the file there' };
  }
  const type = response.headers.get('content-type') ?? '';
  const firstCharacter = String.fromCharCode(...bytes.subarray(0, 64)).trimStart()[0];
  if (bytes[0] !== 0 && (/html/i.test(type) || firstCharacter === '<')) {
    return {
      problem: `the server answered with a page (${type || 'no content type'}) instead of the file, as servers of single-page apps do for a path that they do not know`,
      remedy: 'serve the file there',
    };
  }
  return { bytes };
}
