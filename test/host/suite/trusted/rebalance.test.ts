import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ballast, enginePid, extension, file, nextDrawing, nextState, rebalance } from '../ballast.ts';

describe('Rebalance This Dataset', () => {
  it('writes the result and its manifest beside the source and draws the chart', async () => {
    const source = fs.readFileSync(file('train.json'));
    const drawing = nextDrawing();
    const outcome = await rebalance('train.json', { setting: { kind: 'percent', value: 50 } });
    assert.ok(outcome, 'no outcome');
    const { report } = outcome;
    await enginePid();

    assert.deepEqual(fs.readFileSync(file('train.json')), source, 'the source changed');
    assert.equal(report.output?.path, file('train.rebalanced.json'));
    const kept = JSON.parse(fs.readFileSync(file('train.rebalanced.json'), 'utf8')) as unknown[];
    assert.equal(kept.length, report.kept);
    assert.equal(report.kept + report.dropped, 400);
    assert.ok(Math.abs(report.kept - report.expected) <= 4 * report.standardDeviation, `kept ${report.kept}, expected ${report.expected}`);
    assert.ok(report.manifest);
    const manifest = JSON.parse(fs.readFileSync(report.manifest, 'utf8')) as { selectionHash: string };
    assert.equal(path.dirname(report.manifest), path.dirname(file('train.json')));
    assert.equal(manifest.selectionHash, report.selectionHash);

    const drawn = await drawing;
    assert.deepEqual(
      drawn.charts.map((chart) => chart.perspective),
      ['token', 'object', 'cooccurrence', 'interrogation'],
    );
    for (const chart of drawn.charts) {
      assert.ok(
        chart.points.length >= 2 && chart.points.every((points) => points > 0),
        `${chart.perspective}: points ${chart.points.join()}`,
      );
      assert.ok(chart.paintedPixels > 500, `${chart.perspective}: ${chart.paintedPixels} pixels`);
    }
    assert.ok(tabLabels().includes('Rebalanced: train.json'), tabLabels().join());
  });

  it('numbers a second result instead of writing over the first', async () => {
    const first = fs.readFileSync(file('train.rebalanced.json'));
    const outcome = await rebalance('train.json', { setting: { kind: 'paper' } });
    assert.equal(outcome?.report.output?.path, file('train.rebalanced-2.json'));
    assert.ok(fs.existsSync(file('train.rebalanced-2.json')));
    assert.deepEqual(fs.readFileSync(file('train.rebalanced.json')), first);
  });

  it('keeps the framing of JSON lines', async () => {
    const outcome = await rebalance('annotations/chat.jsonl', { setting: { kind: 'percent', value: 60 } });
    const lines = fs.readFileSync(file('annotations/chat.rebalanced.jsonl'), 'utf8').trim().split('\n');
    assert.equal(lines.length, outcome?.report.kept);
    const source = fs.readFileSync(file('annotations/chat.jsonl'), 'utf8').split('\n');
    assert.ok(lines.every((line) => source.includes(line)));
  });

  it('selects rows of a Parquet file with the native modules of the package', async () => {
    const outcome = await rebalance('annotations/table.parquet', { setting: { kind: 'percent', value: 60 } });
    assert.equal(outcome?.report.instances, 50);
    assert.equal(outcome.report.output?.path, file('annotations/table.rebalanced.parquet'));
    assert.equal(fs.readFileSync(file('annotations/table.rebalanced.parquet')).subarray(-4).toString(), 'PAR1');
  });

  it('finds sharp and DuckDB where the extension is installed', () => {
    const cli = path.join(extension().extensionPath, 'dist/cli.js');
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const output = execFileSync(process.execPath, [cli, 'doctor', '--json'], { encoding: 'utf8', env, cwd: file('.') });
    const { components } = JSON.parse(output) as { components: { name: string; available: boolean }[] };
    const natives = components.filter(({ name }) => name === 'sharp' || name === 'duckdb');
    assert.deepEqual(natives.map(({ name, available }) => [name, available]).sort(), [
      ['duckdb', true],
      ['sharp', true],
    ]);
  });

  it('shows the last chart again', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const drawing = nextDrawing();
    await vscode.commands.executeCommand('ballast.showChart');
    assert.equal((await drawing).charts.length, 4);
  });

  it('stops when cancelled, leaves nothing half written, and the engine stays usable', async () => {
    const source = new vscode.CancellationTokenSource();
    const running = rebalance('big.jsonl', { setting: { kind: 'paper' }, token: source.token });
    await nextState((state) => state.kind === 'busy' && state.progress !== undefined);
    const pid = await enginePid();
    const cancelled = performance.now();
    source.cancel();
    assert.equal(await running, undefined);
    const ms = performance.now() - cancelled;
    console.log(`cancel answered in ${ms.toFixed(0)} ms`);
    assert.ok(ms < 5000, `${ms} ms`);
    assert.deepEqual(leftovers(), []);
    await nextState((state) => state.kind === 'ready');
    assert.equal(await enginePid(), pid);
    assert.ok(await rebalance('annotations/chat.jsonl', { setting: { kind: 'paper' } }));
  });

  it('tells a killed engine, and the next command works with a fresh one', async () => {
    const running = rebalance('big.jsonl', { setting: { kind: 'paper' } });
    await nextState((state) => state.kind === 'busy' && state.progress !== undefined);
    const pid = await enginePid();
    process.kill(pid, 'SIGKILL');
    assert.equal(await running, undefined);
    const state = (await ballast()).engineState();
    assert.deepEqual(state, { kind: 'failed', fault: { kind: 'crashed', exit: { code: null, signal: 'SIGKILL' } } });
    assert.deepEqual(leftovers(), []);
    const outcome = await rebalance('annotations/chat.jsonl', { setting: { kind: 'paper' } });
    assert.ok(outcome);
    assert.notEqual(await enginePid(), pid);
  });

  it('stops the engine on command', async () => {
    const pid = await enginePid();
    await vscode.commands.executeCommand('ballast.stopEngine');
    assert.equal((await ballast()).engineState().kind, 'stopped');
    assert.throws(() => process.kill(pid, 0));
    assert.ok(await rebalance('annotations/chat.jsonl', { setting: { kind: 'paper' } }));
    await enginePid();
  });

  it('takes no program from the workspace as its engine', () => {
    assert.equal(vscode.workspace.getConfiguration().get('ballast.engine.nodePath'), '');
    assert.equal(fs.existsSync(file('trapped')), false);
  });
});

/** Files that a cancelled or killed run on big.jsonl may not leave. */
function leftovers(): string[] {
  return fs.readdirSync(file('.')).filter((name) => name.startsWith('big.') && name !== 'big.jsonl');
}

function tabLabels(): string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));
}
