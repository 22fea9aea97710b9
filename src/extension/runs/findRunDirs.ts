import * as path from 'node:path';
import * as vscode from 'vscode';

export const runRecordPattern = '**/.ballast/runs/*.run.json';
const exclude = '**/{node_modules,.git}/**';
/** More records than anyone reads in a tree; the folders of those found are listed whole. */
const recordLimit = 5000;

/** Run folders of the workspace that hold finished runs, in order of their paths. */
export async function findRunDirs(token: vscode.CancellationToken): Promise<readonly string[]> {
  const records = await vscode.workspace.findFiles(runRecordPattern, exclude, recordLimit, token);
  const folders = records.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => path.dirname(path.dirname(fsPath)));
  return [...new Set(folders)].sort();
}
