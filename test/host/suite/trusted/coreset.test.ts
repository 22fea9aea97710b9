import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as vscode from 'vscode';
import type { DrawnCoreset } from '../../../../src/protocol/coresetPage.ts';
import type { VerifyReport } from '../../../../src/protocol/reports.ts';
import type { SelectReport } from '../../../../src/protocol/select.ts';
import { ballast, enginePid, file, until } from '../ballast.ts';

const select = (options?: object): Thenable<SelectReport | undefined> =>
  vscode.commands.executeCommand('ballast.selectCoreset', vscode.Uri.file(file('train.json')), undefined, options);

/** What the page shows after `work`, as soon as it is as wanted. */
async function shownAfter(work: () => Thenable<unknown>, wanted: (drawn: DrawnCoreset) => boolean): Promise<DrawnCoreset> {
  const api = await ballast();
  let last: DrawnCoreset | undefined;
  const listener = api.onDidShowCoreset((drawn) => {
    last = drawn;
  });
  try {
    await work();
    const drawn = await until(
      () => last,
      (now) => now !== undefined && wanted(now),
      90_000,
    );
    assert.ok(drawn !== undefined && wanted(drawn), `the page shows ${JSON.stringify(drawn)}`);
    return drawn;
  } finally {
    listener.dispose();
  }
}

describe('Select Coreset', () => {
  let report: SelectReport | undefined;

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of fs.readdirSync(file('.'))) if (name.includes('.coreset')) fs.rmSync(file(name));
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
  });

  it('compares strategies where no clusters are needed, and remembers the settings', async () => {
    const settings = { strategy: 'rebalance', size: { kind: 'fraction', value: 0.25 }, compare: [], seed: 7 };
    const drawn = await shownAfter(
      () => select({ settings }),
      ({ selected, points }) => selected === 100 && points.length === 2,
    );
    await enginePid();
    assert.ok(drawn.paintedPixels > 3000, `only ${drawn.paintedPixels} pixels are painted`);
    const state = (await ballast()).coresetPanel(file('train.json'));
    assert.match(state?.trial?.lead ?? '', /^Selects 100 of 400/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal((await ballast()).coresetPanel(file('train.json')), undefined);
    await shownAfter(
      () => select(),
      ({ selected }) => selected === 100,
    );
    assert.deepEqual((await ballast()).coresetPanel(file('train.json'))?.settings, { ...state?.settings });
  });

  it('writes a coreset beside the source, and never over one', async () => {
    const settings = { strategy: 'coincide', size: { kind: 'count', value: 60 }, clusters: { kind: 'number', value: 8 }, seed: 42 };
    const source = fs.readFileSync(file('train.json'));
    report = await select({ settings, apply: true });
    assert.equal(report?.selected, 60);
    assert.equal(report.output?.path, file('train.coreset.json'));
    assert.equal((JSON.parse(fs.readFileSync(file('train.coreset.json'), 'utf8')) as unknown[]).length, 60);
    const again = await select({ apply: true });
    assert.equal(again?.output?.path, file('train.coreset-2.json'));
    assert.equal(again?.selectionHash, report.selectionHash);
    assert.deepEqual(fs.readFileSync(file('train.json')), source);
    const state = (await ballast()).coresetPanel(file('train.json'));
    assert.equal(state?.result?.sentence, 'Wrote train.coreset-2.json: 60 of 400 instances, selected by COINCIDE.');
  });

  it('is listed among the runs, by what it was selected, and can be verified', async () => {
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    const rows = await (await ballast()).runRows();
    const run = rows.find(({ label }) => label === 'train.coreset-2.json');
    assert.match(run?.description ?? '', /^COINCIDE · 60 of 400 · /);
    assert.equal(run?.contextValue, 'run;output;manifest;');
    const below = await (await ballast()).runRows('train.coreset-2.json');
    assert.ok(below.some(({ label, description }) => label === 'Strategy' && description === 'COINCIDE'));
    const checks = await vscode.commands.executeCommand<VerifyReport | undefined>('ballast.verifyRun', run?.node);
    assert.equal(checks?.ok, true);
  });

  it('refuses settings that are none, with a message and nothing written', async () => {
    const before = fs.readdirSync(file('.')).sort();
    assert.equal(await select({ settings: { size: { kind: 'fraction', value: 2 } }, apply: true }), undefined);
    assert.deepEqual(fs.readdirSync(file('.')).sort(), before);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
