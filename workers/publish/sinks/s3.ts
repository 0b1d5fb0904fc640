import { SourcelinkError } from '../../../config/errors.js';
import type { S3Sink } from '../../../config/sinks.js';
import type { Outgoing, Sink } from '../../sink.js';
import { createDeliverEach, SinkUnavailable } from './batch.js';
import { exported } from './export-format.js';
import { excerptOf, type SinkAnswer, type SinkHttp } from './http.js';
import { signV4 } from './signature-v4.js';

/**
 * Puts each revision into a bucket as an object of its own, `<id>-<revision>.json`. A repeated delivery writes the same
 * bytes under the same name; nothing is ever deleted there.
 */
export function createS3Sink(
  name: string,
  options: Pick<
    S3Sink,
    'url' | 'region' | 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'format' | 'concurrency'
  > & {
    http: SinkHttp;
    now?: () => number;
  },
): Sink {
  const { region, accessKeyId, secretAccessKey, sessionToken, format, http } = options;
  const now = options.now ?? Date.now;
  const base = options.url.replace(/\/*$/, '/');
  const deliverEach = createDeliverEach({ concurrency: options.concurrency, now });

  const put = async ({ key, message }: Outgoing): Promise<void> => {
    const request = {
      method: 'PUT' as const,
      url: `${base}${key}.json`,
      headers: { 'content-type': 'application/json' },
      body: exported(message, format),
    };
    const keys = { accessKeyId, secretAccessKey, sessionToken };
    const headers = signV4(request, { ...keys, region, service: 's3', at: new Date(now()) });
    const error = refusal(base, await http.send({ ...request, headers }));
    if (error !== null) throw error;
  };

  return { name, deliver: (batch) => deliverEach(batch, async () => put), close: () => http.close() };
}

function refusal(base: string, answer: SinkAnswer): Error | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const said = `${base} answered ${status}${excerptOf(answer)}`;
  if (status >= 500) return new SinkUnavailable(said);
  if (status === 401 || status === 403)
    return new SinkUnavailable(said, {
      hint: 'Look at accessKeyId, secretAccessKey and region of this sink, at this machine’s clock, and at whether the key may write there (s3:PutObject).',
    });
  if (status === 404)
    return new SinkUnavailable(said, {
      hint: 'Make the bucket, or hint `url` of this sink: https://host/bucket/folder/',
    });
  return new SourcelinkError('SINK_REFUSED', said);
}
