// npm test: builds, checks and runs every tier, installing what the tiers need. Ends with "N passed, N failed".
//   node test/run.mjs [check|unit|engine|webview|host|e2e ...]   only these tiers
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const results = join(root, 'test/artifacts/results');
const tiers = ['check', 'unit', 'engine', 'webview', 'host', 'e2e'];
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !tiers.includes(name));
if (unknown.length > 0) {
  console.error(`unknown tier ${unknown.join(', ')}; known: ${tiers.join(', ')}`);
  process.exit(2);
}
const wanted = (name) => chosen.length === 0 || chosen.includes(name);
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: 0 };
const rows = [];
/** What failed, told once more at the end: what a tier printed lies far above. */
const failures = [];

if (wanted('check')) command('check', 'npm', ['run', '--silent', 'check']);
command('build', process.execPath, ['esbuild.mjs']);
for (const project of ['unit', 'engine', 'webview']) if (wanted(project)) vitest(project);
if (wanted('host') || wanted('e2e')) {
  command('package', process.execPath, ['esbuild.mjs', '--production', '--package']);
  const vsix = readdirSync(root).find((name) => name.endsWith('.vsix'));
  if (wanted('host')) counted('host', process.execPath, ['test/host/run.mjs', '--vsix', vsix ?? 'missing.vsix']);
  if (wanted('e2e')) counted('e2e', process.execPath, ['test/e2e/run.mjs', vsix ?? 'missing.vsix']);
}

console.log('');
for (const { name, passed, failed, seconds } of rows)
  console.log(`${name.padEnd(8)} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed  ${seconds.toFixed(1)} s`);
for (const line of failures) console.log(`FAILED ${line}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function run(name, file, args, stdio) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const { status, stdout } = spawnSync(file, args, { cwd: root, stdio, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status: status ?? 1, stdout: stdout ?? '', seconds: (performance.now() - started) / 1000 };
}

function add(name, passed, failed, seconds, told = []) {
  rows.push({ name, passed, failed, seconds });
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(...(told.length > 0 ? told : ['see above']).map((line) => `${name}: ${line}`));
}

/** A step that counts as one test. */
function command(name, file, args) {
  const { status, seconds } = run(name, file, args, 'inherit');
  add(name, status === 0 ? 1 : 0, status === 0 ? 0 : 1, seconds);
}

/** A runner whose last line is "N passed, N failed", with a line "FAILED …" for each that did. */
function counted(name, file, args) {
  const { status, stdout, seconds } = run(name, file, args, ['ignore', 'pipe', 'inherit']);
  process.stdout.write(stdout);
  const line = [...stdout.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  const passed = Number(line?.[1] ?? 0);
  const failed = Number(line?.[2] ?? 0);
  const told = [...stdout.matchAll(/^FAILED (.*)$/gm)].map(([, text]) => text);
  add(name, passed, failed + (failed === 0 && (status !== 0 || passed === 0) ? 1 : 0), seconds, told);
}

function vitest(project) {
  const report = join(results, `${project}.json`);
  const { status, seconds } = run(
    project,
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'test/vitest.config.mts',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    'inherit',
  );
  let counts = { numPassedTests: 0, numFailedTests: 0 };
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    console.error(`${project}: no report`);
  }
  const { numPassedTests: passed, numFailedTests: failed, testResults = [] } = counts;
  const told = testResults.flatMap(({ name, status: state, message, assertionResults }) => {
    const bad = assertionResults.filter((test) => test.status === 'failed');
    const lines = bad.map(({ fullName, failureMessages }) => [fullName, firstLine(failureMessages[0])]);
    if (lines.length === 0 && state === 'failed') lines.push(['the file', firstLine(message)]);
    return lines.map(([test, why]) => `${relative(root, name)} › ${test}: ${why}`);
  });
  add(project, passed, failed + (failed === 0 && (status !== 0 || passed === 0) ? 1 : 0), seconds, told);
}

function firstLine(text = '') {
  return text.split('\n')[0];
}
