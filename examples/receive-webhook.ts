/**
 * A receiver of Sourcelink's webhook in one file. It verifies each request according to Standard Webhooks, drops repeats and
 * older revisions, and prints a line. It needs nothing but Node: copy it and replace `handle`.
 *
 *   WEBHOOK_SECRETS="whsec_…" PORT=8787 npm run example:webhook
 *
 * While you change the secret, list the old and the new one, separated by a space.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { pathToFileURL } from 'node:url';

export type Message = {
  type: 'article.published' | 'article.updated' | 'article.retracted';
  id: string;
  revision: number;
  article: { title?: string; canonicalUrl: string };
};

/** Largest difference between the sender's clock and ours, in seconds: an older request may be a replayed recording. */
const TOLERANCE_SECONDS = 300;
const MAX_BYTES = 4 * 1024 * 1024;

/** @throws Error when the sender does not know one of the secrets */
export function verify(body: string, headers: Record<string, unknown>, secrets: string[], nowSeconds: number): void {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((h) => headers[h]);
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    throw new Error('a webhook header is missing');
  if (!(Math.abs(nowSeconds - Number(timestamp)) <= TOLERANCE_SECONDS)) throw new Error('the timestamp is too far off');
  const expected = secrets.map((secret) =>
    createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest(),
  );
  const given = signatures.split(' ').flatMap((s) => (s.startsWith('v1,') ? [Buffer.from(s.slice(3), 'base64')] : []));
  const known = given.some((g) => expected.some((e) => g.length === e.length && timingSafeEqual(g, e)));
  if (!known) throw new Error('the signature is wrong');
}

/** A receiver that calls `handle` once for each message, and never for a revision that is not newer than the last. */
export function createReceiver(options: { secrets: string[]; handle: (message: Message) => Promise<void> }): Server {
  /** The highest revision of each article. A real site asks its database, in the transaction that stores the article. */
  const seen = new Map<string, number>();
  /** The work in progress on each article, so that two requests about one article stay in order. */
  const turns = new Map<string, Promise<void>>();

  async function take(message: Message): Promise<void> {
    if ((seen.get(message.id) ?? 0) >= message.revision) return;
    await options.handle(message);
    seen.set(message.id, message.revision);
  }

  return createServer(async (request, response) => {
    const answer = (status: number, text: string) => response.writeHead(status).end(`${text}\n`);
    if (request.method !== 'POST') return void answer(405, 'POST messages here');
    let message: Message;
    try {
      const body = await read(request);
      verify(body, request.headers, options.secrets, Date.now() / 1000);
      message = JSON.parse(body);
    } catch (error) {
      return void answer(400, error instanceof Error ? error.message : String(error));
    }
    const turn = (turns.get(message.id) ?? Promise.resolve()).catch(() => undefined).then(() => take(message));
    turns.set(message.id, turn);
    try {
      await turn;
      answer(204, '');
    } catch (error) {
      // Not accepted: the sender tries again.
      console.error(error);
      answer(500, 'try again later');
    } finally {
      if (turns.get(message.id) === turn) turns.delete(message.id);
    }
  });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error('the message is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function main(): void {
  const secrets = (process.env['WEBHOOK_SECRETS'] ?? '').split(' ').filter(Boolean);
  if (secrets.length === 0) {
    console.error('Set WEBHOOK_SECRETS to the secret of the sink (whsec_…).');
    process.exit(2);
  }
  const handle = async ({ type, id, revision, article }: Message): Promise<void> =>
    console.log(`${type} ${id} r${revision} ${article.title ?? ''} <${article.canonicalUrl}>`);
  const port = Number(process.env['PORT'] ?? 8787);
  createReceiver({ secrets, handle }).listen(port, '127.0.0.1', () =>
    console.error(`listening on http://127.0.0.1:${port}/`),
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main();
