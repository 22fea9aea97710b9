import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ShownRow } from '../../../../src/extension/api.ts';
import type { VerifyReport } from '../../../../src/protocol/reports.ts';
import type { ReproduceReport } from '../../../../src/protocol/runs.ts';
import { ballast, enginePid, file, rebalance } from '../ballast.ts';

describe('view Runs', () => {
  let output: string;
  let result: string;

  before(async () => {
    await vscode.commands.executeCommand('workbench.view.extension.ballast');
    const outcome = await rebalance('train.json', { setting: { kind: 'percent', value: 40 } });
    output = outcome?.report.output?.path ?? '';
    result = path.basename(output);
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    await enginePid();
  });

  after(async () => {
    for (const name of fs.readdirSync(file('.'))) if (name.includes('.reproduced')) fs.rmSync(file(name));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('lists finished runs, the newest first, with their numbers', async () => {
    const rows = await (await ballast()).runRows();
    assert.equal(rows[0]?.label, result);
    assert.match(rows[0]?.description ?? '', /^\d+ of 400 · /);
    assert.equal(rows[0]?.contextValue, 'run;output;manifest;plan;');
    const below = await (await ballast()).runRows(result);
    assert.deepEqual(
      below.map((row) => row.label),
      ['Dataset', 'Kept', 'Dropped', 'Expected', 'Stages', 'Parameters', 'Result', 'Manifest'],
    );
    const kept = JSON.parse(fs.readFileSync(output, 'utf8')) as unknown[];
    assert.equal(below[1]?.description, String(kept.length));
    const stages = await (await ballast()).runRows(result, 'Stages');
    assert.ok(stages.some((row) => row.label === 'Selecting instances' && row.description.endsWith(' sec')));
  });

  it('verifies a run and shows the checks', async () => {
    const report = await onRun<VerifyReport>('ballast.verifyRun');
    assert.equal(report?.ok, true);
    const [checks] = await (await ballast()).runRows(result);
    assert.deepEqual(
      [checks?.label, checks?.description],
      ['Verified', `${report.checks.length} of ${report.checks.length} checks are good`],
    );
    const each = await (await ballast()).runRows(result, 'Verified');
    assert.ok(each.length === report.checks.length && each.every((row) => row.description === 'good'));
  });

  it('reproduces a run to a new file and says that the bytes agree', async () => {
    const report = await onRun<ReproduceReport>('ballast.reproduceRun');
    assert.equal(report?.equal, true);
    assert.notEqual(report.output, output);
    assert.deepEqual(fs.readFileSync(report.output), fs.readFileSync(output));
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    assert.equal((await (await ballast()).runRows())[0]?.label, path.basename(report.output));
  });

  it('opens the manifest and reveals the result', async () => {
    await onRun('ballast.openRunManifest');
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, `${output}.manifest.json`);
    await onRun('ballast.revealRunOutput');
  });

  it('shows a missing result and a missing manifest as such, and a failed check', async () => {
    const text = fs.readFileSync(output);
    fs.rmSync(output);
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    assert.match((await run()).description, /^result missing · /);
    assert.equal((await run()).contextValue, 'run;manifest;plan;');
    const report = await onRun<VerifyReport>('ballast.verifyRun');
    assert.equal(report?.ok, false);
    const failed = (await (await ballast()).runRows(result, 'Verified')).filter((row) => row.description === 'failed');
    assert.ok(failed.some((row) => row.label === 'Result'));
    fs.writeFileSync(output, text);

    const manifest = fs.readFileSync(`${output}.manifest.json`);
    fs.rmSync(`${output}.manifest.json`);
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    assert.match((await run()).description, /^manifest missing · /);
    fs.writeFileSync(`${output}.manifest.json`, manifest);
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    assert.equal((await run()).contextValue, 'run;output;manifest;plan;');
  });

  it('forgets a run and leaves its files', async () => {
    await onRun('ballast.deleteRunRecord', { confirmed: true });
    assert.ok(!(await (await ballast()).runRows()).some((row) => row.label === result));
    assert.ok(fs.existsSync(output) && fs.existsSync(`${output}.manifest.json`));
  });

  async function run(): Promise<ShownRow> {
    const found = (await (await ballast()).runRows()).find((row) => row.label === result);
    assert.ok(found, `${result} is not listed`);
    return found;
  }

  async function onRun<T>(command: string, options?: unknown): Promise<T | undefined> {
    return vscode.commands.executeCommand<T | undefined>(command, (await run()).node, options);
  }
});
