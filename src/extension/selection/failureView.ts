import * as vscode from 'vscode';
import type { FailureView } from '../../protocol/selectionPage.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { actionTitle, errorMessage } from '../errors/reportError.ts';

/** A cancelled request: nothing went wrong. */
export function isCancelled(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof EngineRequestError && error.fault.kind === 'cancelled');
}

/** What went wrong and what to do, for the page; asking again is always offered. */
export function failureView(error: unknown): FailureView {
  const message = errorMessage(error);
  const actions = message?.actions ?? [];
  const repairs = actions.includes('tryAgain') ? actions : (['tryAgain', ...actions] as const);
  return {
    sentence: message?.sentence ?? String(error),
    repairs: repairs.slice(0, 3).map((action) => ({ action, label: actionTitle(action) })),
  };
}
