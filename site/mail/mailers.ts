import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Mail, Mailer } from './message.js';

/** How long a mail server may take for one answer, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Writes each message to a folder as an `.eml` file, which any mail program opens, instead of sending it. */
export function folderMailer(folder: string): Mailer {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    async send(mail) {
      const { message } = await composer.sendMail(optionsOf(mail));
      await mkdir(folder, { recursive: true });
      const file = join(folder, `${mail.id}.eml`);
      await writeFile(`${file}.part`, message);
      await rename(`${file}.part`, file);
    },
    close: async () => composer.close(),
  };
}

/**
 * Sends through a mail server.
 * @param url `smtps://user:password@host` (TLS from the start) or `smtp://user:password@host:587` (TLS if the server offers
 * it, required when there is a password, never on this machine); further nodemailer options go into its query
 */
export function smtpMailer(url: string): Mailer {
  const { protocol, username, hostname } = new URL(url);
  const here = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    ignoreTLS: here,
    requireTLS: username !== '' && protocol === 'smtp:' && !here,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  return {
    async send(mail) {
      await transport.sendMail(optionsOf(mail));
    },
    close: async () => transport.close(),
  };
}

/** The message as text and HTML, with the headers of RFC 8058 where the reader can unsubscribe. */
function optionsOf(mail: Mail): SendMailOptions {
  const domain = mail.from.replace(/>\s*$/, '').split('@').at(-1) ?? 'localhost';
  return {
    messageId: `<${mail.id}@${domain}>`,
    from: mail.from,
    to: { name: '', address: mail.to },
    subject: mail.subject,
    date: mail.date,
    text: mail.text,
    html: mail.html,
    textEncoding: 'base64',
    ...(mail.leaveUrl !== null && {
      headers: {
        'List-Unsubscribe': `<${mail.leaveUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    }),
    // A message must not make nodemailer read a file or an address while it composes it.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
