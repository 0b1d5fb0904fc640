import { Redis } from 'ioredis';
import pg from 'pg';

/** What the pipeline left on the servers: rows and bytes of each table, indexes included, and how often each was asked. */
export type LedgerCosts = {
  tables: { table: string; rows: number; bytes: number }[];
  transactions: number;
  redisCommands: number;
};

export async function readCosts(databaseUrl: string, queueUrl: string | null): Promise<LedgerCosts> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('VACUUM ANALYZE');
    const { rows } = await client.query<{ table: string; rows: number; bytes: number }>(`
      SELECT c.relname AS table, greatest(c.reltuples, 0)::int AS rows, pg_total_relation_size(c.oid)::float8 AS bytes
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'sourcelink' AND c.relkind = 'r' ORDER BY 3 DESC`);
    const stats = await client.query<{ n: number }>(
      'SELECT xact_commit::float8 AS n FROM pg_stat_database WHERE datname = current_database()',
    );
    return { tables: rows, transactions: stats.rows[0]?.n ?? 0, redisCommands: await redisCommands(queueUrl) };
  } finally {
    await client.end();
  }
}

async function redisCommands(queueUrl: string | null): Promise<number> {
  if (queueUrl === null) return 0;
  const redis = new Redis(queueUrl);
  try {
    return Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1] ?? 0);
  } finally {
    redis.disconnect();
  }
}
