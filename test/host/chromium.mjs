// Finds a Chromium for the webview, in-host and UI tests, and gets one when there is none. First hit wins:
// $CHROMIUM, the system's, Playwright's own (already there, then by download), Debian's package when root.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];
const browsersPath = path.join(root, '.vscode-test/browsers');
const downloadLimitMs = 120_000;
const aptLimitMs = 300_000;

export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let found;

/** Options for `chromium.launch` of playwright-core; throws with all that was tried when no browser can be had. */
export async function findChromium() {
  found ??= await locate();
  return found;
}

async function locate() {
  const tried = [];
  const given = process.env.CHROMIUM;
  if (given) {
    if (fs.existsSync(given)) return { executablePath: given };
    tried.push(`$CHROMIUM names ${given}, which does not exist`);
  } else tried.push('$CHROMIUM is not set');

  const system = systemPaths.find((candidate) => fs.existsSync(candidate));
  if (system) return { executablePath: system };
  tried.push(`none of ${systemPaths.join(', ')} exists`);

  const own = await playwrightBrowser();
  if (own) return { executablePath: own };
  tried.push("Playwright's own browser is not installed");

  const cli = path.join(root, 'node_modules/playwright-core/cli.js');
  const env = { ...process.env, PLAYWRIGHT_BROWSERS_PATH: browsersPath };
  const download = attempt(process.execPath, [cli, 'install', 'chromium'], { env, timeout: downloadLimitMs });
  const downloaded = await playwrightBrowser();
  if (downloaded) return { executablePath: downloaded };
  tried.push(`Playwright's download failed: ${download}`);

  if (process.platform === 'linux' && process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get')) {
    const aptEnv = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const update = attempt('apt-get', ['update'], { env: aptEnv, timeout: aptLimitMs });
    const packages = ['chromium', 'fonts-liberation', 'fonts-dejavu-core'];
    const install = attempt('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env: aptEnv, timeout: aptLimitMs });
    if (fs.existsSync(systemPaths[0])) return { executablePath: systemPaths[0] };
    tried.push(`apt-get update: ${update}; apt-get install: ${install}`);
  } else tried.push('not root on Debian, so apt-get was not tried');

  throw new Error(
    `No Chromium for the tests.\n${tried.map((line) => `  - ${line}`).join('\n')}\n` +
      'Provide one: set CHROMIUM=/path/to/chromium, or install the chromium package of your system, or run ' +
      '"npx playwright-core install chromium" with internet access.',
  );
}

/** Playwright's browser, in its usual place or in ours. */
async function playwrightBrowser() {
  const { chromium } = await import('playwright-core');
  const usual = chromium.executablePath();
  if (usual && fs.existsSync(usual)) return usual;
  if (!fs.existsSync(browsersPath)) return undefined;
  // Playwright reads PLAYWRIGHT_BROWSERS_PATH at import, so the same folder layout is looked up by hand.
  for (const folder of fs.readdirSync(browsersPath).filter((name) => name.startsWith('chromium-')))
    for (const inner of [
      'chrome-linux64/chrome',
      'chrome-linux/chrome',
      'chrome-win64/chrome.exe',
      'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    ]) {
      const candidate = path.join(browsersPath, folder, inner);
      if (fs.existsSync(candidate)) return candidate;
    }
  return undefined;
}

function attempt(command, args, options) {
  const run = spawnSync(command, args, { ...options, stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' });
  if (run.error) return run.error.message;
  if (run.signal) return `stopped by ${run.signal} (time limit)`;
  return run.status === 0 ? 'done' : `exit ${run.status}: ${(run.stderr ?? '').trim().split('\n').slice(-3).join(' | ')}`;
}
