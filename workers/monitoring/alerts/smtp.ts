export type Mail = { id: string; from: string; to: string[]; subject: string; text: string };

export type Smtp = { send(mail: Mail): Promise<void>; close(): Promise<void> };

const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;

/**
 * A mail server by its address: `smtps://user:password@host` (TLS from the start) or `smtp://user:password@host:587` (TLS
 * where it is offered, always when there is a password to protect, never on this machine). Nothing is loaded or connected before the first mail.
 */
export function openSmtp(url: string): Smtp {
  const open = async () => {
    const { createTransport } = await import('nodemailer');
    const { protocol, username, hostname } = new URL(url);
    const here = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
    const tls = { ignoreTLS: here, requireTLS: username !== '' && protocol === 'smtp:' && !here };
    const times = { connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: ANSWER_MS };
    return createTransport({ url, ...tls, ...times });
  };
  let transport: ReturnType<typeof open> | null = null;
  return {
    async send({ id, from, to, subject, text }) {
      transport ??= open();
      const domain = /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
      await (await transport).sendMail({ from, to, subject, text, messageId: `<${id}@${domain}>` });
    },
    async close() {
      (await transport)?.close();
    },
  };
}
