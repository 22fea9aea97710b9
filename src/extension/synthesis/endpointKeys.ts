import * as vscode from 'vscode';
import { plainText } from '../plainText.ts';
import { keyVariable, originOf } from './synthesizeRequest.ts';

const secretPrefix = 'ballast.key:';
/** Origins that have a key; the store itself cannot be listed. */
const originsKey = 'synthesis.keyOrigins';
/** API keys of endpoints, one per origin, in the editor's secret storage. A key leaves this class only towards the engine. */
export class EndpointKeys implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(secrets: vscode.SecretStorage, memory: vscode.Memento) {
    this.#secrets = secrets;
    this.#memory = memory;
  }

  /** Origins that a key is stored for. */
  get origins(): readonly string[] {
    const stored = this.#memory.get<unknown>(originsKey);
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : [];
  }

  /** Where the key of an endpoint comes from; a stored one wins. */
  standing(origin: string): 'stored' | 'environment' | 'none' {
    if (this.origins.includes(origin)) return 'stored';
    return (process.env[keyVariable] ?? '') === '' ? 'none' : 'environment';
  }

  /** Undefined when none is stored. Never log it, never show it. */
  async keyOf(origin: string | undefined): Promise<string | undefined> {
    return origin === undefined ? undefined : this.#secrets.get(secretPrefix + origin);
  }

  async store(origin: string, key: string): Promise<void> {
    await this.#secrets.store(secretPrefix + origin, key);
    await this.#memory.update(originsKey, [...new Set([...this.origins, origin])].sort());
    this.#changed.fire();
  }

  async forget(origin: string): Promise<void> {
    await this.#secrets.delete(secretPrefix + origin);
    await this.#memory.update(
      originsKey,
      this.origins.filter((one) => one !== origin),
    );
    this.#changed.fire();
  }

  /** Asks for an endpoint where none is given, and for its key. */
  async askFor(given?: string): Promise<void> {
    const origin = originOf(given) ?? (await askOrigin());
    if (origin === undefined) return;
    const key = await vscode.window.showInputBox({
      title: vscode.l10n.t('API Key of {0}', plainText(origin)),
      prompt: vscode.l10n.t('The key is kept in the secret storage of this machine and sent to this endpoint only.'),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => (text !== '' && !/^[\x21-\x7e]+$/.test(text.trim()) ? vscode.l10n.t('This is no API key.') : undefined),
    });
    if (key === undefined || key.trim() === '') return;
    await this.store(origin, key.trim());
    void vscode.window.showInformationMessage(vscode.l10n.t('The key of {0} is stored.', plainText(origin)));
  }

  /** Asks which key to forget where none is given. */
  async askToForget(given?: string): Promise<void> {
    const origin = originOf(given) ?? (await pickOrigin(this.origins));
    if (origin === undefined) return;
    await this.forget(origin);
    void vscode.window.showInformationMessage(vscode.l10n.t('The key of {0} is forgotten.', plainText(origin)));
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

async function askOrigin(): Promise<string | undefined> {
  const address = await vscode.window.showInputBox({
    title: vscode.l10n.t('Endpoint of the API Key'),
    placeHolder: 'https://api.example.com/v1',
    ignoreFocusOut: true,
    validateInput: (text) =>
      text !== '' && originOf(text) === undefined ? vscode.l10n.t('Write an address that begins with https:// or http://.') : undefined,
  });
  return originOf(address);
}

async function pickOrigin(origins: readonly string[]): Promise<string | undefined> {
  if (origins.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No API key is stored.'));
    return undefined;
  }
  return vscode.window.showQuickPick([...origins], { placeHolder: vscode.l10n.t('Choose the endpoint whose key to forget') });
}
