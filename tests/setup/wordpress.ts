/**
 * A real WordPress on loopback, from Debian's packages, for the tests of its sink: MariaDB and PHP's own server with
 * throw-away data, the plugin that Sourcelink ships, and one editor with an application password. Null when the packages
 * are not installed; `WORDPRESS_PACKAGES` names them.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, waitFor, which } from './servers.js';

export const WORDPRESS_PACKAGES =
  'micro-httpd wordpress wordpress-theme-twentytwentythree mariadb-server-core mariadb-client-core php-cli php-mysql php-curl php-gd php-xml php-mbstring';

const TREE = '/usr/share/wordpress';
const PLUGIN = 'examples/wordpress/sourcelink.php';
const EDITOR = 'wire';

export type WordPress = {
  url: string;
  user: string;
  applicationPassword: string;
  /** Runs PHP inside the site and gives what it prints. */
  php(code: string): Promise<string>;
  /** Ends PHP, or MariaDB too, in the middle of whatever it does, and starts it again after `downMs`. */
  crash(what: 'php' | 'all', downMs: number): Promise<void>;
  /** Takes the plugin out of the site, or puts it back. */
  plugin(there: boolean): void;
  stop(): Promise<void>;
};

export const hasWordPress = (): boolean =>
  existsSync(join(TREE, 'wp-load.php')) && which('php') !== null && mariadbd() !== null && which('mariadb') !== null;

const mariadbd = (): string | null => which('mariadbd', '/usr/sbin/mariadbd');

