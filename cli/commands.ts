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
      'See everything work: fictional outlets on this machine, two passes, what is published. No network needed.',
    load: async () => (await import('./demo.js')).demoCommand,
  },
  {
    name: 'init',
    summary: 'Write a starting configuration. Files that are there stay as they are.',
    load: async () => (await import('./init.js')).initCommand,
  },
  {
    name: 'run',
    summary: 'Visit each source once, drive what it yields to its end, then exit: for cron and for trying things.',
    load: async () => (await import('./run.js')).runCommand,
  },
  {
    name: 'start',
    summary:
      'Run everything in this process: scheduler, workers for all stages, and what is switched on of site and HTTP API.',
    load: async () => (await import('./start.js')).startCommand,
  },
  {
    name: 'worker',
    summary: 'Work on some stages in this process; start as many as you like. Needs PostgreSQL.',
    load: async () => (await import('./worker.js')).workerCommand,
  },
  {
    name: 'scheduler',
    summary: 'Only plan the visits and watch over the queues; `sourcelink worker` does the work. Needs PostgreSQL.',
    load: async () => (await import('./scheduler.js')).schedulerCommand,
  },
  {
    name: 'serve',
    summary: 'Only answer over HTTP: the API, feeds and health. Beside other processes it needs PostgreSQL.',
    load: async () => (await import('./serve.js')).serveCommand,
  },
  {
    name: 'site',
    summary: 'Only the reference site: it takes the queue `articles`. Beside other processes it needs PostgreSQL.',
    load: async () => (await import('./site.js')).siteCommand,
  },
  {
    name: 'sources',
    summary: 'The outlets: add, import, export, list, check, backfill, profile, pause, resume.',
    load: async () => (await import('./sources.js')).sourcesCommand,
  },
  {
    name: 'try',
    summary: 'Show what would be published of one page, and why. Nothing is stored.',
    load: async () => (await import('./try.js')).tryCommand,
  },
  {
    name: 'articles',
    summary: 'Look at what was found, published or left out, and why.',
    load: async () => (await import('./articles.js')).articlesCommand,
  },
  {
    name: 'stories',
    summary: 'Look at the events that articles are about, and correct them.',
    load: async () => (await import('./stories.js')).storiesCommand,
  },
  {
    name: 'categories',
    summary: 'Look at where articles are filed, and correct it; corrections are examples from then on.',
    load: async () => (await import('./categories.js')).categoriesCommand,
  },
  {
    name: 'sinks',
    summary: 'Where articles go: what waits there, pause and resume.',
    load: async () => (await import('./sinks.js')).sinksCommand,
  },
  {
    name: 'dead',
    summary: 'Look at what failed for good, and give it another chance.',
    load: async () => (await import('./dead.js')).deadCommand,
  },
  {
    name: 'alerts',
    summary: 'What was told of sources and sinks that changed their state.',
    load: async () => (await import('./alerts.js')).alertsCommand,
  },
  {
    name: 'eval',
    summary: 'Score extraction, metadata, dedupe, categories or stories on a labelled set.',
    load: async () => (await import('./eval.js')).evalCommand,
  },
  {
    name: 'backup',
    summary: 'Write the whole ledger, with site and queues beside it, into one file.',
    load: async () => (await import('./backup.js')).backupCommand,
  },
  {
    name: 'restore',
    summary: 'Put a backup in the place of the ledger.',
    load: async () => (await import('./backup.js')).restoreCommand,
  },
  {
    name: 'migrate',
    summary:
      "Bring the ledger's schema to this version, or back to an older one. Every command that opens it goes forward.",
    load: async () => (await import('./migrate.js')).migrateCommand,
  },
  {
    name: 'doctor',
    summary: 'Check whether everything is ready to run, and say what to do where it is not.',
    load: async () => (await import('./doctor.js')).doctorCommand,
  },
];
