import * as vscode from 'vscode';
import { type DatasetFile, readSample } from './readSample.ts';

const include = '**/*.{json,jsonl,parquet}';
const exclude = '**/{node_modules,.git,.ballast,.vscode,.vscode-test,.venv,venv,__pycache__,dist,out}/**';
/** A folder of annotation files can hold hundreds of thousands; the view stays useful with the first ones. */
const candidateLimit = 2000;
const parallelReads = 16;

/** Datasets of the workspace in order of their paths. Never reads a whole local file. */
export async function findDatasets(token: vscode.CancellationToken): Promise<readonly DatasetFile[]> {
  const candidates = await vscode.workspace.findFiles(include, exclude, candidateLimit, token);
  const found: DatasetFile[] = [];
  let next = 0;
  const readNext = async (): Promise<void> => {
    while (next < candidates.length && !token.isCancellationRequested) {
      const uri = candidates[next++];
      const dataset = uri && (await readSample(uri));
      if (dataset) found.push(dataset);
    }
  };
  await Promise.all(Array.from({ length: parallelReads }, readNext));
  return found.sort((a, b) => (a.uri.path < b.uri.path ? -1 : a.uri.path > b.uri.path ? 1 : 0));
}
