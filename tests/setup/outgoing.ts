import type { ContractArticle } from '../../contract/contract.js';
import { contractArticle, messageOf } from '../../contract/message.js';
import type { Outgoing } from '../../workers/sink.js';
import { articleRow } from './article-row.js';

const SOURCE = { id: 'herald', name: 'The Herald', url: 'https://herald.example/' };

/** The next message of an invented article, as the outbox hands it to a sink. `revision` of the row is the one before. */
export function outgoing(row: Parameters<typeof articleRow>[0] = {}, more: Partial<ContractArticle> = {}): Outgoing {
  const article = articleRow({ ...(row.revision ? { publishedHash: 'before' } : {}), ...row });
  const made = { ...contractArticle(article, SOURCE, { excerptWords: 30 }), ...more };
  const message = messageOf(article, made, new Date('2026-03-01T10:00:00Z'));
  return { key: `${article.id}-${message.revision}`, message };
}

/** The message that takes an article away again. */
export function retraction(id: string, revision: number): Outgoing {
  const source = { id: SOURCE.id, name: SOURCE.name, homepage: SOURCE.url };
  return {
    key: `${id}-${revision}`,
    message: {
      type: 'article.retracted',
      version: 1,
      id,
      revision,
      sentAt: '2026-03-02T10:00:00.000Z',
      article: { id, canonicalUrl: 'https://herald.example/a', source },
      reason: 'taken down at the publisher’s request',
    },
  };
}
