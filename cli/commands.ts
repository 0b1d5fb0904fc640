import type { Command } from 'commander';
import type { Act } from './terminal.js';

/** Adds one command with its options and its action to the program. */
type AddCommand = (program: Command, act: Act) => void;

/**
 * All commands in the order of the help. A command line loads the module of the one that it names, and cron starts one every few
 * minutes; for the list of commands the summary suffices. A test holds it to the description in the module.
 */
export const COMMANDS: { name: string; summary: string; load: () => Promise<AddCommand> }[] = [
  {
    name: 'demo',
    summary:
      'Watch the whole pipeline at work: two passes over fictional outlets on this machine. It needs no network.',
    load: async () => (await import('./demo.js')).demoCommand,
  },
  {
    name: 'init',
    summary: 'Write a starting configuration. Existing files are not changed.',
    load: async () => (await import('./init.js')).initCommand,
  },
  {
    name: 'run',
    summary: 'Visit each source once, publish what is new, then exit. Use it with cron or to try a configuration.',
    load: async () => (await import('./run.js')).runCommand,
  },
  {
    name: 'start',
    summary: 'Run everything in one process: scheduler, workers for all stages, and the site and HTTP API if enabled.',
    load: async () => (await import('./start.js')).startCommand,
  },
  {
    name: 'worker',
    summary: 'Work on one or more stages. Start as many workers as you like. Needs PostgreSQL.',
    load: async () => (await import('./worker.js')).workerCommand,
  },
  {
    name: 'scheduler',
    summary: 'Only schedule visits and maintain the queues; `sourcelink worker` does the work. Needs PostgreSQL.',
    load: async () => (await import('./scheduler.js')).schedulerCommand,
  },
  {
    name: 'serve',
    summary: 'Only serve the HTTP API, feeds and health checks. To run beside other processes it needs PostgreSQL.',
    load: async () => (await import('./serve.js')).serveCommand,
  },
  {
    name: 'site',
    summary:
      'Only serve the reference site, which consumes the queue `articles`. To run beside other processes it needs PostgreSQL.',
    load: async () => (await import('./site.js')).siteCommand,
  },
  {
    name: 'sources',
    summary: 'Manage the outlets: add, import, export, list, check, backfill, profile, pause, resume.',
    load: async () => (await import('./sources.js')).sourcesCommand,
  },
  {
    name: 'try',
    summary: 'Show what would be published from one page, and why. Nothing is stored.',
    load: async () => (await import('./try.js')).tryCommand,
  },
  {
    name: 'articles',
    summary: 'Show what was found, published or left out, and why; retract or resend articles.',
    load: async () => (await import('./articles.js')).articlesCommand,
  },
  {
    name: 'stories',
    summary: 'Show the events that articles report on, and correct them.',
    load: async () => (await import('./stories.js')).storiesCommand,
  },
  {
    name: 'categories',
    summary: 'Show where articles are filed and correct it; the classifier learns from corrections.',
    load: async () => (await import('./categories.js')).categoriesCommand,
  },
  {
    name: 'sinks',
    summary: 'Show the sinks that articles are sent to; pause and resume them.',
    load: async () => (await import('./sinks.js')).sinksCommand,
  },
  {
    name: 'dead',
    summary: 'Show pages and deliveries that failed for good, and retry them.',
    load: async () => (await import('./dead.js')).deadCommand,
  },
  {
    name: 'alerts',
    summary: 'Show the alerts sent about sources and sinks, and test their delivery.',
    load: async () => (await import('./alerts.js')).alertsCommand,
  },
  {
    name: 'eval',
    summary: 'Score extraction, metadata, dedupe, categories or stories on a labelled set.',
    load: async () => (await import('./eval.js')).evalCommand,
  },
  {
    name: 'backup',
    summary: 'Save the whole ledger to one file, with the site and the queues in the same database.',
    load: async () => (await import('./backup.js')).backupCommand,
  },
  {
    name: 'restore',
    summary: 'Replace the ledger with a backup.',
    load: async () => (await import('./backup.js')).restoreCommand,
  },
  {
    name: 'migrate',
    summary:
      "Migrate the ledger's schema to this version or back to an older one. Other commands migrate forward by themselves.",
    load: async () => (await import('./migrate.js')).migrateCommand,
  },
  {
    name: 'doctor',
    summary: 'Check that everything is ready to run, and show how to fix what is not.',
    load: async () => (await import('./doctor.js')).doctorCommand,
  },
];
