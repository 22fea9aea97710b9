import * as vscode from 'vscode';
import { askSteadily } from '../askSteadily.ts';

/** Folder that a sample is written into, below the one that the user chooses. */
const sampleName = 'ballast-sample';
const datasetName = 'train.json';

/** Copies the generated sample, with its pictures, into a new folder below `parent`; what is there already is never touched. Gives the dataset. */
export async function writeSample(extensionUri: vscode.Uri, parent: vscode.Uri): Promise<vscode.Uri> {
  const folder = await freeFolder(parent);
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'dist', 'sample'), folder, { overwrite: false });
  return vscode.Uri.joinPath(folder, datasetName);
}

/** Where the sample goes; undefined when the user dismisses the question. */
export async function pickSampleParent(): Promise<vscode.Uri | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length === 0) return askFolder();
  const items = [
    ...folders.map(({ name, uri }) => ({ label: vscode.l10n.t('{0} in {1}', sampleName, name), description: uri.fsPath, uri })),
    { label: vscode.l10n.t('Another Folder…'), description: '', uri: undefined },
  ];
  const placeHolder = vscode.l10n.t('Where should the sample go? It has 400 instances, with pictures less than 1 MB.');
  const picked = await askSteadily(() =>
    vscode.window.showQuickPick(items, { title: vscode.l10n.t('Create a Sample Dataset'), placeHolder }),
  );
  return picked === undefined ? undefined : (picked.uri ?? askFolder());
}

async function askFolder(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Folder for the sample dataset'),
    openLabel: vscode.l10n.t('Create Here'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0];
}

async function freeFolder(parent: vscode.Uri): Promise<vscode.Uri> {
  for (let i = 1; ; i++) {
    const folder = vscode.Uri.joinPath(parent, i === 1 ? sampleName : `${sampleName}-${i}`);
    if (!(await exists(folder))) return folder;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error: unknown) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}
