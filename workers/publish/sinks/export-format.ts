import type { ArticleMessage } from '../../../contract/contract.js';
import { renderNinjs } from '../feeds/ninjs.js';

/** How exports write a message: as the contract has it, or as a news object of IPTC ninjs 3.1. */
export type ExportFormat = 'message' | 'ninjs';

/** JSON in one line; the same message always gives the same bytes. */
export function exported(message: ArticleMessage, format: ExportFormat): string {
  return JSON.stringify(format === 'ninjs' ? renderNinjs(message) : message);
}
