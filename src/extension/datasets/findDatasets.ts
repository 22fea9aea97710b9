import * as vscode from 'vscode';
import { isCandidateName } from './detectDataset.ts';
import { type DatasetFile, readSample } from './readSample.ts';
import { walkFolder } from './walkFolder.ts';

const include = '**/*.{json,jsonl,parquet}';
const skippedFolders = ['node_modules', '.git', '.ballast', '.vscode', '.vscode-test', '.venv', 'venv', '__pycache__', 'dist', 'out'];
const exclude = `**/{${skippedFolders.join()}}/**`;
/** A folder of annotation files can hold hundreds of thousands; the view stays useful with the first ones. */
const candidateLimit = 2000;
/** Each folder that is listed is a request of its own, in a virtual file system perhaps over a network. */
const listedFolderLimit = 200;
const parallelReads = 16;

/** Datasets of the workspace in order of its folders and their paths. Never reads a whole local file. */
export async function findDatasets(token: vscode.CancellationToken): Promise<readonly DatasetFile[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const candidates = new Map<string, vscode.Uri>();
  for (const folder of folders)
    for (const uri of await candidatesIn(folder, token)) if (candidates.size < candidateLimit) candidates.set(uri.toString(), uri);
  const waiting = [...candidates.values()];
  const found: DatasetFile[] = [];
  let next = 0;
  const readNext = async (): Promise<void> => {
    while (next < waiting.length && !token.isCancellationRequested) {
      const uri = waiting[next++];
      const dataset = uri && (await readSample(uri));
      if (dataset) found.push(dataset);
    }
  };
  await Promise.all(Array.from({ length: parallelReads }, readNext));
  return inOrder(found);
}

/** Whether a changed file is one that `findDatasets` would look at. */
export function isSearched(uri: vscode.Uri): boolean {
  return isCandidateName(uri.path.split('/').pop() ?? '') && !isSkipped(uri);
}

/** Whether a file or folder lies where `findDatasets` never looks. */
export function isSkipped(uri: vscode.Uri): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder === undefined) return true;
  return uri.path
    .slice(folder.uri.path.length)
    .split('/')
    .some((step) => skippedFolders.includes(step));
}

/** By workspace folder, then by path. */
export function inOrder(files: readonly DatasetFile[]): readonly DatasetFile[] {
  const place = ({ uri }: DatasetFile): number => vscode.workspace.getWorkspaceFolder(uri)?.index ?? Number.MAX_SAFE_INTEGER;
  return [...files].sort((a, b) => place(a) - place(b) || (a.uri.path < b.uri.path ? -1 : a.uri.path > b.uri.path ? 1 : 0));
}

/** `findFiles` waits for ever on a file system that has no search of its own, so virtual folders are walked. */
function candidatesIn({ uri }: vscode.WorkspaceFolder, token: vscode.CancellationToken): Thenable<readonly vscode.Uri[]> {
  if (uri.scheme === 'file') return vscode.workspace.findFiles(new vscode.RelativePattern(uri, include), exclude, candidateLimit, token);
  return candidatesBelow(uri, () => token.isCancellationRequested);
}

/** Candidates in a folder of any file system, found by listing it; a folder that goes away meanwhile holds none. */
export function candidatesBelow(folder: vscode.Uri, isCancelled: () => boolean = () => false): Promise<readonly vscode.Uri[]> {
  return walkFolder(folder, {
    list: (one) => vscode.workspace.fs.readDirectory(one),
    isWanted: isCandidateName,
    isSkipped: (name) => skippedFolders.includes(name),
    join: (one, name) => vscode.Uri.joinPath(one, name),
    isCancelled,
    folderLimit: listedFolderLimit,
    fileLimit: candidateLimit,
  });
}
