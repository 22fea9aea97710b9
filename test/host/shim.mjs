#!/usr/bin/env node
// Looks enough like the `code` binary for @vscode/test-electron's runTests({ vscodeExecutablePath }):
// takes --extensionDevelopmentPath= / --extensionTestsPath= / a folder, runs them in VS Code server + Chromium, exits with the suite's code.
// VSCODE_TEST_TRUST=1 switches workspace trust on: the folder opens restricted.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { format } from 'node:util';
import { openBrowser, startServer, workbenchUrl } from './launcher.mjs';

const argv = process.argv.slice(2);
const option = (name) => argv.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
const open = argv.find((arg) => !arg.startsWith('-'));
const limitMs = Number(process.env.VSCODE_TEST_LIMIT_S ?? 300) * 1000;
const quiet =
  /^(Resolv(ing|ed) connection|Creating a socket|\[reconnection-grace|\[AccountPolicyGate|\[AgentHost|(Updating|Ignoring fetching) additional builtin|Creation of workbench|\[Service Worker\]|Canceled|Timed out waiting for authentication provider|.*\bmemfs:|CodeExpectedError)/;

const server = await startServer({ vsix: option('install-vsix'), trust: process.env.VSCODE_TEST_TRUST === '1' });
const { browser, context, external } = await openBrowser();
let code = 70;
try {
  const page = await context.newPage();
  const finished = new Promise((resolve) => {
    page.exposeFunction('codeAutomationLog', (type, args) => {
      const text = format(...args);
      if (!quiet.test(text)) (type === 'error' ? console.error : console.log)(text);
    });
    page.exposeFunction('codeAutomationExit', (exit) => resolve(exit));
    page.on('crash', () => {
      console.error('page crashed');
      resolve(71);
    });
    const watch = setInterval(() => {
      if (server.alive()) return;
      clearInterval(watch);
      console.error('server died');
      resolve(72);
    }, 500);
    watch.unref();
    setTimeout(() => {
      console.error(`no result in ${limitMs / 1000} s`);
      resolve(73);
    }, limitMs).unref();
  });
  const kind = open?.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const devPath = option('extensionDevelopmentPath');
  await page.goto(workbenchUrl(server.base, { [kind]: open, devPath, testsPath: option('extensionTestsPath')[0] }));
  code = await finished;
  if (code === 0) code = await hostExit();
  if (code) {
    const shot = path.join(process.env.VSCODE_TEST_ARTIFACTS ?? '.', 'test-failure.png');
    await page.screenshot({ path: shot }).catch(() => undefined);
    console.error('screenshot', shot);
  }
  if (external.size) console.error('blocked external requests:', [...external].join(' '));
} finally {
  await browser.close().catch(() => undefined);
  server.stop();
}
process.exit(code);

/** The workbench reports 0 when the extension host merely vanished (crash, process.exit): the server's log knows how it ended. */
async function hostExit() {
  for (let i = 0; i < 50; i++) {
    const how = /Extension Host Process exited with code: (\w+), signal: (\w+)/.exec(fs.readFileSync(server.logFile, 'utf8'));
    if (how) {
      if (how[1] === '0' && how[2] === 'null') return 0;
      console.error(how[0]);
      return 74;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  console.error('extension host did not exit');
  return 74;
}
