import * as vscode from 'vscode';
import { EngineRequestError } from '../engine/engineFault.ts';
import { describeFault } from './errorCatalogue.ts';

/** What went wrong as one localised sentence, for a row of a view. */
export function faultSentence(error: unknown): string {
  const message = error instanceof EngineRequestError ? describeFault(error.fault, vscode.l10n.t) : undefined;
  return message?.sentence ?? (error instanceof Error ? error.message : String(error));
}
