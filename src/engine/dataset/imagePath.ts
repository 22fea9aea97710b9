/**
 * What an image path of a record may look like, decided from its text alone. A dataset is untrusted input: a path that means something else
 * on another system, or to another layer that decodes it once more, is refused instead of interpreted.
 */
export type PathVerdict = { readonly ok: true; readonly segments: readonly string[] } | { readonly ok: false; readonly reason: string };

/** PATH_MAX and NAME_MAX of Linux, in bytes. */
const maxPathBytes = 4095;
const maxNameBytes = 255;

/** Enough rounds for any honest mistake; what still changes afterwards is refused. */
const decodingRounds = 4;

const refused = (reason: string): PathVerdict => ({ ok: false, reason });

/** Segments of a relative path, without `.` and empty ones. */
export function checkImagePath(path: string): PathVerdict {
  const problem = urlProblem(path) ?? textProblem(path) ?? formProblem(path) ?? encodingProblem(path);
  if (problem !== undefined) return refused(problem);
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.length === 0 || path.endsWith('/') || path.endsWith('/.')) return refused('it names a folder');
  for (const segment of segments) {
    const reason = segmentProblem(segment);
    if (reason !== undefined) return refused(reason);
  }
  return { ok: true, segments };
}

function urlProblem(path: string): string | undefined {
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(path) || /^(?:data|file|javascript|blob|about|https?|ftp):/i.test(path);
  return isUrl ? 'it is a URL' : undefined;
}

function textProblem(path: string): string | undefined {
  if (path.trim() === '') return 'it is empty';
  if (Buffer.byteLength(path) > maxPathBytes) return `it is longer than ${maxPathBytes} bytes`;
  if (hasControl(path)) return 'it contains a control character';
  if (/\p{Surrogate}/u.test(path)) return 'it contains half of a surrogate pair';
  return undefined;
}

function formProblem(path: string): string | undefined {
  if (/^(?:\\\\|\/\/)/.test(path)) return 'it is a network (UNC) path';
  if (/^[a-z]:/i.test(path)) return 'it starts with a drive letter';
  if (path.includes('\\')) return 'it contains a backslash; use / between folders';
  if (path.startsWith('/')) return 'it is an absolute path; records name images relative to an image folder (--images)';
  if (path.includes(':')) return 'it contains a colon, which opens a second stream of a file on Windows';
  return undefined;
}

function segmentProblem(segment: string): string | undefined {
  if (segment === '..') return 'it goes up with ..';
  if (/[. ]$/.test(segment)) return 'a name in it ends with a dot or a space, which Windows drops';
  if (/^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?: *\..*)?$/i.test(segment))
    return `${segment} is a device on Windows`;
  if (Buffer.byteLength(segment) > maxNameBytes) return `a name in it is longer than ${maxNameBytes} bytes`;
  return undefined;
}

/** `100%.jpg` and `50%25.jpg` are names; `..%2f`, `%2e%2e/` and `%252F` are attempts on a layer that decodes. */
function encodingProblem(path: string): string | undefined {
  // Overlong UTF-8 of / and \, which lax decoders accept.
  if (/%c[01]%[89ab]/i.test(path)) return 'it contains a percent-encoded / or \\';
  let text = path;
  for (let round = 0; round < decodingRounds; round += 1) {
    const decoded = text.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
    if (decoded === text) return undefined;
    if (countSeparators(decoded) > countSeparators(path)) return 'it contains a percent-encoded / or \\';
    if (hasControl(decoded)) return 'it contains a percent-encoded control character';
    if (decoded.split('/').some((segment, i) => /^\.\.?$/.test(segment) && path.split('/')[i] !== segment)) {
      return 'it contains a percent-encoded . or ..';
    }
    text = decoded;
  }
  return 'it is percent-encoded over and over';
}

function countSeparators(text: string): number {
  return text.split(/[/\\]/).length;
}

/** C0 and DEL; the C1 range is left to names in legacy encodings. */
function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
