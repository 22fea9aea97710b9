import * as vscode from 'vscode';

/** Runs `work` with a token that is cancelled when one of the signals or tokens is. */
export async function withToken<T>(
  stops: readonly (AbortSignal | vscode.CancellationToken | undefined)[],
  work: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => source.cancel();
  const listeners = stops.map((stop) => {
    if (stop === undefined) return undefined;
    if (stop instanceof AbortSignal) {
      if (stop.aborted) cancel();
      stop.addEventListener('abort', cancel, { once: true });
      return { dispose: () => stop.removeEventListener('abort', cancel) };
    }
    if (stop.isCancellationRequested) cancel();
    return stop.onCancellationRequested(cancel);
  });
  try {
    return await work(source.token);
  } finally {
    for (const listener of listeners) listener?.dispose();
    source.dispose();
  }
}
