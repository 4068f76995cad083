const TAG =
  /^<(?:\/([A-Za-z_][\w.:-]*)\s*|([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?))>/;
const ATTRIBUTE = /([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** Entities that XML knows without a document type. */
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i;
/** Elements that run code or bring in other documents, and animations, which could give an element such an attribute. */
const FORBIDDEN =
  /^(script|foreignobject|iframe|object|embed|image|use|a|style|animate|set|animatetransform|animatemotion)$/i;

/**
 * Why a text is not an SVG document that any page can show as it is; undefined if it is one. It must be one well-formed
 * `svg` element, without scripts, event handlers, style sheets, animations or anything that is loaded from elsewhere.
 */
export function svgProblem(text: string): string | undefined {
  const open: string[] = [];
  let roots = 0;
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const between = text.slice(at, next === -1 ? text.length : next);
    if (ENTITY.test(between)) return `${quoted(between.match(/&.*/)![0])} is not an entity of XML`;
    if (open.length === 0 && between.trim() !== '')
      return `${quoted(between.trim())} is outside the svg element`;
    if (next === -1) break;
    const tag = TAG.exec(text.slice(next));
    if (tag === null) return `${quoted(text.slice(next))} is not a tag`;
    const [whole, closing, opening, attributes = '', empty] = tag;
    at = next + whole.length;
    if (closing !== undefined) {
      const expected = open.pop();
      if (expected !== closing)
        return `</${closing}> closes ${expected === undefined ? 'nothing' : `<${expected}>`}`;
      continue;
    }
    if (open.length === 0) {
      if (opening !== 'svg') return `the outermost element is <${opening}>, not <svg>`;
      if (!/\bviewBox=/.test(attributes)) return 'the svg element has no viewBox, so it cannot be scaled';
      roots += 1;
    }
    const problem = elementProblem(opening!, attributes);
    if (problem !== undefined) return problem;
    if (empty === '') open.push(opening!);
  }
  if (open.length > 0) return `<${open.at(-1)}> is not closed`;
  return roots === 1 ? undefined : `it holds ${roots} svg elements, not one`;
}

function elementProblem(name: string, attributes: string): string | undefined {
  if (FORBIDDEN.test(name)) return `<${name}> is not allowed in a picture`;
  const seen = new Set<string>();
  for (const [, attribute, double, single] of attributes.matchAll(ATTRIBUTE)) {
    const value = double ?? single!;
    if (seen.has(attribute!)) return `<${name}> has the attribute ${attribute} twice`;
    seen.add(attribute!);
    if (ENTITY.test(value)) return `${attribute}="${value}" has an & that is not an entity of XML`;
    if (/^on/i.test(attribute!)) return `<${name}> has the event handler ${attribute}`;
    const outside = /href$/i.test(attribute!) ? !value.startsWith('#') : /url\(\s*['"]?(?!#)/i.test(value);
    if (outside || /^style$/i.test(attribute!))
      return `<${name}> has ${attribute}="${value}", which is not allowed`;
  }
  return undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
