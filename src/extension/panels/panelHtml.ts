export interface PanelHtml {
  readonly locale: string;
  readonly title: string;
  /** Images may be shown, only as `data:` addresses. */
  readonly images?: true;
  readonly cspSource: string;
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
}

/** The frame of every page: no data in it, nothing may load but the page's own script and style, and images where it asks. */
export function panelHtml(page: PanelHtml): string {
  const images = page.images ? ' img-src data:;' : '';
  const csp = `default-src 'none'; script-src 'nonce-${page.nonce}'; style-src ${page.cspSource};${images} base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.locale)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(csp)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeHtml(page.styleUri)}">
<title>${escapeHtml(page.title)}</title>
</head>
<body>
<main id="page"></main>
<script nonce="${page.nonce}" src="${escapeHtml(page.scriptUri)}"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');
}
