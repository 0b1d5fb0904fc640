import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mail, Mailer } from './message.js';

/** Writes each message as an `.eml` file into a folder instead of sending it; any mail program opens such a file. */
export function folderMailer(folder: string): Mailer {
  return {
    async send(mail) {
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${mail.id}.eml`);
      writeFileSync(`${file}.part`, emlOf(mail));
      renameSync(`${file}.part`, file);
    },
    close: async () => undefined,
  };
}

/** The message as it travels (RFC 5322, MIME): text and HTML, of which the reader's program shows one. */
export function emlOf(mail: Mail): string {
  const boundary = `part-${mail.id}`;
  const { name, address } = sender(mail.from);
  const host = address.split('@')[1] ?? 'localhost';
  const headers = [
    ['From', name === '' ? address : `${phrase(name)} <${address}>`],
    ['To', oneLine(mail.to)],
    ['Subject', phrase(mail.subject)],
    ['Date', mail.date.toUTCString().replace('GMT', '+0000')],
    ['Message-ID', `<${mail.id}@${host}>`],
    ...(mail.leaveUrl === null
      ? []
      : [
          ['List-Unsubscribe', `<${oneLine(mail.leaveUrl)}>`],
          ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
        ]),
    ['MIME-Version', '1.0'],
    ['Content-Type', `multipart/alternative; boundary="${boundary}"`],
  ];
  const part = (type: string, body: string) =>
    `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(body)}\r\n`;
  return `${headers.map(([key, value]) => `${key}: ${value}`).join('\r\n')}\r\n\r\n${part('text/plain', mail.text)}${part('text/html', mail.html)}--${boundary}--\r\n`;
}

/** The parts of `Name <address>`. */
export function sender(from: string): { name: string; address: string } {
  const [, name = '', address] = /^\s*"?([^"<]*?)"?\s*<([^<>\s]+)>\s*$/.exec(oneLine(from)) ?? [];
  return address === undefined ? { name: '', address: oneLine(from).trim() } : { name: name.trim(), address };
}

/** A line break would begin another header. */
const oneLine = (text: string): string => text.replace(/[\r\n]+/g, ' ');

const base64 = (text: string): string =>
  (
    Buffer.from(text, 'utf8')
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');

/** Words of a header: as they are when they are plain, else encoded (RFC 2047) in pieces of whole letters. */
function phrase(text: string): string {
  const line = oneLine(text);
  if (/^[\w !#$%&'*+\-/=?^`{|}~]*$/.test(line)) return line;
  const pieces: string[] = [''];
  for (const letter of line) {
    if (Buffer.byteLength((pieces.at(-1) ?? '') + letter) > 42) pieces.push('');
    pieces[pieces.length - 1] += letter;
  }
  return pieces.map((p) => `=?UTF-8?B?${Buffer.from(p, 'utf8').toString('base64')}?=`).join('\r\n ');
}
