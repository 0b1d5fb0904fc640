/** The process that is measured: started by run.ts with its options as JSON, and told that the outlets know the time. */
import { once } from 'node:events';
import { join } from 'node:path';
import { pino } from 'pino';
import { createLogger } from '../../config/logger.js';
import { type LifeOptions, live } from './life.js';
import { takeSample } from './sample.js';

const options = JSON.parse(process.argv[2] ?? '') as LifeOptions;
const log = createLogger('info', pino.destination({ dest: join(options.dataDir, '..', 'pipeline.log'), sync: false }));
const tell = (message: object) => process.send?.(message);

try {
  const life = await live(options, log, {
    hour: async (hour, stores) => void tell({ sample: await takeSample(hour, stores) }),
    async time(ahead) {
      const heard = once(process, 'message');
      tell({ ahead });
      await heard;
    },
  });
  tell({ life });
} catch (error) {
  tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
} finally {
  process.disconnect();
}
