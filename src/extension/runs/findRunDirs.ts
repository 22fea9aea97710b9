import * as path from 'node:path';
import * as vscode from 'vscode';
import { readDatasetSettings } from '../settings.ts';

export const runRecordPattern = '**/.ballast/runs/*.run.json';
const exclude = '**/{node_modules,.git}/**';
/** More records than anyone reads in a tree; the folders of those found are listed whole. */
const recordLimit = 5000;

/** Run folders of the workspace that hold finished runs, and those that the settings name, in order of their paths. */
export async function findRunDirs(token: vscode.CancellationToken): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    if (uri.scheme !== 'file') continue; // the engine reads files of this machine, and `findFiles` may wait for ever elsewhere
    const records = await vscode.workspace.findFiles(new vscode.RelativePattern(uri, runRecordPattern), exclude, recordLimit, token);
    for (const { fsPath } of records) found.add(path.dirname(path.dirname(fsPath)));
    const { runFolder } = readDatasetSettings(uri);
    if (runFolder !== undefined) found.add(path.resolve(uri.fsPath, runFolder));
  }
  return [...found].sort();
}
