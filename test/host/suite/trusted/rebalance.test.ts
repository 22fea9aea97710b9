import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RebalancePanelState } from '../../../../src/extension/selection/rebalancePanel.ts';
import { ballast, enginePid, extension, file, nextDrawing, nextState, rebalance, until } from '../ballast.ts';

/** A dataset of this suite's own: the others work on train.json, its plan and its results. */
const own = 'own/own.json';

describe('Rebalance This Dataset', () => {
  before(() => {
    fs.mkdirSync(file('own'));
    fs.copyFileSync(file('train.json'), file(own));
  });

  it('opens the live panel: figures of the plan, nothing written', async () => {
    const before = fs.readdirSync(file('own'));
    const drawing = nextDrawing();
    assert.equal(await rebalance(own), undefined);
    const drawn = await drawing;
    assert.ok(tabLabels().includes('Rebalance: own.json'), tabLabels().join());
    const state = await panel(own);
    assert.deepEqual(state.plan, { dataset: file(own) });
    assert.equal(state.live?.instances, 400);
    assert.equal(drawn.kept, state.live.kept);
    assert.equal(state.failure, undefined);
    assert.deepEqual(
      drawn.charts.map((chart) => chart.perspective),
      ['token', 'object', 'cooccurrence', 'interrogation'],
    );
    for (const chart of drawn.charts) {
      assert.ok(
        chart.points.length === 3 && chart.points.every((points) => points > 0),
        `${chart.perspective}: points ${chart.points.join()}`,
      );
      assert.ok(chart.paintedPixels > 500, `${chart.perspective}: ${chart.paintedPixels} pixels`);
    }
    assert.deepEqual(
      fs.readdirSync(file('own')).filter((name) => !before.includes(name) && name !== '.ballast'),
      [],
    );
  });

  it('writes the result and its manifest beside the source, and the panel shows the same selection', async () => {
    const source = fs.readFileSync(file(own));
    const drawing = nextDrawing();
    const outcome = await rebalance(own, { setting: { kind: 'percent', value: 50 } });
    assert.ok(outcome, 'no outcome');
    const { report } = outcome;
    await enginePid();

    assert.deepEqual(fs.readFileSync(file(own)), source, 'the source changed');
    assert.equal(report.output?.path, file('own/own.rebalanced.json'));
    const kept = JSON.parse(fs.readFileSync(file('own/own.rebalanced.json'), 'utf8')) as unknown[];
    assert.equal(kept.length, report.kept);
    assert.equal(report.kept + report.dropped, 400);
    assert.ok(Math.abs(report.kept - report.expected) <= 4 * report.standardDeviation, `kept ${report.kept}, expected ${report.expected}`);
    assert.ok(report.manifest);
    const manifest = JSON.parse(fs.readFileSync(report.manifest, 'utf8')) as { selectionHash: string };
    assert.equal(path.dirname(report.manifest), path.dirname(file(own)));
    assert.equal(manifest.selectionHash, report.selectionHash);

    // What is shown is what was written: the same plan, the same seed, the same draws.
    assert.equal((await drawing).kept, report.kept);
    const state = await panel(own);
    assert.deepEqual(state.plan, { dataset: file(own), target: { kind: 'percent', value: 50 } });
    assert.equal(state.result?.sentence, `Wrote own.rebalanced.json: kept ${report.kept} of 400 instances, dropped ${report.dropped}.`);
  });

  it('applies a plan file like the command line does, byte by byte', async () => {
    const plan = file('own/own.ballast-plan.json');
    const settings = { dataset: 'own.json', tau: { token: 12 }, mass: { object: 0.8 }, minPerspectives: 2, alpha: 0.9, seed: 7 };
    fs.writeFileSync(plan, JSON.stringify({ ballastPlan: 1, ...settings }));
    await vscode.commands.executeCommand('ballast.applyPlan', vscode.Uri.file(plan));
    const [newest] = resultsOf().sort((a, b) => fs.statSync(b).mtimeMs - fs.statSync(a).mtimeMs);
    assert.ok(newest, 'no result');
    cli('rebalance', '--plan', plan, '--output', file('own/by-cli.json'), '--quiet');
    assert.deepEqual(fs.readFileSync(newest), fs.readFileSync(file('own/by-cli.json')));
    const drawing = nextDrawing();
    await vscode.commands.executeCommand('ballast.openPlan', vscode.Uri.file(plan));
    const kept = (JSON.parse(fs.readFileSync(newest, 'utf8')) as unknown[]).length;
    assert.equal((await drawing).kept, kept);
    const { dataset: _dataset, ...shown } = (await panel(own)).plan;
    const { dataset: _own, ...wanted } = settings;
    assert.deepEqual(shown, wanted);
    for (const name of ['by-cli.json', 'by-cli.json.manifest.json', 'own.ballast-plan.json', newest, `${newest}.manifest.json`])
      fs.rmSync(path.resolve(file('own'), name));
  });

  it('numbers a second result instead of writing over the first', async () => {
    const first = fs.readFileSync(file('own/own.rebalanced.json'));
    const outcome = await rebalance(own, { setting: { kind: 'paper' } });
    assert.equal(outcome?.report.output?.path, file('own/own.rebalanced-2.json'));
    assert.ok(fs.existsSync(file('own/own.rebalanced-2.json')));
    assert.deepEqual(fs.readFileSync(file('own/own.rebalanced.json')), first);
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
    const { components } = JSON.parse(cli('doctor', '--json')) as { components: { name: string; available: boolean }[] };
    const natives = components.filter(({ name }) => name === 'sharp' || name === 'duckdb');
    assert.deepEqual(natives.map(({ name, available }) => [name, available]).sort(), [
      ['duckdb', true],
      ['sharp', true],
    ]);
  });

  it('shows the last rebalancing again, with its plan', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const outcome = await rebalance(own, { setting: { kind: 'percent', value: 30 } });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const drawing = nextDrawing();
    await vscode.commands.executeCommand('ballast.showChart');
    const drawn = await drawing;
    assert.equal(drawn.charts.length, 4);
    assert.equal(drawn.kept, outcome?.report.kept);
    assert.deepEqual((await panel(own)).plan.target, { kind: 'percent', value: 30 });
  });

  it('keeps the working plan of a dataset when its panel is closed', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal((await ballast()).selectionPanel(file(own)), undefined);
    const drawing = nextDrawing();
    await rebalance(own);
    await drawing;
    assert.deepEqual((await panel(own)).plan.target, { kind: 'percent', value: 30 });
  });

  it('says in the panel that a dataset is gone, and keeps the plan', async () => {
    // This window never saw the file: a watcher that hears late of one that went would take the failure away as a former one.
    const gone = file('annotations/gone.jsonl');
    await rebalance('annotations/gone.jsonl');
    const api = await ballast();
    const state = await until(
      () => api.selectionPanel(gone),
      (one) => one?.failure !== undefined,
    );
    assert.match(state?.failure?.sentence ?? '', /^gone\.jsonl does not exist any more/);
    assert.ok(state?.failure?.repairs.some(({ action }) => action === 'tryAgain'));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
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

/** Runs the command line of the installed extension. */
function cli(...args: readonly string[]): string {
  const program = path.join(extension().extensionPath, 'dist/cli.js');
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', env, cwd: file('.') });
}

/** What an open panel shows once it has figures or a failure. */
async function panel(name: string): Promise<RebalancePanelState> {
  const api = await ballast();
  const state = await until(
    () => api.selectionPanel(file(name)),
    (one) => one?.live !== undefined || one?.failure !== undefined,
  );
  assert.ok(state, 'no panel is open');
  return state;
}

/** Results of the suite's own dataset. */
function resultsOf(): string[] {
  return fs
    .readdirSync(file('own'))
    .filter((name) => /^own\.rebalanced(-\d+)?\.json$/.test(name))
    .map((name) => file(`own/${name}`));
}

/** Files that a cancelled or killed run on big.jsonl may not leave. */
function leftovers(): string[] {
  return fs.readdirSync(file('.')).filter((name) => name.startsWith('big.') && name !== 'big.jsonl');
}

function tabLabels(): string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));
}
