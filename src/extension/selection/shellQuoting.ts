/** Shells by how they read quotes. */
export type Shell = 'posix' | 'powershell' | 'cmd';

/** The kind of a shell program; anything unknown is read as POSIX elsewhere and as PowerShell, the editor's default, on Windows. */
export function shellKind(program: string, isWindows: boolean): Shell {
  const name = program
    .split(/[\\/]/)
    .pop()
    ?.replace(/\.exe$/i, '')
    .toLowerCase();
  if (name === 'pwsh' || name === 'powershell') return 'powershell';
  if (name === 'cmd') return 'cmd';
  if (name !== undefined && /^(ba|z|k|da|fi)?sh$/.test(name)) return 'posix';
  return isWindows ? 'powershell' : 'posix';
}

/** False for an argument that the shell cannot hand on unchanged, whatever the quotes. */
export function isQuotable(argument: string, shell: Shell): boolean {
  if (argument.includes('\0')) return false;
  if (shell === 'posix') return true;
  // One line only; and PowerShell before 7.3 loses double quotes and doubles no backslash before its own.
  return !/[\r\n]/.test(argument) && (shell === 'cmd' || !(argument.includes('"') || argument.endsWith('\\')));
}

/** A command line that the shell splits into exactly these arguments. Each must be `isQuotable`. */
export function commandLine(args: readonly string[], shell: Shell): string {
  const quoted = args.map((argument) => quoters[shell](argument));
  // PowerShell takes a quoted first word for a text, not for a command.
  return `${shell === 'powershell' && quoted[0] !== args[0] ? '& ' : ''}${quoted.join(' ')}`;
}

const quoters: Readonly<Record<Shell, (argument: string) => string>> = {
  posix: (argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`),
  // Typographic quotes end a text there too; an option with a dot or a colon in it would be taken apart.
  powershell: (argument) =>
    /^(--?[\w-]+|[\w+=:./\\][\w+=:./\\-]*)$/.test(argument) ? argument : `'${argument.replace(/['\u2018-\u201b]/g, '$&$&')}'`,
  cmd: quoteForCmd,
};

/**
 * The program's own rules (backslashes before a double quote count double) inside those of cmd. Inside double quotes cmd still expands
 * `%NAME%` and, when that is switched on, `!NAME!`; with one of them or a double quote every special character gets a caret instead.
 */
function quoteForCmd(argument: string): string {
  if (/^[\w+=:./\\-]+$/.test(argument)) return argument;
  const quoted = `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
  return /["%!]/.test(argument) ? quoted.replace(/[()%!^"<>&|;, ]/g, '^$&') : quoted;
}
