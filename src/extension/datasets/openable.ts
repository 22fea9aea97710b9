/** Files above this do not reach extensions as text documents, and the editor would freeze on their long lines. */
const openLimitBytes = 50 * 1024 * 1024;

/** Whether the text editor can show a dataset file. */
export function isOpenable(path: string, bytes: number): boolean {
  return bytes <= openLimitBytes && !/\.parquet$/i.test(path);
}
