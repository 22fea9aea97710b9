import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { InspectReport } from '../../protocol/dataset.ts';
import { bytePositions } from '../instances/bytePositions.ts';
import { collectDiagnostics, type ProblemEntry } from './collectDiagnostics.ts';
import { isOpenable } from './openable.ts';
import type { DatasetFile } from './readSample.ts';

interface Shown {
  readonly file: DatasetFile;
  /** By file URI: a mixture's problems lie in its parts. */
  readonly diagnostics: ReadonlyMap<string, readonly vscode.Diagnostic[]>;
}

const severities: Readonly<Record<ProblemEntry['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** Problems of inspected datasets in the Problems panel, for files that the editor can open. */
export class ProblemDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('ballast');
  readonly #shown = new Map<string, Shown>();

  /** Replaces what is shown of a dataset. */
  async show(file: DatasetFile, report: InspectReport): Promise<void> {
    const key = file.uri.toString();
    const entry: { file: DatasetFile; diagnostics: Shown['diagnostics'] } = { file, diagnostics: new Map() };
    this.#replace(key, entry);
    const diagnostics = new Map<string, readonly vscode.Diagnostic[]>();
    for (const [path, problems] of collectDiagnostics(report, vscode.l10n.t, vscode.env.language)) {
      const stats = await stat(path).catch(() => undefined);
      if (stats === undefined || !isOpenable(path, stats.size)) continue;
      const uri = report.dataset.path === path ? file.uri : vscode.Uri.file(path);
      diagnostics.set(uri.toString(), await placed(path, problems));
    }
    // The dataset may have gone, or been inspected again, while its lines were counted.
    if (this.#shown.get(key) === entry) this.#replace(key, { file, diagnostics });
  }

  /** Clears the datasets that are not among these, or are other bytes by now. */
  keepOnly(files: readonly DatasetFile[]): void {
    const now = new Map(files.map((file) => [file.uri.toString(), file]));
    for (const [key, { file }] of [...this.#shown]) {
      const same = now.get(key);
      if (same?.bytes !== file.bytes || same.modifiedMs !== file.modifiedMs) this.#replace(key, undefined);
    }
  }

  /** Clears what is shown in a file, whichever datasets found it: the file is gone or its text is another one now. */
  forget(uri: vscode.Uri): void {
    const key = uri.toString();
    for (const [dataset, { file, diagnostics }] of [...this.#shown]) {
      if (dataset === key) this.#replace(dataset, undefined);
      else if (diagnostics.has(key))
        this.#replace(dataset, { file, diagnostics: new Map([...diagnostics].filter(([other]) => other !== key)) });
    }
  }

  dispose(): void {
    this.#collection.dispose();
  }

  #replace(key: string, shown: Shown | undefined): void {
    const before = this.#shown.get(key);
    if (shown === undefined) this.#shown.delete(key);
    else this.#shown.set(key, shown);
    const uris = new Set([...(before?.diagnostics.keys() ?? []), ...(shown?.diagnostics.keys() ?? [])]);
    for (const uri of uris) this.#publish(uri);
  }

  /** A file can be a dataset of its own and a part of mixtures: each problem is shown once. */
  #publish(uri: string): void {
    const unique = new Map<string, vscode.Diagnostic>();
    for (const { diagnostics } of this.#shown.values())
      for (const one of diagnostics.get(uri) ?? []) {
        const { start, end } = one.range;
        unique.set([one.code, start.line, start.character, end.line, end.character].join(), one);
      }
    this.#collection.set(vscode.Uri.parse(uri), [...unique.values()]);
  }
}

async function placed(path: string, problems: readonly ProblemEntry[]): Promise<readonly vscode.Diagnostic[]> {
  const offsets = problems.flatMap(({ byteStart, byteEnd }) => [byteStart, byteEnd]);
  const positions = await bytePositions(createReadStream(path), offsets);
  const at = (offset: number): vscode.Position => {
    const position = positions.get(offset);
    return new vscode.Position(position?.line ?? 0, position?.character ?? 0);
  };
  return problems.map(({ code, severity, message, byteStart, byteEnd }) => {
    const diagnostic = new vscode.Diagnostic(new vscode.Range(at(byteStart), at(byteEnd)), message, severities[severity]);
    diagnostic.source = 'Ballast';
    if (code !== undefined) diagnostic.code = code;
    return diagnostic;
  });
}
