import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { folderMailer, smtpMailer } from '../../site/mail/mailers.js';
import type { Mail } from '../../site/mail/message.js';

const MAIL: Mail = {
  id: '0b4f1de2-6a1c-4e0e-9d3b-0c9f8f6f2a11',
  from: 'Der Ambría Bote <bote@wire.example>',
  to: 'ada@reader.example',
  subject: `Über ${'ä'.repeat(60)}\r\nBcc: all@reader.example`,
  text: 'Zeile\n',
  html: `<p>${'ö'.repeat(300)}</p>`,
  date: new Date('2026-03-02T07:00:00Z'),
  leaveUrl: 'https://wire.example/newsletter/leave?id=1&sig=2',
};

/** Headers, unfolded and decoded, and the decoded parts. */
function read(message: string): { headers: Map<string, string>; parts: string[] } {
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

describe('mail into a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sourcelink-mail-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is one .eml file of text and HTML, its lines short, its words whole, and no header smuggled in', async () => {
    const at = join(folder, 'mail');
    await folderMailer(at).send(MAIL);
    expect(readdirSync(at)).toEqual([`${MAIL.id}.eml`]);
    const eml = readFileSync(join(at, `${MAIL.id}.eml`), 'latin1');
    expect(eml.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of eml.split('\r\n')) expect(line.length, line).toBeLessThanOrEqual(200);
    expect(/^[\x20-\x7e\r\n]*$/.test(eml)).toBe(true);
    const { headers, parts } = read(eml);
    expect(Object.fromEntries(headers)).toEqual({
      from: 'Der Ambría Bote <bote@wire.example>',
      to: 'ada@reader.example',
      subject: expect.stringMatching(/^Über ä{60}\s+Bcc: all@reader\.example$/),
      date: 'Mon, 02 Mar 2026 07:00:00 +0000',
      'message-id': `<${MAIL.id}@wire.example>`,
      'list-unsubscribe': `<${MAIL.leaveUrl}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      'mime-version': '1.0',
      'content-type': expect.stringContaining('multipart/alternative'),
    });
    expect(parts).toEqual([MAIL.text.trim(), MAIL.html]);
  });

  it('names nobody but the reader, whatever an address looks like', async () => {
    const at = join(folder, 'odd');
    await folderMailer(at).send({ ...MAIL, to: 'ada@reader.example, all@reader.example', leaveUrl: null });
    const { headers } = read(readFileSync(join(at, `${MAIL.id}.eml`), 'latin1'));
    expect(headers.get('to')).not.toContain(' all@reader.example');
    expect(headers.has('list-unsubscribe')).toBe(false);
  });
});

describe('mail through a server', () => {
  type Got = { from: string; to: string[]; user: string | undefined; message: string };
  const got: Got[] = [];
  let open: SMTPServer[] = [];
  beforeAll(() => got.splice(0));
  afterEach(async () => {
    for (const server of open) await new Promise<void>((done) => server.close(() => done()));
    open = [];
  });

  async function serve(options: ConstructorParameters<typeof SMTPServer>[0] = {}): Promise<string> {
    const server = new SMTPServer({
      authOptional: true,
      disableReverseLookup: true,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        password === 'p@ss' ? done(null, { user: username }) : done(new Error('wrong password')),
      onData(stream, session, done) {
        void text(stream).then((message) => {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom === false ? '' : mailFrom.address;
          got.push({ from, to: rcptTo.map((r) => r.address), user: session.user, message });
          done();
        });
      },
      ...options,
    });
    // What a client does that is refused is told to the client.
    server.on('error', () => undefined);
    open.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  }

  it('arrives as one message for one reader', async () => {
    const mailer = smtpMailer(`smtp://bote:p%40ss@${await serve({})}`);
    await mailer.send(MAIL);
    await mailer.close();
    expect(got).toMatchObject([{ from: 'bote@wire.example', to: ['ada@reader.example'], user: 'bote' }]);
    const { headers, parts } = read(got[0]?.message ?? '');
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(parts).toEqual([MAIL.text.trim(), MAIL.html]);
  });

  it.each<[string, string, ConstructorParameters<typeof SMTPServer>[0], RegExp]>([
    ['a wrong password', 'bote:wrong@', {}, /wrong password|535/],
    [
      'a reader that the server refuses',
      '',
      { onRcptTo: (_a, _s, done) => done(new Error('no such box')) },
      /no such box/,
    ],
  ])('fails with what the server says: %s', async (_what, user, options, said) => {
    const mailer = smtpMailer(`smtp://${user}${await serve(options)}`);
    await expect(mailer.send({ ...MAIL })).rejects.toThrow(said);
    await mailer.close();
  });

  it('fails when nobody answers, so that it is tried again', async () => {
    const mailer = smtpMailer('smtp://127.0.0.1:1');
    await expect(mailer.send(MAIL)).rejects.toThrow(/ECONNREFUSED/);
    await mailer.close();
  });
});
