import * as vscode from 'vscode';
import type { FailureView } from '../../protocol/pageParts.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { actionTitle, errorMessage } from '../errors/reportError.ts';

/** A cancelled request: nothing went wrong. */
export function isCancelled(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof EngineRequestError && error.fault.kind === 'cancelled');
}

/**
 * What went wrong and what to do, for the page; asking again is always offered.
 * @param canWriteElsewhere the page knows how to write the result to another place
 */
export function failureView(error: unknown, canWriteElsewhere = false): FailureView {
  const message = errorMessage(error);
  const actions = (message?.actions ?? []).filter((action) => canWriteElsewhere || action !== 'writeElsewhere');
  const repairs = actions.includes('tryAgain') ? actions : (['tryAgain', ...actions] as const);
  return {
    sentence: message?.sentence ?? String(error),
    repairs: repairs.slice(0, 3).map((action) => ({ action, label: actionTitle(action) })),
  };
}
