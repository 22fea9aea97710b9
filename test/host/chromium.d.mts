/** Options for playwright-core's `chromium.launch`. */
export function findChromium(): Promise<{ readonly executablePath: string }>;
export const chromiumArgs: readonly string[];
