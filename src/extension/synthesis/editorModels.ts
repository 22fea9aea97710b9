import * as vscode from 'vscode';
import type { HostChatAnswer, HostChatRequest } from '../../protocol/synthesis.ts';
import { plainPickText, plainText } from '../plainText.ts';

/** The models that the user chose in this workspace; the engine may ask no other. */
const chosenKey = 'synthesis.editorModels';
/** Characters that an answer may have per token asked for: what is longer is cut off at the source, whatever the model does. */
const mostCharactersPerToken = 16;

export interface EditorModel {
  /** `vendor/id`. */
  readonly id: string;
  readonly name: string;
}

/** The editor's language models, as the user lets the engine ask them. */
export class EditorModels {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** Asks the user for a model; null when there is none or the user gives up. */
  async choose(): Promise<EditorModel | null> {
    const models = await available();
    if (models.length === 0) {
      void vscode.window.showWarningMessage(noModelSentence());
      return null;
    }
    const items = models.map((model) => ({
      label: plainPickText(model.name, 80),
      description: plainPickText(`${model.vendor} · ${model.family}`, 80),
      detail: vscode.l10n.t('Up to {0} tokens', model.maxInputTokens),
      model,
    }));
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Language model of the editor'),
      placeHolder: vscode.l10n.t('Choose the model that writes'),
      matchOnDescription: true,
    });
    if (picked === undefined) return null;
    const chosen = { id: idOf(picked.model), name: plainText(picked.model.name, 80) };
    await this.#memory.update(chosenKey, [...new Set([...this.#chosen, chosen.id])]);
    return chosen;
  }

  /** Answers the engine. Rejects with a sentence; the engine passes it on. */
  async chat(request: HostChatRequest, token: vscode.CancellationToken): Promise<HostChatAnswer> {
    if (!vscode.workspace.isTrusted) throw new Error(vscode.l10n.t('The language models of the editor are off in Restricted Mode.'));
    const model = this.#chosen.includes(request.model) ? (await available()).find((one) => idOf(one) === request.model) : undefined;
    if (model === undefined) throw new Error(noModelSentence());
    // There are no system messages here: what they say comes first.
    const messages = request.messages.map(({ text }) => vscode.LanguageModelChatMessage.User(text));
    try {
      const response = await model.sendRequest(
        messages,
        { justification: vscode.l10n.t('Ballast rewrites training instances of scarce entities with it.') },
        token,
      );
      const most = request.maxTokens * mostCharactersPerToken;
      let text = '';
      for await (const part of response.text) {
        text += part;
        if (text.length > most) break;
      }
      return { text: text.slice(0, most) };
    } catch (error: unknown) {
      throw new Error(chatFailure(error), { cause: error });
    }
  }

  get #chosen(): readonly string[] {
    const stored = this.#memory.get<unknown>(chosenKey);
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : [];
  }
}

/** Editors that offer no models have none. */
async function available(): Promise<readonly vscode.LanguageModelChat[]> {
  const { lm } = vscode as { readonly lm?: typeof vscode.lm };
  return (await lm?.selectChatModels()) ?? [];
}

function idOf({ vendor, id }: vscode.LanguageModelChat): string {
  return `${vendor}/${id}`;
}

function noModelSentence(): string {
  return vscode.l10n.t(
    'This editor offers no such language model. Install and sign in to an extension that brings one, or use an endpoint.',
  );
}

function chatFailure(error: unknown): string {
  if (error instanceof vscode.LanguageModelError) {
    if (error.code === vscode.LanguageModelError.NoPermissions.name)
      return vscode.l10n.t('You have not allowed Ballast to use this language model. Try again and allow it, or use an endpoint.');
    if (error.code === vscode.LanguageModelError.NotFound.name) return noModelSentence();
    if (error.code === vscode.LanguageModelError.Blocked.name)
      return vscode.l10n.t('The language model refused the request, or its quota is used up: {0}', plainText(error.message, 300));
  }
  return plainText(error instanceof Error ? error.message : String(error), 300);
}
