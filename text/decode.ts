/** Labels that mean windows-1252 to every browser (WHATWG Encoding), and that servers send without having looked. */
const WESTERN = new Set(['windows-1252', 'iso-8859-15']);

/** What windows-1252 has at 80 to 9F. Spelled out because Node's own decoder leaves them as they are (nodejs/node#56542). */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * The text of a feed, sitemap, JSON document or listing page: byte order mark first, then what HTTP says, then the document's own
 * declaration (RFC 7303), then UTF-8. A name that is unknown, or that the bytes contradict, is passed over.
 * @returns the text without byte order mark, and the name of the encoding it was read in
 */
export function decodeDocument(bytes: Uint8Array, contentType = ''): { text: string; encoding: string } {
  const marked = markOf(bytes);
  if (marked?.startsWith('utf-32')) return { text: decodeUtf32(bytes, marked === 'utf-32be'), encoding: marked };
  const named = [
    marked,
    known(/charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType)?.[1]),
    known(declaredIn(bytes)),
    'utf-8',
  ].filter((label) => label !== null);
  // Text in another single-byte encoding is next to never valid UTF-8 by chance.
  if (marked === null && named[0] && WESTERN.has(named[0]) && !isAscii(bytes)) named.unshift('utf-8');
  for (const label of named) {
    const text = tryDecode(bytes, label, true);
    if (text !== null) return { text: hintControls(text), encoding: label };
  }
  // Nothing fits all bytes: some are broken. UTF-8 that is mostly whole loses single letters; else it is an old Western page.
  const first = named[0] ?? 'utf-8';
  const text = tryDecode(bytes, first, false) ?? '';
  const broken = text.split('\uFFFD').length - 1;
  if (marked === null && first === 'utf-8' && broken > 0 && !hasWholeUtf8(bytes))
    return { text: hintControls(tryDecode(bytes, 'windows-1252', false) ?? text), encoding: 'windows-1252' };
  return { text: hintControls(text), encoding: first };
}

/** Control characters 80 to 9F never occur in text: they are the quotes and dashes of windows-1252, converted blindly. */
function hintControls(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, (c) => WINDOWS[c.charCodeAt(0) - 0x80] ?? c);
}

function markOf(b: Uint8Array): string | null {
  const [b0, b1, b2, b3] = b;
  if (b0 === 0xef && b1 === 0xbb && b2 === 0xbf) return 'utf-8';
  if (b0 === 0xff && b1 === 0xfe) return b2 === 0 && b3 === 0 ? 'utf-32le' : 'utf-16le';
  if (b0 === 0xfe && b1 === 0xff) return 'utf-16be';
  if (b0 === 0 && b1 === 0 && b2 === 0xfe && b3 === 0xff) return 'utf-32be';
  // No mark, but '<' or '{' in two or four bytes can be nothing else (XML 1.0, appendix F).
  const isStart = (byte: number | undefined) => byte === 0x3c || byte === 0x7b;
  if (b0 === 0 && b1 === 0 && b2 === 0 && isStart(b3)) return 'utf-32be';
  if (isStart(b0) && b1 === 0 && b2 === 0 && b3 === 0) return 'utf-32le';
  if (b0 === 0 && isStart(b1)) return 'utf-16be';
  if (isStart(b0) && b1 === 0) return 'utf-16le';
  return null;
}

/** The encoding that the XML declaration or an HTML page's meta element names; the bytes up to it are ASCII in every encoding that gets here. */
function declaredIn(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 2048)).toString('latin1');
  const name =
    /<\?xml\s[^>]*?encoding\s*=\s*["']\s*([\w.:-]+)/i.exec(head)?.[1] ??
    /<(?:!doctype\s+html|html|head)\b[\s\S]*?<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1];
  // Written in one-byte letters, so it cannot be UTF-16, whatever it says.
  return name && /^(?:utf|ucs|iso-10646-ucs)-?(?:16|32|2|4)/i.test(name) ? 'utf-8' : name;
}

function known(label: string | undefined): string | null {
  if (!label) return null;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function tryDecode(bytes: Uint8Array, label: string, fatal: boolean): string | null {
  try {
    return new TextDecoder(label, { fatal }).decode(bytes);
  } catch {
    return null;
  }
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** Whether any letter beyond ASCII is written as UTF-8 writes it. */
function hasWholeUtf8(bytes: Uint8Array): boolean {
  for (let i = 0; i + 1 < bytes.length; i++) {
    const [lead, next] = [bytes[i] ?? 0, bytes[i + 1] ?? 0];
    if (lead >= 0xc3 && lead <= 0xf4 && next >= 0x80 && next <= 0xbf) return true;
  }
  return false;
}

/** TextDecoder knows no UTF-32, and a few feeds still come so. */
function decodeUtf32(bytes: Uint8Array, bigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let i = 0; i + 3 < bytes.byteLength; i += 4) {
    const point = view.getUint32(i, !bigEndian);
    if (point !== 0xfeff) text += point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD';
  }
  return text;
}
