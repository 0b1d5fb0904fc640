import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { folderMailer, smtpMailer } from '../../site/mail/mailers.js';
import type { Mail } from '../../site/mail/message.js';
import { readLetter } from './letter.js';
import { type MailServer, startMailServer } from './mail-server.js';

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
    const { headers, parts } = readLetter(eml);
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
    const { headers } = readLetter(readFileSync(join(at, `${MAIL.id}.eml`), 'latin1'));
    expect(headers.get('to')).not.toContain(' all@reader.example');
    expect(headers.has('list-unsubscribe')).toBe(false);
  });
});

describe('mail through a server', () => {
  const open: MailServer[] = [];
  afterEach(async () => {
    for (const server of open.splice(0)) await server.close();
  });
  const serve = async (options: SMTPServerOptions = {}): Promise<MailServer> => {
    const server = await startMailServer(options);
    open.push(server);
    return server;
  };

  it('arrives as one message for one reader', async () => {
    const { address, got } = await serve();
    const mailer = smtpMailer(`smtp://bote:p%40ss@${address}`);
    await mailer.send(MAIL);
    await mailer.close();
    expect(got).toMatchObject([{ from: 'bote@wire.example', to: ['ada@reader.example'], user: 'bote' }]);
    const { headers, parts } = readLetter(got[0]?.message ?? '');
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(parts).toEqual([MAIL.text.trim(), MAIL.html]);
  });

  it.each<[string, string, SMTPServerOptions, RegExp]>([
    ['a wrong password', 'bote:wrong@', {}, /wrong password|535/],
    [
      'a reader that the server refuses',
      '',
      { onRcptTo: (_a, _s, done) => done(new Error('no such box')) },
      /no such box/,
    ],
  ])('fails with what the server says: %s', async (_what, user, options, said) => {
    const mailer = smtpMailer(`smtp://${user}${(await serve(options)).address}`);
    await expect(mailer.send({ ...MAIL })).rejects.toThrow(said);
    await mailer.close();
  });

  it('fails when nobody answers, so that it is tried again', async () => {
    const mailer = smtpMailer('smtp://127.0.0.1:1');
    await expect(mailer.send(MAIL)).rejects.toThrow(/ECONNREFUSED/);
    await mailer.close();
  });
});
