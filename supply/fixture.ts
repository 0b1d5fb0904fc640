import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readBody } from '../extractors/body/body.js';
import { parseDocument } from '../extractors/dom/dom.js';
import { decode } from '../text/charset.js';
import { anonymise } from './anonymise.js';
import { checkout } from './checkout.js';

/** `npm run fixture -- URL|FILE --name DEFECT`: writes a golden pair without a word of the page it was made from. */

const USAGE = 'usage: npm run fixture -- URL|FILE --name DEFECT [--folder DIR] [--force]';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string' }, folder: { type: 'string' }, force: { type: 'boolean' } },
});
const [page] = positionals;
const { name, folder = join(checkout().root, 'tests/fixtures/body'), force = false } = values;
if (page === undefined || name === undefined || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) {
  console.error(`${USAGE}\n  DEFECT names what goes wrong, in lower case with hyphens: newsletter-box`);
  process.exit(2);
}
const place = join(folder, name);
if (existsSync(`${place}.html`) && !force) {
  console.error(`${place}.html exists. Choose another name, or add --force.`);
  process.exit(1);
}

const { bytes, type } = await bytesOf(page);
const html = anonymise(decode(bytes, type).html);
const title = /<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? '';
const body = readBody(parseDocument(html), {
  url: 'https://gazette.test/a',
  title,
  authors: ['Ada Quill'],
  rules: { remove: [] },
  jsonLdBody: null,
});
writeFileSync(`${place}.html`, html);
writeFileSync(`${place}.txt`, `${body?.text ?? ''}\n`);
console.log(
  `${place}.html\n${place}.txt holds what is read today. Correct it to what should be read, then correct the rule.`,
);

async function bytesOf(from: string): Promise<{ bytes: Uint8Array; type: string }> {
  if (!/^https?:/i.test(from)) return { bytes: readFileSync(from), type: 'text/html' };
  const answer = await fetch(from, { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`${from} answers ${answer.status}`);
  return { bytes: await answer.bytes(), type: answer.headers.get('content-type') ?? 'text/html' };
}
