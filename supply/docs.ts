import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsPage } from '../config/error-reference.js';
import { type Field, settingsPage } from '../config/reference.js';
import { contractFields, contractSchema } from '../contract/schema.js';
import { openApi } from '../server/api/openapi.js';
import { markdownTable } from '../text/markdown.js';
import { metricsPage } from '../workers/metrics/page.js';
import { checkout, isStarted } from './checkout.js';

/** Lists of plain values stand on one line where the formatter would put them there. */
const WIDTH = 120;

/**
 * The documents that are made from the code, by path from the root of the checkout. `docs/contract.md` is written by hand
 * but for its tables of fields, so its present text comes in.
 */
export function generateDocs(read: (path: string) => string): Map<string, string> {
  return new Map([
    ['docs/errors.md', errorsPage()],
    ['docs/settings.md', settingsPage()],
    ['docs/metrics.md', metricsPage()],
    ['docs/contract.schema.json', printJson(contractSchema())],
    ['docs/openapi.json', printJson(openApi(null))],
    ['docs/contract.md', withFields(read('docs/contract.md'))],
  ]);
}

/** Writes what is not current. @returns the paths written */
export function writeDocs(root: string): string[] {
  const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '');
  const changed = [...generateDocs(read)].filter(([path, text]) => read(path) !== text);
  for (const [path, text] of changed) writeFileSync(join(root, path), text);
  return changed.map(([path]) => path);
}

/** Puts the tables between their marks: `<!-- fields: full -->` … `<!-- /fields -->`. */
function withFields(text: string): string {
  const fields = contractFields();
  return text.replace(
    /(<!-- fields: (full|retracted) -->\n)[\s\S]*?(\n<!-- \/fields -->)/g,
    (_all, open: string, which: 'full' | 'retracted', close: string) => `${open}${tableOf(fields[which])}${close}`,
  );
}

function tableOf(fields: Field[]): string {
  const present = (f: Field) => (f.fallback === '' ? 'may be absent' : 'always');
  return markdownTable(
    ['Field', 'Value', 'Present', 'Meaning'],
    fields.map((f) => [`\`${f.path}\``, f.type, present(f), f.description]),
  );
}

function printJson(value: object): string {
  const text = JSON.stringify(value, null, 2).replace(
    /^(.*)\[\n([^[\]{}]*?)\n\s*\](,?)$/gm,
    (whole, before: string, inner: string, comma: string) => {
      const line = `${before}[${inner.trim().replace(/\n\s*/g, ' ')}]${comma}`;
      return line.length <= WIDTH ? line : whole;
    },
  );
  return `${text}\n`;
}

if (isStarted(import.meta.url)) {
  const changed = writeDocs(checkout().root);
  process.stdout.write(changed.length === 0 ? 'The documents are current.\n' : `Written: ${changed.join(', ')}\n`);
}
