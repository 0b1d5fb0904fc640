import { Parser } from 'htmlparser2';

/** Text in lower case without accents and other marks, as the search index stores it and queries use it. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The words of a text as search uses them, in order. Numbers count as words. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The readable part of an address: `José Ortega` becomes `jose-ortega`. Empty when the text has no letters or digits. */
export function keyOf(text: string): string {
  return wordsOf(text).join('-').slice(0, 80);
}

/** The text of sanitised HTML, with a line break between blocks. */
export function textOf(html: string): string {
  let text = '';
  const parser = new Parser({
    ontext: (t) => {
      text += t;
    },
    onopentagname: (name) => {
      if (BLOCKS.has(name)) text += '\n';
    },
    onclosetag: (name) => {
      if (BLOCKS.has(name)) text += '\n';
    },
  });
  parser.end(html);
  return text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

const BLOCKS = new Set(
  'p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table tr td th figure figcaption hr br'.split(' '),
);
