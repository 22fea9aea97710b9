import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { DrawnDiff } from '../../../../src/protocol/diffPage.ts';
import { ballast, enginePid, file, rebalance, until } from '../ballast.ts';

describe('Compare Datasets', () => {
  let output: string;
  let kept: number;

  before(async () => {
    const outcome = await rebalance('train.json', { setting: { kind: 'percent', value: 45 } });
    assert.ok(outcome?.report.output, 'no result to compare with');
    output = outcome.report.output.path;
    kept = outcome.report.kept;
    await enginePid();
  });

  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('shows what a result has lost against its source', async () => {
    const drawn = await comparison(() => compare(file('train.json'), output));
    assert.deepEqual([drawn.common, drawn.removed, drawn.added, drawn.changed], [kept, 400 - kept, 0, 0]);
    assert.deepEqual(
      drawn.charts.map((chart) => chart.perspective),
      ['token', 'object', 'cooccurrence', 'interrogation'],
    );
    for (const chart of drawn.charts) {
      assert.ok(Math.min(...chart.points) > 0, `${chart.perspective}: points ${chart.points.join()}`);
      assert.ok(chart.paintedPixels > 500, `${chart.perspective}: ${chart.paintedPixels} pixels`);
    }
    assert.deepEqual(tabLabels(), [title('train.json', path.basename(output))]);
  });

  it('puts the source first when both were selected, whichever was clicked', async () => {
    const [source, result] = [vscode.Uri.file(file('train.json')), vscode.Uri.file(output)];
    await comparison(() => vscode.commands.executeCommand('ballast.compareDatasets', result, [result, source]));
    assert.deepEqual(tabLabels(), [title('train.json', path.basename(output))]);
  });

  it('opens a pair once, and draws it again after it was hidden', async () => {
    await comparison(() => compare(file('train.json'), output));
    await vscode.window.showTextDocument(vscode.Uri.file(file('annotations/chat.jsonl')), { preview: false });
    const drawn = await comparison(() => compare(file('train.json'), output));
    assert.equal(drawn.common, kept);
    assert.equal(tabLabels().length, 2);
  });

  it('compares a run with its source', async () => {
    await vscode.commands.executeCommand('ballast.views.runs.refresh');
    const run = (await (await ballast()).runRows()).find((row) => row.label === path.basename(output));
    assert.ok(run, `${output} is not listed`);
    const drawn = await comparison(() => vscode.commands.executeCommand('ballast.compareRun', run.node));
    assert.equal(drawn.removed, 400 - kept);
  });

  it('finds the instance that was edited, and compares anew when the file changes', async () => {
    const edited = file('zz-edited.json');
    const records = JSON.parse(fs.readFileSync(file('train.json'), 'utf8')) as { conversations: { value: string }[] }[];
    const turn = records[7]?.conversations.at(-1);
    assert.ok(turn);
    turn.value += ' Or so it seems.';
    fs.writeFileSync(edited, JSON.stringify(records.slice(0, 390)));
    try {
      const drawn = await comparison(() => compare(file('train.json'), edited));
      assert.deepEqual([drawn.common, drawn.removed, drawn.added, drawn.changed], [389, 11, 1, 1]);
      fs.writeFileSync(edited, JSON.stringify(records.slice(0, 380)));
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      const again = await comparison(() => compare(file('train.json'), edited));
      assert.deepEqual([again.common, again.removed, again.added], [379, 21, 1]);
    } finally {
      fs.rmSync(edited);
    }
  });

  it('opens nothing for one dataset twice, and nothing for too many', async () => {
    await compare(file('train.json'), file('train.json'));
    const three = ['train.json', 'big.jsonl', 'annotations/chat.jsonl'].map((name) => vscode.Uri.file(file(name)));
    await vscode.commands.executeCommand('ballast.compareDatasets', three[0], three);
    assert.deepEqual(tabLabels(), []);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});

function compare(a: string, b: string): Thenable<unknown> {
  return vscode.commands.executeCommand('ballast.compareDatasets', vscode.Uri.file(a), vscode.Uri.file(b));
}

/** What the page draws because of `open`. */
async function comparison(open: () => Thenable<unknown>): Promise<DrawnDiff> {
  let drawn: DrawnDiff | undefined;
  const listener = (await ballast()).onDidShowComparison((shown) => {
    drawn = shown;
  });
  try {
    await open();
    await until(
      () => drawn,
      (shown) => shown !== undefined,
      60_000,
    );
  } finally {
    listener.dispose();
  }
  assert.ok(drawn, 'the page drew nothing');
  return drawn;
}

function title(a: string, b: string): string {
  return `${a} ↔ ${b}`;
}

function tabLabels(): string[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));
}
