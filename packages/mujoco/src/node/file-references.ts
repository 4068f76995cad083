/** Another file that a model file names. */
export interface FileReference {
  /** The element that names it, such as `mesh`. */
  readonly element: string;
  /** As it is written, with `/` between folders. */
  readonly file: string;
}

/** What a model file says about other files. */
export interface ModelFileReferences {
  readonly references: readonly FileReference[];
  /** Folders that the compiler is to look in: `meshdir`, `texturedir` and `assetdir`. */
  readonly folders: readonly string[];
  /** Whether the compiler is to leave out the folders in names of files. */
  readonly stripPath: boolean;
}

const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const TAG = /<([A-Za-z_][\w:-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/?>/g;
const FOLDERS = ['meshdir', 'texturedir', 'assetdir'];

/** Returns which files MJCF text refers to: attributes `file`, and `fileup` and the like of textures. */
export function fileReferencesOf(xml: string): ModelFileReferences {
  const references: FileReference[] = [];
  const folders: string[] = [];
  let stripPath = false;
  const text = xml.replaceAll(/<!--[\s\S]*?-->/g, '');
  for (const [, element, attributes] of text.matchAll(TAG)) {
    for (const [, name, double, single] of attributes!.matchAll(ATTRIBUTE)) {
      const value = decode(double ?? single!);
      if (element === 'compiler') {
        if (FOLDERS.includes(name!)) folders.push(slashes(value));
        if (name === 'strippath') stripPath = value === 'true';
      } else if (/^file(right|left|up|down|front|back)?$/.test(name!)) {
        references.push({ element: element!, file: slashes(value) });
      }
    }
  }
  return { references, folders, stripPath };
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(value: string): string {
  return value.replaceAll(/&(?:#x([\da-fA-F]+)|#(\d+)|(\w+));/g, (all, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
