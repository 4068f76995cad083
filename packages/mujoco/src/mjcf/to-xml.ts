import type { AttributeValue, MjcfElement } from './elements.js';

/**
 * Returns the MJCF text of an element. Numbers are written with the shortest digits that read back to the same double.
 */
export function toXml(element: MjcfElement, indent = ''): string {
  const attributes = Object.entries(element.attributes)
    .map(([name, value]) => ` ${name}="${attributeText(value)}"`)
    .join('');
  if (element.children.length === 0) return `${indent}<${element.tag}${attributes}/>\n`;
  const children = element.children.map((child) => toXml(child, `${indent}  `)).join('');
  return `${indent}<${element.tag}${attributes}>\n${children}${indent}</${element.tag}>\n`;
}

function attributeText(value: AttributeValue): string {
  if (typeof value === 'object') return value.join(' ');
  return String(value).replace(/[&<"]/g, (character) => ESCAPES[character]!);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