/** @throws Error when something of it does not start */
export async function startWordPress(): Promise<WordPress | null> {
  const server = mariadbd();
  if (server === null || !hasWordPress()) return null;
  const dir = mkdtempSync(join(tmpdir(), 'sourcelink-wordpress-'));
  const port = await freePort();
  const site = join(dir, 'site');
  const url = `http://127.0.0.1:${port}/`;
  const database = createDatabase(server, dir);
  await database.start();
  database.query(
    `CREATE DATABASE wordpress CHARACTER SET utf8mb4; CREATE USER wp@localhost IDENTIFIED BY 'wp'; GRANT ALL ON wordpress.* TO wp@localhost`,
  );
  layOut(site, url, join(dir, 'socket'));

  const php = async (code: string): Promise<string> => {
    const start = `$_SERVER += ['HTTP_HOST' => '127.0.0.1:${port}', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET'];`;
    const { stdout } = await promisify(execFile)('php', ['-r', `${start} ${code}`], { cwd: site, maxBuffer: 2 ** 26 });
    return stdout;
  };
  const load = `require 'wp-load.php';`;
  await php(
    `define('WP_INSTALLING', true); ${load} require 'wp-admin/includes/upgrade.php'; wp_install('The Test Wire', 'admin', 'admin@wire.example', true, '', 'admin');`,
  );
  const applicationPassword = await php(
    `${load} update_option('permalink_structure', '/%postname%/'); $id = wp_insert_user(['user_login' => '${EDITOR}', 'user_pass' => 'x', 'role' => 'editor']);
     [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'sourcelink']); delete_option('rewrite_rules'); echo $password;`,
  );

  const web = createWeb(site, port);
  await web.start();
  return {
    url,
    user: EDITOR,
    applicationPassword,
    php: (code) => php(`${load} ${code}`),
    async crash(what, downMs) {
      await web.kill();
      if (what === 'all') await database.kill();
      await delay(downMs);
      if (what === 'all') await database.start();
      await web.start();
    },
    plugin(there) {
      const place = join(site, 'wp-content/mu-plugins/sourcelink.php');
      if (there) cpSync(PLUGIN, place);
      else rmSync(place);
    },
    async stop() {
      await web.kill();
      await database.kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function createDatabase(server: string, dir: string) {
  const socket = join(dir, 'socket');
  const data = join(dir, 'data');
  execFileSync(
    'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--user=root', '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: 'ignore' },
  );
  let child: ChildProcess;
  const query = (statement: string) =>
    execFileSync('mariadb', ['--no-defaults', `--socket=${socket}`, '-uroot', '-e', statement], { stdio: 'pipe' });
  return {
    query,
    async start() {
      child = spawn(
        server,
        [
          '--no-defaults',
          `--datadir=${data}`,
          `--socket=${socket}`,
          '--user=root',
          '--skip-networking',
          '--innodb-flush-log-at-trx-commit=2',
          '--innodb-buffer-pool-size=64M',
          '--performance-schema=OFF',
        ],
        { stdio: 'ignore' },
      );
      for (let i = 0; ; i++) {
        try {
          return void query('SELECT 1');
        } catch (error) {
          if (i > 150) throw error;
          await delay(100);
        }
      }
    },
    kill: () => killed(child, () => child.kill('SIGKILL')),
  };
}

/** PHP's server forks; its workers hold the port when only the first is killed, so the whole group is. */
function createWeb(site: string, port: number) {
  let child: ChildProcess;
  const options = ['upload_max_filesize=20M', 'post_max_size=20M', 'opcache.enable_cli=1', 'memory_limit=256M'];
  return {
    async start() {
      child = spawn('php', [...options.flatMap((o) => ['-d', o]), '-S', `127.0.0.1:${port}`, 'router.php'], {
        cwd: site,
        env: { ...process.env, PHP_CLI_SERVER_WORKERS: String(Math.max(4, cpus().length)) },
        stdio: 'ignore',
        detached: true,
      });
      await waitFor(port);
    },
    kill: () => killed(child, () => process.kill(-(child.pid ?? 0), 'SIGKILL')),
  };
}

async function killed(child: ChildProcess, kill: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  kill();
  await gone;
}

/** A copy of Debian's tree with settings of its own: the packaged one is read by host name, and partly not writable. */
function layOut(site: string, url: string, socket: string): void {
  cpSync(TREE, site, { recursive: true, dereference: true, filter: (from) => !from.endsWith('wp-config.php') });
  const content = join(site, 'wp-content');
  for (const folder of ['mu-plugins', 'uploads']) mkdirSync(join(content, folder), { recursive: true });
  cpSync(PLUGIN, join(content, 'mu-plugins/sourcelink.php'));
  writeFileSync(join(content, 'mu-plugins/quiet.php'), `<?php add_filter('pre_wp_mail', '__return_true');`);
  const keys = ['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'].flatMap((k) => [`${k}_KEY`, `${k}_SALT`]);
  const settings: Record<string, string | boolean> = {
    DB_NAME: 'wordpress',
    DB_USER: 'wp',
    DB_PASSWORD: 'wp',
    DB_HOST: `localhost:${socket}`,
    DB_CHARSET: 'utf8mb4',
    WP_HOME: url.slice(0, -1),
    WP_SITEURL: url.slice(0, -1),
    WP_ENVIRONMENT_TYPE: 'local',
    WP_HTTP_BLOCK_EXTERNAL: true,
    DISABLE_WP_CRON: true,
    AUTOMATIC_UPDATER_DISABLED: true,
    DISALLOW_FILE_MODS: true,
    WP_POST_REVISIONS: false,
    WP_DEBUG: true,
    WP_DEBUG_DISPLAY: false,
    WP_DEBUG_LOG: join(site, 'debug.log'),
    ...Object.fromEntries(keys.map((k) => [k, `test ${k}`])),
  };
  const defines = Object.entries(settings).map(([name, value]) => `define('${name}', ${phpValue(value)});`);
  writeFileSync(
    join(site, 'wp-config.php'),
    `<?php\n${defines.join('\n')}\n$table_prefix = 'wp_';\nif (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');\nrequire_once ABSPATH . 'wp-settings.php';\n`,
  );
  writeFileSync(
    join(site, 'router.php'),
    `<?php $path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file(__DIR__ . $path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
require __DIR__ . '/index.php';
`,
  );
}

const phpValue = (value: string | boolean): string => (typeof value === 'string' ? `'${value}'` : String(value));
