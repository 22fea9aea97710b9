/** File types as `vscode.FileType` numbers them; a symbolic link carries 64 besides. */
const file = 1;
const folderType = 2;
const symbolicLink = 64;

export interface WalkOptions<Place> {
  /** Names and types of what lies in a folder. */
  readonly list: (folder: Place) => PromiseLike<readonly (readonly [name: string, type: number])[]>;
  readonly join: (folder: Place, name: string) => Place;
  readonly isWanted: (fileName: string) => boolean;
  readonly isSkipped: (folderName: string) => boolean;
  readonly isCancelled: () => boolean;
  readonly folderLimit: number;
  readonly fileLimit: number;
}

/**
 * Files below a folder, the nearest first, within the limits. Links to folders are not followed: they may lead in a circle. A folder that
 * cannot be listed is passed over.
 */
export async function walkFolder<Place>(root: Place, options: WalkOptions<Place>): Promise<readonly Place[]> {
  const found: Place[] = [];
  const waiting: Place[] = [root];
  for (let listed = 0; listed < waiting.length && listed < options.folderLimit && !options.isCancelled(); listed++) {
    const folder = waiting[listed] as Place;
    const entries = await Promise.resolve(options.list(folder)).catch(() => []);
    for (const [name, type] of entries) {
      if ((type & file) !== 0 && options.isWanted(name)) found.push(options.join(folder, name));
      else if ((type & folderType) !== 0 && (type & symbolicLink) === 0 && !options.isSkipped(name))
        waiting.push(options.join(folder, name));
      if (found.length >= options.fileLimit) return found;
    }
  }
  return found;
}
