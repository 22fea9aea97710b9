import * as fs from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';

interface Report {
  readonly vscode: string;
  readonly node: string;
  readonly appHost: string;
  readonly tests: { title: string; state: 'passed' | 'failed'; ms?: number; error?: string }[];
}

/** Entry of the suite inside the extension host: runs the files of `BALLAST_SUITE` and leaves a report for the runner. */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 90_000,
    retries: 1, // a webview of a busy machine now and then never loads; both tries are printed
    ...(process.env.BALLAST_GREP ? { grep: process.env.BALLAST_GREP } : {}),
  });
  const folder = path.join(__dirname, 'suite', process.env.BALLAST_SUITE ?? 'trusted');
  for (const file of fs.readdirSync(folder).sort()) if (file.endsWith('.test.js')) mocha.addFile(path.join(folder, file));
  console.log(
    `host: vscode ${vscode.version} appHost=${vscode.env.appHost} uiKind=${vscode.UIKind[vscode.env.uiKind]} node=${process.version}`,
  );
  const report: Report = { vscode: vscode.version, node: process.version, appHost: vscode.env.appHost, tests: [] };
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('retry', (test, error: Error) => console.log(`ONCE MORE ${test.fullTitle()}: ${error.message}`));
    runner.on('pass', (test) => report.tests.push({ title: test.fullTitle(), state: 'passed', ms: test.duration ?? 0 }));
    runner.on('fail', (test, error: Error) => report.tests.push({ title: test.fullTitle(), state: 'failed', error: error.message }));
  });
  const file = process.env.VSCODE_TEST_RESULTS;
  if (file) fs.writeFileSync(file, JSON.stringify({ ...report, failures }, null, 1));
  if (failures > 0) throw new Error(`${failures} test(s) failed`);
}
