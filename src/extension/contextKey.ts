import * as vscode from 'vscode';
import type { contextKeys } from './contributions.ts';

type ContextKeyName = (typeof contextKeys)[keyof typeof contextKeys];

/** A context key that is set only when its value changes. */
export class ContextKey {
  readonly #name: ContextKeyName;
  #value: string | undefined;

  constructor(name: ContextKeyName) {
    this.#name = name;
  }

  set(value: string): void {
    if (value === this.#value) return;
    this.#value = value;
    void vscode.commands.executeCommand('setContext', this.#name, value);
  }
}
