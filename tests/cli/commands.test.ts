import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/commands.js';
import { sourcelink } from './command-line.js';

describe('the list of commands', () => {
  it.each(COMMANDS)('says of $name what its module says', async ({ name, summary, load }) => {
    const program = new Command();
    (await load())(program, () => async () => undefined);
    expect(program.commands.map((c) => [c.name(), c.description()])).toEqual([[name, summary]]);
  });

  it('shows the same help for `help NAME` as for `NAME --help`', async () => {
    expect((await sourcelink(['help', 'run'])).out).toBe((await sourcelink(['run', '--help'])).out);
  });

  it('refuses a command that it does not have, and suggests one', async () => {
    const ended = await sourcelink(['rum']);
    expect([ended.code, ended.err]).toEqual([2, expect.stringContaining('run')]);
  });
});
