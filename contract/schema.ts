import { z } from 'zod';
import { type Field, fieldsOf } from '../config/reference.js';
import { ArticleMessage, ArticlePublished, ArticleRetracted, ArticleUpdated, CONTRACT_VERSION } from './contract.js';

/**
 * JSON Schema (2020-12) of one message. It allows unknown fields, so that a consumer that validates keeps working when
 * new fields appear.
 */
export function contractSchema(): object {
  return {
    $id: `urn:sourcelink:contract:${CONTRACT_VERSION}`,
    title: 'Sourcelink article message',
    description: 'One message from the queue `articles`, a webhook or an export. docs/contract.md explains it.',
    ...z.toJSONSchema(ArticleMessage, {
      io: 'input',
      target: 'draft-2020-12',
      override: leanFormats,
    }),
  };
}

/** Drops the long patterns that repeat what `format` already says. */
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
