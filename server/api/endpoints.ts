import { ACTIONS } from './actions.js';
import { ARTICLES } from './articles.js';
import type { Endpoint } from './endpoint.js';
import { OPERATION } from './operation.js';
import { STORIES } from './stories.js';

/** Every request that the API answers. */
export const ENDPOINTS: Endpoint[] = [...ARTICLES, ...STORIES, ...OPERATION, ...ACTIONS];
