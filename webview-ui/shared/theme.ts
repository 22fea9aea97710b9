/** Colours of the editor's theme as a canvas needs them: resolved values, not variables. */
export interface ThemeColors {
  readonly name: string;
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly before: string;
  readonly after: string;
  readonly control: string;
  readonly tau: string;
  readonly font: string;
}

export function readTheme(): ThemeColors {
  const style = getComputedStyle(document.documentElement);
  const color = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== '') return value;
    }
    return getComputedStyle(document.body).color;
  };
  return {
    name: document.body.dataset.vscodeThemeKind ?? '',
    foreground: color('editor-foreground', 'foreground'),
    muted: color('descriptionForeground', 'foreground'),
    grid: color('charts-lines', 'panel-border', 'contrastBorder', 'foreground'),
    background: color('editor-background'),
    before: color('charts-blue', 'foreground'),
    after: color('charts-green', 'foreground'),
    control: color('charts-purple', 'foreground'),
    tau: color('charts-red', 'foreground'),
    font: style.getPropertyValue('--vscode-font-family').trim() || 'sans-serif',
  };
}

/** VS Code changes the body's class and the root's variables when the theme changes. */
export function onThemeChange(listener: () => void): void {
  let scheduled = false;
  const observer = new MutationObserver(() => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      listener();
    });
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}
