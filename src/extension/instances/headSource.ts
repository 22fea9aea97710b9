import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { FirstRows } from '../../protocol/browse.ts';
import type { DetailView } from '../../protocol/instancesPage.ts';
import { problemLabel } from '../datasets/problemLabels.ts';
import { type HeadInstance, headInstance } from './headInstance.ts';
import { headRecords } from './headRecords.ts';

/** How much of a file is read without the engine; other file systems give whole files only, so a larger file there is not read. */
const headBytes = 2 * 1024 * 1024;

/** The first records of a dataset, read by the host itself: for untrusted workspaces and for file systems that the engine cannot read. */
export class HeadSource {
  readonly #uri: vscode.Uri;
  #instances: readonly HeadInstance[] = [];

  constructor(uri: vscode.Uri) {
    this.#uri = uri;
  }

  /** Throws an error with a localised sentence when the file cannot be read like this. */
  async first(limit: number): Promise<FirstRows> {
    const file = this.#uri.path;
    if (/\.parquet$/i.test(file)) throw new Error(vscode.l10n.t('Parquet files are read by the engine only.'));
    const { size } = await vscode.workspace.fs.stat(this.#uri);
    const head = new TextDecoder().decode(await this.#head(size));
    const records = headRecords(head, limit);
    this.#instances = records.map((record, ordinal) => headInstance(record, ordinal, file));
    return {
      format: head.trimStart().startsWith('[') ? 'json' : 'jsonl',
      variant: 'unknown',
      bytes: size,
      rows: this.#instances.map(({ row }) => row),
      complete: size <= headBytes && records.length < limit,
    };
  }

  /** Throws an error with a localised sentence for an instance that was not read. */
  detail(instance: number): DetailView {
    const found = this.#instances[instance];
    if (found === undefined) throw new Error(vscode.l10n.t('Only the first records can be shown without the engine.'));
    const problems = found.row.problems.map((code) => ({ label: problemLabel(code, vscode.l10n.t), place: '', message: '' }));
    return { detail: found.detail, problems, cluster: null, override: null };
  }

  async #head(size: number): Promise<Uint8Array> {
    if (this.#uri.scheme !== 'file') {
      if (size > headBytes) throw new Error(vscode.l10n.t('The file is too large to be read without the engine.'));
      return vscode.workspace.fs.readFile(this.#uri);
    }
    const file = await open(this.#uri.fsPath, 'r');
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(Math.min(size, headBytes)), 0, Math.min(size, headBytes), 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}
