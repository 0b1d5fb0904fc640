import type { z } from 'zod';
import { SourcelinkError } from '../../../../config/errors.js';
import { SinkUnavailable } from '../batch.js';
import { excerptOf, type SinkAnswer, type SinkHttp } from '../http.js';
import { WordPressFault } from './schema.js';

/** WordPress answered, and took nothing; `fault` is its own code (`term_exists`, `rest_…`). */
export class WordPressError extends SourcelinkError {
  readonly fault: string;
  readonly status: number;
  /** The category or tag that is there already, of `term_exists`. */
  readonly termId: number | undefined;

  constructor(what: string, answer: SinkAnswer) {
    const { status } = answer;
    const said = WordPressFault.safeParse(jsonOf(answer.text)).data;
    const detail = said ? `: ${said.message} (${said.code})` : excerptOf(answer);
    // 401 and 403 are the operator's to hint, and 409 is another request's turn: the article waits.
    const refused = status >= 400 && status < 500 && ![401, 403, 404, 409].includes(status);
    super(refused ? 'SINK_REFUSED' : 'SINK_FAILED', `${what} was answered ${status}${detail}`, {
      ...(status === 401 || status === 403
        ? { hint: 'Check `user` and `applicationPassword` of this sink; the user needs the role Editor.' }
        : {}),
    });
    this.status = status;
    this.fault = said?.code ?? '';
    this.termId = said?.data?.term_id;
  }

  /** The same where it concerns the site, not one article. */
  asUnavailable(): SinkUnavailable {
    return new SinkUnavailable(this.message, this.hint === undefined ? {} : { hint: this.hint });
  }
}

type Query = Record<string, string | number | boolean>;

/** The REST interface of one site, as one user. Answers are read by a schema. */
export type WordPressApi = {
  /** @throws SinkUnavailable, WordPressError */
  get<T>(route: string, query: Query, schema: z.ZodType<T>): Promise<T>;
  post<T>(route: string, body: object, schema: z.ZodType<T>): Promise<T>;
  /** Sends a file as it is; the fields go into the query. */
  upload<T>(
    route: string,
    file: { bytes: Uint8Array; type: string; name: string },
    query: Query,
    schema: z.ZodType<T>,
  ): Promise<T>;
  /** What is gone already is no error. */
  remove(route: string, query: Query): Promise<void>;
};

/** @param options.url home page of the site; every WordPress answers `?rest_route=`, whatever its permalinks are */
export function createWordPressApi(options: {
  url: string;
  user: string;
  applicationPassword: string;
  http: SinkHttp;
}): WordPressApi {
  const authorization = `Basic ${Buffer.from(`${options.user}:${options.applicationPassword}`).toString('base64')}`;

  function address(route: string, query: Query): string {
    const url = new URL(options.url);
    url.searchParams.set('rest_route', `/${route}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    return url.href;
  }

  async function ask<T>(
    method: 'GET' | 'POST',
    route: string,
    schema: z.ZodType<T>,
    sent: { query: Query; headers?: Record<string, string>; body?: string | Uint8Array },
  ): Promise<T> {
    const what = `${method} ${route} at ${options.url}`;
    const answer = await options.http.send({
      method,
      url: address(route, sent.query),
      headers: { authorization, accept: 'application/json', ...sent.headers },
      ...(sent.body === undefined ? {} : { body: sent.body }),
    });
    if (answer.status < 200 || answer.status > 299) throw new WordPressError(what, answer);
    const read = schema.safeParse(jsonOf(answer.text));
    if (read.success) return read.data;
    const why = read.error.issues.map((i) => `${i.path.join('.') || 'the answer'}: ${i.message}`).join('; ');
    throw new SinkUnavailable(`${what} was answered by something else than WordPress's REST interface (${why})`, {
      hint: 'Check `url` of this sink, and that no plugin closes the REST interface.',
    });
  }

  return {
    get: (route, query, schema) => ask('GET', route, schema, { query }),
    post: (route, body, schema) =>
      ask('POST', route, schema, {
        query: { context: 'edit' },
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    upload: (route, file, query, schema) =>
      ask('POST', route, schema, {
        query: { context: 'edit', ...query },
        headers: { 'content-type': file.type, 'content-disposition': `attachment; filename="${file.name}"` },
        body: file.bytes,
      }),
    async remove(route, query) {
      const request = { method: 'DELETE', url: address(route, query), headers: { authorization } } as const;
      const answer = await options.http.send(request);
      if (answer.status === 404 || answer.status === 410) return;
      if (answer.status < 200 || answer.status > 299)
        throw new WordPressError(`DELETE ${route} at ${options.url}`, answer);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
