import { escapeText } from '../../text/escape.js';
import { unescapeEntities } from '../../text/html-text.js';

/**
 * Cuts the DOCTYPE out and keeps its plain entities. Values are never expanded again and external ones never read, so
 * neither a billion laughs nor a file of this machine can come of it.
 */
export function withoutDoctype(text: string): { body: string; entities: Map<string, string> } {
  const entities = new Map<string, string>();
  const start = text.search(/<!DOCTYPE/i);
  if (start < 0 || start > 10_000) return { body: text, entities };
  const head = text.slice(start, start + 20_000);
  const subset = /^<!DOCTYPE[^[>]*\[([\s\S]*?)\]\s*>/i.exec(head);
  const whole = subset?.[0] ?? /^<!DOCTYPE[^>]*>/i.exec(head)?.[0] ?? '';
  for (const [, name = '', , value = ''] of (subset?.[1] ?? '').matchAll(/<!ENTITY\s+([\w.-]+)\s+(["'])(.*?)\2\s*>/gs))
    if (entities.size < 100 && value.length < 200) entities.set(name, escapeText(unescapeEntities(value)));
  return { body: text.slice(0, start) + text.slice(start + whole.length), entities };
}
