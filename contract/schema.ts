import { z } from 'zod';
import { type Field, fieldsOf } from '../config/reference.js';
import { ArticleMessage, ArticlePublished, ArticleRetracted, ArticleUpdated, CONTRACT_VERSION } from './contract.js';

/**
 * JSON Schema (2020-12) of one message to downstream. Unknown fields are allowed: a consumer that validates keeps working
 * when new fields appear.
 */
export function contractSchema(): object {
  return {
    $id: `urn:sourcelink:contract:${CONTRACT_VERSION}`,
    title: 'Sourcelink article message',
    description: 'One message of the queue `articles`, of a webhook or of an export. docs/contract.md explains it.',
    ...z.toJSONSchema(ArticleMessage, {
      io: 'input',
      target: 'draft-2020-12',
      override: leanFormats,
    }),
  };
}

/** The formats say it; of their long patterns only what they do not say is kept. */
export function leanFormats({ jsonSchema: s }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (s.format === 'uuid') delete s.pattern;
  if (s.format === 'date-time') s.pattern = 'Z$';
}

/** The fields of `article.published` and `article.updated`, and those of `article.retracted`, for docs/contract.md. */
export function contractFields(): { full: Field[]; retracted: Field[] } {
  const types = [ArticlePublished, ArticleUpdated].map((m) => m.shape.type.value);
  const full = ArticlePublished.extend({ type: z.enum(types).describe('The first revision, or a later one.') });
  return { full: fieldsOf(full), retracted: fieldsOf(ArticleRetracted) };
}
