import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';

/** The package of the native backend, and the only version whose internals we know how to use. */
export const nativePackage = '@tensorflow/tfjs-node';
const nativeVersion = '4.22.0';

/** Why the native backend cannot be used. */
export type NativeProblemKind =
  | 'worker-thread'
  | 'wrong-platform'
  | 'not-installed'
  | 'script-not-approved'
  | 'addon-missing'
  | 'library-missing'
  | 'load-failed';

export interface NativeProblem {
  readonly kind: NativeProblemKind;
  /** The problem in one line, without the remedy. */
  readonly reason: string;
  /** The command that fixes it; absent if none can. */
  readonly command?: string;
}

/** What a diagnosis depends on, apart from files. */
export interface NativeHost {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
  /** Whether the C library is glibc; true outside Linux. */
  readonly glibc: boolean;
  readonly mainThread: boolean;
}

/** The addon's file name, and TensorFlow's library as its own archives and the wheel name it. */
const addonName = 'tfjs_binding.node';
const libraryName = /^(lib)?tensorflow(_cc)?\.(so|dll|dylib|[0-9.]+dylib)/;

/** Platforms that TensorFlow publishes a C library for. */
const platforms = new Set(['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64', 'win32 x64']);

/** Finds out why the native backend cannot be loaded, without loading anything. */
export function diagnoseNative(directory: string | undefined, host: NativeHost): NativeProblem | undefined {
  const { platform, architecture, glibc, mainThread } = host;
  if (!mainThread) {
    return {
      kind: 'worker-thread',
      reason:
        'TensorFlow runs in the main thread only: a second instance of tfjs-node in a worker thread fails or ' +
        'crashes the process; use wasm in worker threads',
    };
  }
  if (!platforms.has(`${platform} ${architecture}`)) {
    return {
      kind: 'wrong-platform',
      reason: `there is no TensorFlow library for ${platform} ${architecture}`,
    };
  }
  if (!glibc) {
    return {
      kind: 'wrong-platform',
      reason:
        "TensorFlow's libraries need glibc, and this system has a different C library (Alpine has musl)",
    };
  }
  if (directory === undefined) {
    return {
      kind: 'not-installed',
      reason: `${nativePackage} is not installed`,
      command: `npm install ${nativePackage}@${nativeVersion}`,
    };
  }
  const addon = nativeAddon(directory);
  const library = findLibrary(directory);
  if (addon === undefined && library.found) {
    return {
      kind: 'addon-missing',
      reason: `${nativePackage} has its library but not its addon (${addonName}), which could not be built or downloaded`,
      command: rebuildCommand(directory),
    };
  }
  if (addon === undefined) {
    const pnpm = directory.includes(`${sep}.pnpm${sep}`);
    return {
      kind: pnpm ? 'script-not-approved' : 'addon-missing',
      reason: pnpm
        ? `${nativePackage} is installed, but pnpm has not been allowed to run its install script, which downloads TensorFlow`
        : `${nativePackage} is installed without its addon: its install script has not run`,
      command: pnpm
        ? (workspaceCommand(directory) ?? `pnpm approve-builds ${nativePackage}`)
        : rebuildCommand(directory),
    };
  }
  if (!library.found) return missingLibrary(directory, library.brokenLink);
  return undefined;
}

/** Explains why loading the addon failed, from the dynamic linker's message. */
export function explainLoadError(message: string, directory: string): NativeProblem {
  const firstLine = message.split('\n', 1)[0]!;
  if (/wrong ELF class|invalid ELF header|incompatible architecture|not a valid Win32/i.test(message)) {
    return {
      kind: 'wrong-platform',
      reason: `${nativePackage} was built for a different system or processor (${firstLine})`,
      command: rebuildCommand(directory),
    };
  }
  if (/cannot open shared object file|Library not loaded|module could not be found/i.test(message)) {
    return missingLibrary(directory, undefined, firstLine);
  }
  return {
    kind: 'load-failed',
    reason: `${nativePackage} could not be loaded (${firstLine})`,
    command: rebuildCommand(directory),
  };
}

/** The reason and the remedy in one line. */
export function describeProblem({ reason, command }: NativeProblem): string {
  return command === undefined ? reason : `${reason}; to fix it, run: ${command}`;
}

/** The addon's path, if it exists. tfjs-node looks under the newest N-API version that it knows. */
export function nativeAddon(directory: string): string | undefined {
  const builds = join(directory, 'lib');
  if (!existsSync(builds)) return undefined;
  return readdirSync(builds)
    .filter((name) => /^napi-v\d+$/.test(name))
    .map((name) => join(builds, name, addonName))
    .find((path) => existsSync(path));
}

/** Whether TensorFlow's library lies next to the package; if not, the target of a broken link to it. */
function findLibrary(directory: string): { found: boolean; brokenLink?: string } {
  const libraries = join(directory, 'deps', 'lib');
  const names = existsSync(libraries) ? readdirSync(libraries).filter((name) => libraryName.test(name)) : [];
  const path = names.map((name) => join(libraries, name)).find((candidate) => existsSync(candidate));
  if (path !== undefined) return { found: true };
  const link = names
    .map((name) => join(libraries, name))
    .find((candidate) => lstatSync(candidate).isSymbolicLink());
  return link === undefined ? { found: false } : { found: false, brokenLink: readlinkSync(link) };
}

function missingLibrary(directory: string, brokenLink: string | undefined, detail?: string): NativeProblem {
  if (brokenLink !== undefined) {
    const from = dirname(dirname(brokenLink));
    return {
      kind: 'library-missing',
      reason: `${nativePackage} was linked to TensorFlow in ${from}, where ${basename(brokenLink)} no longer exists`,
      command: `pnpm native:link --from ${from}`,
    };
  }
  return {
    kind: 'library-missing',
    reason: `TensorFlow's library is missing next to ${nativePackage}${detail === undefined ? '' : ` (${detail})`}`,
    command: rebuildCommand(directory),
  };
}

function rebuildCommand(directory: string): string {
  const manager = directory.includes(`${sep}.pnpm${sep}`) ? 'pnpm' : 'npm';
  return workspaceCommand(directory) ?? `${manager} rebuild ${nativePackage}`;
}

/** The workspace's own install command, if it has one. maxent's has: its pnpm never runs the install script. */
function workspaceCommand(directory: string): string | undefined {
  const [root] = directory.split(`${sep}node_modules${sep}`);
  try {
    const { scripts } = JSON.parse(readFileSync(join(root!, 'package.json'), 'utf8'));
    return scripts?.['native:install'] === undefined ? undefined : 'pnpm native:install';
  } catch {
    return undefined;
  }
}
