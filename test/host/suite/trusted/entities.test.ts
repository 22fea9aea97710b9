import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { ballast, enginePid, file, nextState, until } from '../ballast.ts';

describe('view Entities', () => {
  before(() => vscode.commands.executeCommand('workbench.view.extension.ballast'));

  it('shows four perspectives from head to tail, with counts and shares', async () => {
    await choose('train.json');
    const api = await ballast();
    const labels = (await api.entityRows()).map((row) => row.label);
    assert.deepEqual(labels, ['Token', 'Object', 'Cooccurrence', 'Interrogation']);
    for (const label of labels) {
      const rows = (await api.entityRows(label)).filter((row) => row.contextValue === 'entity');
      assert.ok(rows.length > 3, `${label}: ${rows.length} rows`);
      const counts = rows.map((row) => Number(/^([\d,]+) · [\d.]+%/.exec(row.description)?.[1]?.replaceAll(',', '')));
      assert.deepEqual(
        counts,
        [...counts].sort((a, b) => b - a),
        `${label} is not in order`,
      );
      assert.ok((counts[0] ?? 0) <= 400 && (counts.at(-1) ?? 0) >= 1, `${label}: ${counts[0]} to ${counts.at(-1)}`);
    }
    await enginePid();
    const tokens = await api.entityRows();
    assert.match(tokens[0]?.description ?? '', /^[\d,]+ entities, τ = [\d.]+$/);
  });

  it('pages by 200', async () => {
    const api = await ballast();
    const first = await api.entityRows('Cooccurrence');
    assert.equal(first.length, 201);
    const more = first.at(-1);
    assert.deepEqual([more?.label, more?.contextValue], ['Show more', 'more']);
    const total = Number(/^200 of ([\d,]+)$/.exec(more?.description ?? '')?.[1]?.replaceAll(',', ''));
    await vscode.commands.executeCommand('ballast.views.entities.showMore', more?.node);
    const second = await api.entityRows('Cooccurrence');
    assert.equal(second.filter((row) => row.contextValue === 'entity').length, Math.min(400, total));
    assert.deepEqual(
      second.slice(0, 200).map((row) => row.label),
      first.slice(0, 200).map((row) => row.label),
    );
  });

  it('marks tail and scarce entities in words, by the threshold that it shows', async () => {
    const api = await ballast();
    const tops = await api.entityRows();
    const seen = new Set<string>();
    for (const top of tops) {
      const tau = Number(/τ = ([\d,.]+)$/.exec(top.description)?.[1]?.replaceAll(',', ''));
      for (const row of await api.entityRows(top.label)) {
        const [, count = '', mark = 'head'] = /^([\d,]+) · [\d.]+%(?: · (\w+))?$/.exec(row.description) ?? [];
        if (row.contextValue !== 'entity') continue;
        const frequency = Number(count.replaceAll(',', ''));
        assert.equal(mark, frequency > tau ? 'head' : frequency === tau ? 'tail' : 'scarce', `${row.label}: ${row.description}, τ ${tau}`);
        seen.add(mark);
      }
    }
    assert.deepEqual([...seen].sort(), ['head', 'scarce', 'tail']);
  });

  it('searches all perspectives and shows all again', async () => {
    const api = await ballast();
    await vscode.commands.executeCommand('ballast.views.entities.search', ' AN ');
    const found = await api.entityRows('Token');
    assert.ok(found.length > 0 && found.every((row) => row.label.toLowerCase().includes('an')), found.map((row) => row.label).join());
    assert.match((await api.entityRows())[0]?.description ?? '', /^[\d,]+ of [\d,]+ entities match$/);
    await vscode.commands.executeCommand('ballast.views.entities.search', 'no such entity');
    assert.deepEqual(
      (await api.entityRows('Token')).map((row) => [row.contextValue, row.label]),
      [['note', 'No entity holds "no such entity".']],
    );
    await vscode.commands.executeCommand('ballast.views.entities.clearSearch');
    assert.ok((await api.entityRows('Token')).length > found.length);
  });

  it('opens an instance at its bytes in the source', async () => {
    const [entity] = await (await ballast()).entityRows('Token');
    const records = JSON.parse(fs.readFileSync(file('train.json'), 'utf8')) as unknown[];
    for (const ordinal of [0, 123, 399]) {
      await vscode.commands.executeCommand('ballast.showInstances', entity?.node, { ordinal });
      const editor = vscode.window.activeTextEditor;
      assert.equal(editor?.document.uri.fsPath, file('train.json'));
      assert.deepEqual(JSON.parse(editor.document.getText(editor.selection)), records[ordinal]);
    }
  });

  it('follows its dataset: new bytes are read again, a deleted file is let go', async () => {
    const api = await ballast();
    const refresh = (): Thenable<unknown> => vscode.commands.executeCommand('ballast.views.datasets.refresh');
    const lines = fs.readFileSync(file('annotations/chat.jsonl'), 'utf8').trim().split('\n');
    const write = (count: number): void => fs.writeFileSync(file('zz-entities.jsonl'), `${lines.slice(0, count).join('\n')}\n`);
    write(20);
    await refresh();
    await choose('zz-entities.jsonl');
    assert.match((await api.entityRows('Token'))[0]?.tooltip ?? '', / of 20 instances /);
    write(30);
    await refresh();
    assert.match((await api.entityRows('Token'))[0]?.tooltip ?? '', / of 30 instances /);
    fs.rmSync(file('zz-entities.jsonl'));
    await refresh();
    assert.deepEqual(await api.entityRows(), []);
  });

  it('cancels the first extraction, and goes on when asked to', async () => {
    const api = await ballast();
    await choose('big.jsonl');
    const rows = api.entityRows('Token');
    const busy = await nextState((state) => state.kind === 'busy' && state.progress !== undefined);
    assert.equal(busy.kind === 'busy' && path.basename(busy.job?.dataset ?? ''), 'big.jsonl');
    const cancelled = performance.now();
    await vscode.commands.executeCommand('ballast.views.entities.cancel');
    const [note] = await rows;
    const ms = performance.now() - cancelled;
    console.log(`cancel of an extraction answered in ${ms.toFixed(0)} ms`);
    assert.ok(ms < 2000, `${ms} ms`);
    assert.deepEqual([note?.contextValue, note?.label], ['note', 'Cancelled. Choose this row to go on.']);
    // The view itself may have asked a moment later.
    const cancelAgain = async (): Promise<string> => {
      await vscode.commands.executeCommand('ballast.views.entities.cancel');
      return api.engineState().kind;
    };
    const free = await until(cancelAgain, (kind) => kind === 'ready', 60_000);
    assert.equal(free, 'ready');
    await choose('train.json');
    assert.ok((await api.entityRows('Token')).length > 3);
  });

  it('shows the raw record where the editor cannot open the file', async () => {
    await choose('table.parquet');
    const [entity] = await (await ballast()).entityRows('Token');
    await vscode.commands.executeCommand('ballast.showInstances', entity?.node, { ordinal: 7 });
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'ballast-record');
    const lines = fs.readFileSync(file('annotations/chat.jsonl'), 'utf8').split('\n');
    const source = JSON.parse(lines[7] ?? '') as { id: unknown; conversations: unknown };
    const record = JSON.parse(document.getText()) as { id: unknown; conversations: unknown };
    assert.deepEqual([record.id, record.conversations], [String(source.id), source.conversations]);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await choose('train.json');
  });
});

async function choose(dataset: string): Promise<void> {
  const row = (await (await ballast()).datasetRows()).find((each) => each.label === dataset);
  assert.ok(row, `${dataset} is not listed`);
  await vscode.commands.executeCommand('ballast.views.entities.chooseDataset', row.node);
}
