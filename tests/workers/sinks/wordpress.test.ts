import { createServer, type Server } from 'node:http';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flattenCategories } from '../../../config/categories.js';
import { createLogger } from '../../../config/logger.js';
import { WordPressSink } from '../../../config/sinks.js';
import { createSinkHttp } from '../../../workers/sinks/http.js';
import type { Outgoing, Sink } from '../../../workers/sinks/sink.js';
import { createWordPressSink } from '../../../workers/sinks/wordpress.js';
import { outgoing, retraction } from '../../setup/outgoing.js';
import { hasWordPress, startWordPress, type WordPress } from '../../setup/wordpress.js';

describe.skipIf(!hasWordPress())('WordPress sink, on a real WordPress', () => {
  it('starts', async () => {
    const wp = await startWordPress();
    console.log(wp?.url, wp?.user, wp?.applicationPassword);
    console.log(await wp?.php('echo get_bloginfo("version");'));
    await wp?.stop();
  });
});
