import { expect } from 'vitest';

/** Headers, unfolded and decoded, and the decoded parts. */
export function readLetter(message: string): { headers: Map<string, string>; parts: string[] } {
  const at = message.indexOf('\r\n\r\n');
  const headers = new Map<string, string>();
  for (const line of message
    .slice(0, at)
    .replace(/\r\n[ \t]/g, ' ')
    .split('\r\n')) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    expect(headers.has(name), `two headers ${name}`).toBe(false);
    headers.set(name, decoded(line.slice(line.indexOf(':') + 1).trim()));
  }
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1];
  const parts = message.split(`--${boundary}`).slice(1, -1);
  return {
    headers,
    parts: parts.map((part) => {
      const [head = '', body = ''] = part.split('\r\n\r\n');
      const how = /content-transfer-encoding: (\S+)/i.exec(head)?.[1] === 'base64' ? 'base64' : 'latin1';
      return Buffer.from(body, how).toString('utf8').replaceAll('\r\n', '\n').trim();
    }),
  };
}

const decoded = (value: string): string =>
  value.replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=(?: (?==\?))?/gi, (_all, how: string, word: string) =>
    how.toUpperCase() === 'B'
      ? Buffer.from(word, 'base64').toString('utf8')
      : Buffer.from(
          word
            .replace(/_/g, ' ')
            .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`))),
          'latin1',
        ).toString('utf8'),
  );
