import { createReadStream } from 'node:fs';
import * as vscode from 'vscode';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { isOpenable } from '../datasets/openable.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { bytePositions } from './bytePositions.ts';
import type { RecordDocuments } from './recordDocuments.ts';

export interface OpenInstanceDeps {
  readonly engine: EngineHost;
  readonly records: RecordDocuments;
}

/** Shows an instance: its bytes selected in the source where the editor can open that, else the raw record on its own. */
export async function openInstance({ engine, records }: OpenInstanceDeps, dataset: string, instance: number): Promise<void> {
  const { file, fileBytes, range } = await engine.request('instance/read', {
    ...datasetRequest(vscode.Uri.file(dataset)),
    instance,
    limitBytes: 1,
  });
  if (range === null || !isOpenable(file, fileBytes)) return records.show(dataset, instance);
  const offsets = [range.byteStart, range.byteEnd];
  const positions = await bytePositions(createReadStream(file), offsets);
  const [start, end] = offsets.map((offset) => {
    const at = positions.get(offset);
    return new vscode.Position(at?.line ?? 0, at?.character ?? 0);
  });
  if (start === undefined || end === undefined) return;
  // Start as the active end: the editor scrolls to it, whatever the record's length.
  const selection = new vscode.Selection(end, start);
  const editor = await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
  editor.selection = selection;
  editor.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
