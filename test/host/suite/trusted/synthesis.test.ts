import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { VerifyReport } from '../../../../src/protocol/reports.ts';
import type { ComposeReport, SynthesizeReport } from '../../../../src/protocol/synthesis.ts';
import type { DrawnSynthesis } from '../../../../src/protocol/synthesisPage.ts';
import { ballast, enginePid, extension, file, rebalance, until } from '../ballast.ts';

/** Few instances, so that the suite stays quick. */
const settings = { method: 'augment', amount: { kind: 'count', value: 6 }, wantAtLeast: 6, seed: 11 };
/** Its pictures belong to one instance each. */
const dataset = (): string => file('out/tail.json');
const staging = (): string => file('out/.ballast/staging');

const synthesize = (options?: object): Thenable<SynthesizeReport | undefined> =>
  vscode.commands.executeCommand('ballast.synthesizeTail', vscode.Uri.file(dataset()), undefined, options);
const compose = (options: object): Thenable<ComposeReport | undefined> =>
  vscode.commands.executeCommand('ballast.composeDataset', { dataset: dataset(), staging: staging() }, options);

/** What the page shows after `work`, as soon as it is as wanted. */
async function shownAfter(work: () => Thenable<unknown>, wanted: (drawn: DrawnSynthesis) => boolean): Promise<DrawnSynthesis> {
  const api = await ballast();
  let last: DrawnSynthesis | undefined;
  const listener = api.onDidShowSynthesis((drawn) => {
    last = drawn;
  });
  try {
    await work();
    const drawn = await until(
      () => last,
      (now) => now !== undefined && wanted(now),
      80_000,
    );
    assert.ok(drawn !== undefined && wanted(drawn), `the page shows ${JSON.stringify(drawn)}`);
    return drawn;
  } finally {
    listener.dispose();
  }
}

/** Accepts what the gates let pass from the command line, as another window could; gives how many. */
async function acceptAll(): Promise<number> {
  const cli = path.join(extension().extensionPath, 'dist', 'cli.js');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, 'review', staging(), '--accept', 'gated', '--json'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
  });
  await vscode.commands.executeCommand('ballast.views.synthesis.refresh');
  return (JSON.parse(stdout) as { changed: unknown[] }).changed.length;
}

