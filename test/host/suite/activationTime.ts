interface PerformanceMarks {
  getMarks(): readonly { readonly name: string; readonly startTime: number }[];
}

export interface ActivationTime {
  /** Reading and running the extension's bundle. */
  readonly loadMs: number;
  /** The call of its `activate`. */
  readonly activateMs: number;
}

/**
 * What the extension itself cost at activation, from the host's own marks. The rest of the wall time is VS Code's (storage,
 * localisation, a workbench that is still painting). Undefined in a version of VS Code without marks.
 */
export function ownActivation(extensionId: string): ActivationTime | undefined {
  const marks = (globalThis as { MonacoPerformanceMarks?: PerformanceMarks }).MonacoPerformanceMarks?.getMarks() ?? [];
  const at = (name: string): number => marks.find((mark) => mark.name === `code/extHost/${name}/${extensionId}`)?.startTime ?? Number.NaN;
  const loadMs = at('didLoadExtensionCode') - at('willLoadExtensionCode');
  const activateMs = at('didActivateExtension') - at('willActivateExtension');
  return Number.isNaN(loadMs + activateMs) ? undefined : { loadMs, activateMs };
}
