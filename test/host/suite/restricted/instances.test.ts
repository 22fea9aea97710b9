import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ballast, file } from '../ballast.ts';
import { shownAfter } from '../shownInstances.ts';

describe('Browse Instances in restricted mode', () => {
  it('shows the first records without the engine, and says why', async () => {
    const uri = vscode.Uri.file(file('train.json'));
    const shown = await shownAfter(
      () => vscode.commands.executeCommand('ballast.browseInstances', uri, { ordinal: 3 }),
      ({ matches }) => matches > 0,
    );
    assert.deepEqual([shown.matches, shown.first, shown.indexed], [100, 0, false]);
    assert.match(shown.message, /^Restricted Mode: the engine is off\./);
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('says that Parquet needs the engine', async () => {
    const uri = vscode.Uri.file(file('annotations/table.parquet'));
    const shown = await shownAfter(
      () => vscode.commands.executeCommand('ballast.browseInstances', uri),
      ({ message }) => message.includes('Parquet'),
    );
    assert.equal(shown.matches, 0);
    assert.deepEqual((await ballast()).engineState(), { kind: 'stopped' });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
