/** `vscode.l10n.t` without a translation. */
export const english = (message: string, ...values: (string | number)[]): string =>
  message.replace(/\{(\d+)\}/g, (whole, i: string) => String(values[Number(i)] ?? whole));
