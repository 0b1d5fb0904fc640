import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export type Received = { from: string; to: string[]; user: string | undefined; message: string };

export type MailServer = { address: string; got: Received[]; close(): Promise<void> };

/** A mail server on loopback that keeps what it gets. Whoever signs in needs the password `p@ss`. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const got: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
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
  // What is refused is told to the client; here it is no fault.
  server.on('error', () => undefined);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    got,
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}