describe('Synthesize Tail', () => {
  let composed: ComposeReport | undefined;

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fs.rmSync(staging(), { recursive: true, force: true });
    for (const name of fs.readdirSync(file('out'))) if (name.includes('.composed')) fs.rmSync(file(`out/${name}`), { recursive: true });
    await vscode.commands.executeCommand('ballast.views.synthesis.refresh');
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
  });

  it('plans what is scarce, live, and makes nothing by itself', async () => {
    const drawn = await shownAfter(
      () => synthesize({ settings }),
      ({ planned }) => planned === 6,
    );
    await enginePid();
    assert.ok(drawn.deficits > 0, 'no deficits are shown');
    const state = (await ballast()).synthesisPanel(dataset());
    assert.equal(state?.plan?.lead, 'Makes 6 new instances');
    assert.equal(state?.plan?.asks, 'Nothing leaves this machine.');
    assert.equal(fs.existsSync(path.join(staging(), 'journal.jsonl')), false);
  });

  it('makes them into the staging folder and shows them', async () => {
    const source = fs.readFileSync(dataset());
    let report: SynthesizeReport | undefined;
    const drawn = await shownAfter(
      async () => {
        report = await synthesize({ make: true });
      },
      ({ running, made, pictures, funnel }) => !running && made > 0 && pictures === made && funnel[1] === 6,
    );
    assert.equal(report?.made, 6);
    assert.equal(drawn.funnel[0], 6);
    assert.deepEqual(fs.readFileSync(dataset()), source);
    const state = (await ballast()).synthesisPanel(dataset());
    assert.equal(state?.outcome?.kind, 'done');
    assert.match(state?.outcome?.sentence ?? '', /^Made 6 instances in /);
    // Nothing is made twice.
    const again = await synthesize({ make: true });
    assert.deepEqual([again?.made, again?.staged], [0, 6]);
  });

  it('remembers settings and what is staged when it is closed and opened again', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal((await ballast()).synthesisPanel(dataset()), undefined);
    await shownAfter(
      () => synthesize(),
      ({ planned, made, funnel }) => planned === 6 && made === 6 && funnel[1] === 6,
    );
    assert.equal((await ballast()).synthesisPanel(dataset())?.settings.seed, 11);
  });

  it('lists the folder in the view Synthesis', async () => {
    await vscode.commands.executeCommand('ballast.views.synthesis.refresh');
    const [row] = await (await ballast()).synthesisRows();
    assert.equal(row?.label, 'tail.json');
    assert.match(row?.description ?? '', /^6 made · \d pending$/);
    assert.equal(row?.contextValue, 'staging;');
    const below = await (await ballast()).synthesisRows('tail.json');
    assert.deepEqual(
      below.slice(0, 4).map(({ label }) => label),
      ['Dataset', 'Methods', 'Planned', 'Generated'],
    );
    await vscode.commands.executeCommand('ballast.views.synthesis.copyPath', row?.node);
    assert.equal(await vscode.env.clipboard.readText(), staging());
  });

  it('refuses a volume that cannot be reached and writes nothing', async () => {
    const before = fs.readdirSync(file('out')).sort();
    assert.equal(await compose({ volume: 100_000 }), undefined);
    assert.deepEqual(fs.readdirSync(file('out')).sort(), before);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('composes a selection and accepted instances to exactly the volume, kept records byte by byte', async () => {
    const accepted = await acceptAll();
    assert.ok(accepted > 0, 'the gates let nothing pass');
    const [row] = await (await ballast()).synthesisRows();
    assert.equal(row?.contextValue, 'staging;accepted;');
    const selection = await rebalance('out/tail.json', { setting: { kind: 'percent', value: 60 } });
    const kept = selection?.report.kept ?? 0;
    assert.ok(kept > 0);
    composed = await compose({ selection: selection?.report.manifest, volume: kept + accepted });
    assert.deepEqual([composed?.kept, composed?.synthetic, composed?.volume], [kept, accepted, kept + accepted]);
    const output = composed?.output.path ?? '';
    assert.equal(output, file('out/tail.composed.json'));
    const written = fs.readFileSync(output, 'utf8');
    assert.equal((JSON.parse(written) as unknown[]).length, kept + accepted);
    // The kept ones come first, as the rebalancing wrote them.
    const rebalanced = fs.readFileSync(selection?.report.output?.path ?? '', 'utf8').trimEnd();
    assert.ok(written.startsWith(rebalanced.slice(0, rebalanced.lastIndexOf('}') + 1)), 'kept records are not the same bytes');
    fs.rmSync(selection?.report.output?.path ?? '');
    fs.rmSync(selection?.report.manifest ?? '');
  });

  it('shows the composition among the runs, where it can be verified', async () => {
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    const run = (await (await ballast()).runRows()).find(({ label }) => label === 'tail.composed.json');
    assert.match(run?.description ?? '', /^\d+ kept, \d synthetic · /);
    assert.equal(run?.contextValue, 'run;output;manifest;composed;');
    const checks = await vscode.commands.executeCommand<VerifyReport | undefined>('ballast.verifyRun', run?.node);
    assert.equal(checks?.ok, true);
    const merged = (await (await ballast()).synthesisRows('tail.json')).find(({ label }) => label === 'Merged');
    assert.equal(merged?.description, `${composed?.synthetic} · in the newest composition`);
  });

  it('goes on when its panel is closed, and is shown again when that opens', async () => {
    const more = { ...settings, amount: { kind: 'count', value: 30 }, seed: 12 };
    const report = synthesize({ settings: more, make: true });
    await until(
      async () => (await ballast()).synthesisPanel(dataset())?.running,
      (running) => running === true,
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal((await ballast()).synthesisPanel(dataset()), undefined);
    const drawn = await shownAfter(
      () => synthesize(),
      ({ running, planned }) => !running && planned !== null,
    );
    const made = await report;
    assert.ok((made?.made ?? 0) > 6, `made ${made?.made}`);
    assert.ok(drawn.planned !== null);
    assert.equal((await ballast()).synthesisPanel(dataset())?.running, false);
    await synthesize({ settings });
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('refuses settings that are none, with a message and nothing made', async () => {
    assert.equal(await synthesize({ settings: { perParent: 99 }, make: true }), undefined);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
