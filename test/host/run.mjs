// In-host tests, one entry for laptop and CI: node test/host/run.mjs [--vsix FILE]
// VSCODE_TEST_HOST=server (code-server + Chromium; default on Linux x64) | electron (desktop VS Code by @vscode/test-electron).
// Runs three suites: trusted, with workspace trust switched on in a restricted folder, and in a workspace of several folders of which one
// is virtual. Last line: "N passed, N failed".
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, runTests, runVSCodeCommand } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { installServer } from './install.mjs';
import { makeMultiRoot, makeWorkspace } from './workspace.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const vsixArgument = process.argv.indexOf('--vsix');
const vsix = vsixArgument > 0 ? path.resolve(process.argv[vsixArgument + 1]) : undefined;
const lane = process.env.VSCODE_TEST_HOST ?? (process.platform === 'linux' && process.arch === 'x64' ? 'server' : 'electron');
const version = process.env.VSCODE_TEST_VERSION ?? 'stable';
const artifacts = path.join(root, 'test/artifacts');
const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'vst-'));
process.on('exit', () => fs.rmSync(tmp, { recursive: true, force: true }));
fs.mkdirSync(artifacts, { recursive: true });

const suiteDir = await compileSuite();
if (lane === 'server') installServer();
const executable = lane === 'server' ? path.join(here, 'shim.mjs') : await downloadAndUnzipVSCode(version);

let passed = 0;
let failed = 0;
for (const suite of ['trusted', 'restricted', 'virtual']) await runSuite(suite);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

async function compileSuite() {
  const outdir = path.join(root, '.vscode-test/suite');
  fs.rmSync(outdir, { recursive: true, force: true });
  const tests = fs.globSync('suite/**/*.test.ts', { cwd: here }).map((file) => path.join(here, file));
  await esbuild.build({
    entryPoints: [path.join(here, 'index.ts'), ...tests],
    outbase: here,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outdir;
}

async function runSuite(suite) {
  console.log(`--- ${suite} (${lane})`);
  const folder = suite === 'virtual' ? await makeMultiRoot(path.join(tmp, suite)) : await makeWorkspace(path.join(tmp, suite));
  const results = path.join(tmp, `${suite}.json`);
  const restricted = suite === 'restricted';
  const launchArgs = [suite === 'virtual' ? path.join(folder, 'several.code-workspace') : folder];
  if (lane === 'server') {
    if (vsix) launchArgs.push(`--install-vsix=${vsix}`);
  } else launchArgs.push(...(await electronProfile(suite, restricted)));
  let error;
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: vsix ? path.join(here, 'harness') : root,
      extensionTestsPath: path.join(suiteDir, 'index'),
      extensionTestsEnv: {
        VSCODE_TEST_RESULTS: results,
        BALLAST_SUITE: suite,
        BALLAST_WORKSPACE: folder,
        VSCODE_TEST_TRUST: restricted ? '1' : '0',
        VSCODE_TEST_ARTIFACTS: artifacts,
      },
      launchArgs,
    });
  } catch (caught) {
    error = caught;
  }
  // Exit codes lie (a process.exit(0) in the host looks like success): insist on the suite's own report.
  const report = fs.existsSync(results) ? JSON.parse(fs.readFileSync(results, 'utf8')) : undefined;
  if (!report) {
    console.log(`FAILED the ${suite} suite left no report ${error ? String(error.message ?? error) : ''}`);
    failed++;
    return;
  }
  const bad = report.tests.filter((test) => test.state === 'failed');
  console.log(`vscode ${report.vscode} (${report.appHost}, node ${report.node}): ${report.tests.length} run, ${bad.length} failed`);
  for (const test of bad) console.log(`FAILED ${test.title}: ${test.error}`);
  passed += report.tests.length - bad.length;
  failed += bad.length;
  if (error && bad.length === 0) {
    console.log(`FAILED the ${suite} suite passed, but its host failed: ${error.message ?? error}`);
    failed++;
  }
  failed += await orphans(folder);
}

/** Engines that outlived the host: each pid that a test saw must be gone soon. */
async function orphans(folder) {
  const file = path.join(folder, 'engine-pids');
  const pids = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
  for (let i = 0; i < 50 && pids.some(isAlive); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  const left = pids.filter(isAlive);
  if (left.length > 0) console.log(`FAILED orphan engines: ${left.join(', ')}`);
  return left.length;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function electronProfile(suite, restricted) {
  const dataDir = path.join(tmp, `ud-${suite}`);
  const profile = [`--user-data-dir=${dataDir}`, `--extensions-dir=${path.join(tmp, `exts-${suite}`)}`];
  const trust = {
    'security.workspace.trust.enabled': restricted,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
  };
  fs.mkdirSync(path.join(dataDir, 'User'), { recursive: true });
  fs.writeFileSync(
    path.join(dataDir, 'User/settings.json'),
    JSON.stringify({ ...trust, 'security.workspace.trust.untrustedFiles': 'open' }),
  );
  if (vsix) console.log((await runVSCodeCommand(['--install-extension', vsix, ...profile], { version })).stdout);
  return restricted ? profile : [...profile, '--disable-workspace-trust'];
}
