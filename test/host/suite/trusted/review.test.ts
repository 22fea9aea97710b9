import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { DrawnReview } from '../../../../src/protocol/reviewPage.ts';
import type { SynthesizeReport } from '../../../../src/protocol/synthesis.ts';
import { ballast, enginePid, file, until } from '../ballast.ts';

type Drawn = DrawnReview & { readonly staging: string };

const staging = (): string => file('out/.ballast/staging');
const review = (target?: unknown): Thenable<void> => vscode.commands.executeCommand('ballast.reviewSynthesis', target);
const tabs = (): readonly string[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));

/** What the page shows after `work`, as soon as it is as wanted. */
async function shownAfter(work: () => Thenable<unknown>, wanted: (drawn: Drawn) => boolean): Promise<Drawn> {
  const api = await ballast();
  let last: Drawn | undefined;
  const listener = api.onDidShowReview((drawn) => {
    last = drawn;
  });
  try {
    await work();
    const drawn = await until(
      () => last,
      (now) => now !== undefined && wanted(now),
      60_000,
    );
    assert.ok(drawn !== undefined && wanted(drawn), `the page shows ${JSON.stringify(drawn)}`);
    return drawn;
  } finally {
    listener.dispose();
  }
}

describe('Review Synthetic Instances', () => {
  before(async () => {
    const settings = { method: 'augment', amount: { kind: 'count', value: 6 }, wantAtLeast: 6, seed: 5 };
    const report = await vscode.commands.executeCommand<SynthesizeReport | undefined>(
      'ballast.synthesizeTail',
      vscode.Uri.file(file('out/tail.json')),
      undefined,
      { settings, make: true },
    );
    await enginePid();
    assert.equal(report?.staging, staging());
    assert.ok((report?.made ?? 0) > 1, `made ${JSON.stringify(report)}`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fs.rmSync(staging(), { recursive: true, force: true });
    await vscode.commands.executeCommand('ballast.views.synthesis.refresh');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('opens on the folder, on a file in it, and on what names it, once', async () => {
    const drawn = await shownAfter(
      () => review({ staging: staging() }),
      ({ view, status }) => view === 'single' && status !== null,
    );
    assert.equal(drawn.staging, staging());
    assert.ok(drawn.position >= 1 && drawn.total === drawn.counts.made, JSON.stringify(drawn));
    await review(vscode.Uri.file(path.join(staging(), 'staging.json')));
    await review(vscode.Uri.file(staging()));
    await review(staging());
    assert.deepEqual(
      tabs().filter((label) => label.startsWith('Review')),
      ['Review: tail.json'],
    );
  });

  it('shows what another process decides, without being asked', async () => {
    const journal = path.join(staging(), 'journal.jsonl');
    const lines = fs.readFileSync(journal, 'utf8').trim().split('\n');
    const made = lines
      .map((line) => JSON.parse(line) as { event: string; candidate?: { id: string } })
      .filter(({ event }) => event === 'made');
    const id = made.at(-1)?.candidate?.id;
    assert.ok(id);
    const event = {
      event: 'decided',
      number: 1,
      ids: [id],
      status: 'rejected',
      reason: 'elsewhere',
      by: 'person',
      at: '2026-01-01T00:00:00Z',
    };
    await shownAfter(
      async () => fs.appendFileSync(journal, `${JSON.stringify(event)}\n`),
      ({ counts }) => counts.rejected > 0,
    );
  });

  it('follows a synthesis while it writes, not only when it rests', async () => {
    const journal = path.join(staging(), 'journal.jsonl');
    const made =
      fs
        .readFileSync(journal, 'utf8')
        .split('\n')
        .find((line) => line.includes('"event":"made"')) ?? '';
    const id = /"id":"([0-9a-f]{16})"/.exec(made)?.[1] ?? '';
    const before = fs.readFileSync(journal, 'utf8').split('"event":"made"').length - 1;
    let written = 0;
    const writing = setInterval(() => {
      const next = (0xabc000 + written++).toString(16).padStart(16, '0');
      fs.appendFileSync(journal, `${made.replace(id, next)}\n`);
    }, 100);
    try {
      const drawn = await shownAfter(
        () => Promise.resolve(),
        ({ counts }) => counts.made > before,
      );
      assert.ok(drawn.counts.made > before);
    } finally {
      clearInterval(writing);
    }
  });

  it('is there again when its tab is closed and opened', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const drawn = await shownAfter(
      () => review({ staging: staging() }),
      ({ view, status }) => view === 'single' && status !== null,
    );
    assert.ok(drawn.counts.rejected > 0);
  });

  it('says that a folder is no staging folder and opens nothing', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await review(file('annotations'));
    assert.deepEqual(tabs(), []);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
