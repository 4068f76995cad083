type Kind = 'agent' | 'environment' | 'task family';

const plugins = new WeakMap<object, string>();
const names = new WeakMap<object, string>();

/** Records which plugin a definition came from, for messages. */
export function notePlugin(definition: object, plugin: string): void {
  plugins.set(definition, plugin);
}

/** A definition's name in messages: `environment "Walk-v0" of plugin "walking"`, if the plugin is known. */
export function nameOfDefinition(kind: Kind, definition: object, name: string): string {
  const plugin = plugins.get(definition);
  return `${kind} "${name}"${plugin === undefined ? '' : ` of plugin "${plugin}"`}`;
}

/** Records the name of something that a definition made. */
export function noteName(made: object, name: string): void {
  names.set(made, name);
}

/** An object's name in messages: from its own definition or from what it wraps, otherwise its id or class. */
export function nameOf(kind: Kind, made: object, id?: string): string {
  let current: unknown = made;
  for (let depth = 0; depth < 100 && typeof current === 'object' && current !== null; depth++) {
    const known = names.get(current);
    if (known !== undefined) return known;
    current = (current as { readonly inner?: unknown }).inner;
  }
  if (typeof id === 'string') return `${kind} "${id}"`;
  const { name } = made.constructor ?? {};
  return typeof name === 'string' && name !== '' && name !== 'Object' ? `${kind} ${name}` : `the ${kind}`;
}
