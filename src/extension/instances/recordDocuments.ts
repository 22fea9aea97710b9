import * as path from 'node:path';
import * as vscode from 'vscode';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';

const scheme = 'ballast-record';

/** Raw records as read-only documents, for files that the editor cannot open. The address holds all that is needed after a reload. */
export class RecordDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #engine: EngineHost;
  readonly #registration: vscode.Disposable;

  constructor(engine: EngineHost) {
    this.#engine = engine;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  /** `dataset`: path of the dataset file. */
  async show(dataset: string, instance: number): Promise<void> {
    const name = vscode.l10n.t('{0}, instance {1}', path.basename(dataset), instance);
    const uri = vscode.Uri.from({ scheme, path: `/${name}.json`, query: JSON.stringify({ dataset, instance }) });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const address = parseAddress(uri.query);
    if (address === undefined) return '';
    try {
      const request = { ...datasetRequest(vscode.Uri.file(address.dataset)), instance: address.instance };
      const record = await this.#engine.request('instance/read', request, { token });
      const n = (value: number): string => new Intl.NumberFormat(vscode.env.language).format(value);
      return record.cut ? `${record.text}\n${vscode.l10n.t('… cut; the record has {0} bytes', n(record.bytes))}` : record.text;
    } catch (error: unknown) {
      return faultSentence(error);
    }
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

/** An address can come from anywhere, a kept tab of another version included. */
function parseAddress(query: string): { readonly dataset: string; readonly instance: number } | undefined {
  try {
    const value: unknown = JSON.parse(query);
    if (typeof value !== 'object' || value === null || !('dataset' in value) || !('instance' in value)) return undefined;
    const { dataset, instance } = value;
    return typeof dataset === 'string' && typeof instance === 'number' ? { dataset, instance } : undefined;
  } catch {
    return undefined;
  }
}
