import { describe, expect, it } from 'vitest';
import { readEnv } from '../../config/env.js';
import { codeOf, SourcelinkError } from '../../config/errors.js';

function refusalOf(variables: Record<string, string>): SourcelinkError {
  try {
    readEnv(variables);
  } catch (error) {
    if (error instanceof SourcelinkError) return error;
  }
  throw new Error('nothing was refused');
}

describe('readEnv', () => {
  it('has a default for everything', () => {
    expect(readEnv({ PATH: '/usr/bin' })).toEqual({
      configDir: './config',
      dataDir: './data',
      databaseUrl: null,
      queueUrl: null,
      browser: null,
      deskPassword: null,
      smtpUrl: null,
      apiToken: null,
      otlpEndpoint: null,
      logLevel: null,
    });
  });

  it('reads what is set, and takes empty for not set', () => {
    const env = readEnv({
      SOURCELINK_CONFIG: '/etc/sourcelink',
      SOURCELINK_DATA: ' ',
      SOURCELINK_DATABASE_URL: 'postgresql://db.example/news',
      SOURCELINK_QUEUE_URL: 'rediss://:secret@queue.example:6380/2',
      SOURCELINK_BROWSER: '',
      SOURCELINK_LOG_LEVEL: 'debug',
    });
    expect(env).toEqual({
      configDir: '/etc/sourcelink',
      dataDir: './data',
      databaseUrl: 'postgresql://db.example/news',
      queueUrl: 'rediss://:secret@queue.example:6380/2',
      browser: null,
      deskPassword: null,
      smtpUrl: null,
      apiToken: null,
      otlpEndpoint: null,
      logLevel: 'debug',
    });
  });

  it.each([
    ['SOURCELINK_DATABASE_URL', 'mysql://u:hunter2@db/news', 'postgres://user:password@host:5432/database'],
    ['SOURCELINK_DATABASE_URL', 'hunter2', 'postgres://user:password@host:5432/database'],
    ['SOURCELINK_QUEUE_URL', 'amqp://u:hunter2@mq', 'redis://host:6379/0'],
    ['SOURCELINK_API_TOKEN', 'hunter2', '24 letters'],
    ['SOURCELINK_LOG_LEVEL', 'hunter2', 'trace, debug, info'],
  ])('refuses a wrong %s without repeating it', (name, value, hint) => {
    const error = refusalOf({ [name]: value });
    expect(codeOf(error)).toBe('CONFIG_ENV');
    expect(error.message).toContain(name);
    expect(error.message).toContain(hint);
    expect(`${error.message} ${error.hint}`).not.toContain('hunter2');
  });

  it('names all wrong variables at once', () => {
    const error = refusalOf({ SOURCELINK_DATABASE_URL: 'x', SOURCELINK_LOG_LEVEL: 'loud' });
    expect(error.message).toMatch(/SOURCELINK_DATABASE_URL .* SOURCELINK_LOG_LEVEL /);
  });
});
