import * as path from 'node:path';
import * as vscode from 'vscode';
import { askSteadily } from '../askSteadily.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { targetUri } from '../datasets/targetUri.ts';
import { localPath } from '../engine/engineHost.ts';
import { plainPickText, plainText } from '../plainText.ts';
import { exists } from '../selection/outputPath.ts';
import type { DatasetPair } from './datasetPair.ts';

/**
 * The two datasets that a command is about: two arguments in their order; two selected ones, of which a result (with its manifest beside
 * it) comes second; what is missing is asked for. Undefined when the choice is dismissed or makes no pair, which is then said.
 */
export async function pickPair(
  first: unknown,
  second: unknown,
  datasets: () => Promise<readonly DatasetFile[]>,
): Promise<DatasetPair | undefined> {
  const selected = Array.isArray(second) ? second.map(targetUri).filter((uri) => uri !== undefined) : [];
  if (selected.length > 2) {
    void vscode.window.showWarningMessage(vscode.l10n.t('Select two datasets to compare; {0} are selected.', selected.length));
    return undefined;
  }
  const [one, other] = selected.length === 2 ? selected : [targetUri(first), targetUri(second)];
  if (one !== undefined && other !== undefined) return distinct(one, other, selected.length === 0);
  const known = one ?? other ?? (await pickOne(vscode.l10n.t('First dataset (A)'), undefined, datasets));
  if (known === undefined) return undefined;
  const name = plainText(path.posix.basename(known.path), 60);
  const partner = await pickOne(vscode.l10n.t('Dataset to compare {0} with', name), known, datasets);
  return partner === undefined ? undefined : distinct(known, partner, false);
}

async function distinct(one: vscode.Uri, other: vscode.Uri, isOrdered: boolean): Promise<DatasetPair | undefined> {
  const [a, b] = [localPath(one), localPath(other)];
  if (path.relative(a, b) === '') {
    const name = plainText(path.basename(a), 60);
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} was chosen twice. Choose two different datasets.', name));
    return undefined;
  }
  const isResult = (file: string): Promise<boolean> => exists(`${file}.manifest.json`);
  return !isOrdered && (await isResult(a)) && !(await isResult(b)) ? { a: b, b: a } : { a, b };
}

/** Folder of a file below the workspace folder; empty right in it. */
function folderOf(uri: vscode.Uri): string {
  const folder = path.posix.dirname(vscode.workspace.asRelativePath(uri));
  return folder === '.' ? '' : folder;
}

/** One of the workspace's datasets but `not`, or any other file. */
async function pickOne(
  title: string,
  not: vscode.Uri | undefined,
  datasets: () => Promise<readonly DatasetFile[]>,
): Promise<vscode.Uri | undefined> {
  const known = (await datasets()).filter(({ uri }) => uri.toString() !== not?.toString());
  const items: (vscode.QuickPickItem & { readonly uri?: vscode.Uri })[] = known.map(({ uri }) => ({
    label: plainPickText(path.posix.basename(uri.path)),
    description: plainPickText(folderOf(uri)),
    uri,
  }));
  if (items.length > 0) {
    items.push({ label: '', kind: vscode.QuickPickItemKind.Separator }, { label: vscode.l10n.t('Choose a File…'), alwaysShow: true });
    const picked = await askSteadily(() =>
      vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Choose a dataset'), matchOnDescription: true }),
    );
    if (picked === undefined || picked.uri !== undefined) return picked?.uri;
  }
  const opened = await vscode.window.showOpenDialog({
    title,
    openLabel: vscode.l10n.t('Compare'),
    filters: { [vscode.l10n.t('Datasets')]: ['json', 'jsonl', 'parquet'] },
  });
  return opened?.[0];
}
