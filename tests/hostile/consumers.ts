import { gzipSync } from 'node:zlib';
import { type Input, type Page, raw, times } from './input.js';

const end = (status: number, body = '', headers: Record<string, string> = {}): Page => ({ status, headers, body });
const forever =
  (status: number, chunk: string | Buffer): Page =>
  ({ response }) => {
    response.writeHead(status, { 'content-type': 'text/plain' });
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };

/** What a webhook may answer to an article that it is sent; `taken` where it took the article. */
const ANSWERS: Record<string, [Page, RegExp]> = {
  'taken, with a body without end': [forever(200, times('ok ', 20_000)), /taken|SINK_FAILED/],
  'refused, with a body without end': [forever(400, times('no ', 20_000)), /SINK/],
  'failed, with a body without end': [forever(500, Buffer.alloc(65_536)), /SINK_FAILED/],
  'taken, with a bomb': [
    { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(64_000_000)) },
    /taken|SINK_FAILED/,
  ],
  'refused, with a bomb': [
    { status: 400, headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(64_000_000)) },
    /SINK/,
  ],
  'an encoding that nobody knows': [end(200, 'x', { 'content-encoding': 'x-evil' }), /taken|SINK_FAILED/],
  silence: [() => undefined, /SINK_FAILED/],
  'a body that drips': [
    ({ response }) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 100);
      response.on('close', () => clearInterval(timer));
    },
    /taken|SINK_FAILED/,
  ],
  'a redirect to a private address': [
    end(307, '', { location: 'http://169.254.169.254/latest/meta-data/' }),
    /SINK_FAILED/,
  ],
  'a redirect to itself': [end(308, '', { location: '/hook' }), /SINK_FAILED/],
  'a redirect of 60 KB': [end(302, '', { location: `/${times('x', 60_000)}` }), /SINK_FAILED/],
  'not now, for a year': [end(429, '', { 'retry-after': '31536000' }), /SINK_FAILED/],
  'not now, for no number': [end(503, '', { 'retry-after': times('9', 400) }), /SINK_FAILED/],
  gone: [end(410, 'gone'), /SINK_REFUSED/],
  'a refusal of markup': [end(422, `<script>alert(1)</script>${times('<', 500_000)}`), /SINK_REFUSED/],
  'a refusal of tags never closed': [end(422, times('<a', 1_500_000)), /SINK_REFUSED/],
  'a refusal of control characters': [end(422, '\x1b[2J\x00\ud800'), /SINK_REFUSED/],
  'a million headers': [raw((s) => s.end(`HTTP/1.1 200 OK\r\n${times('a: b\r\n', 1_000_000)}\r\n`)), /SINK_FAILED/],
  'no HTTP': [raw((s) => s.end('220 mail.example ESMTP\r\n')), /SINK_FAILED/],
  'a connection closed at once': [raw((s) => s.destroy()), /SINK_FAILED/],
  'early hints without end': [
    raw((s) => {
      const timer = setInterval(() => s.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5);
      s.on('close', () => clearInterval(timer));
      s.on('error', () => clearInterval(timer));
    }),
    /SINK_FAILED/,
  ],
};

export const consumers: Input[] = Object.entries(ANSWERS).map(
  ([name, [consumer, ends]]): Input => ({ kind: 'consumers', name, consumer, ends }),
);
