/** A piece of a text: in both, or in one only. */
export interface TextPiece {
  readonly text: string;
  readonly differs: boolean;
}

export interface TextDiff {
  /** Pieces that together are the whole text of either side. */
  readonly a: readonly TextPiece[];
  readonly b: readonly TextPiece[];
}

/** Differences that are looked for; beyond, everything between the common begin and end counts as different. */
const mostEdits = 1200;
/** Words of scripts without spaces are compared character by character; else letters and digits together, all other signs alone. */
const token =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{N}_][\p{L}\p{N}\p{M}_'’]*|\s+|[^\s]/gu;

/**
 * Differences between two texts word by word: a shortest edit script (Myers, "An O(ND) Difference Algorithm", 1986).
 * @param blanks `ignored`: white space never differs, as between the fields of a record
 */
export function wordDiff(a: string, b: string, blanks: 'compared' | 'ignored' = 'compared'): TextDiff {
  const [wordsA, wordsB] = [a.match(token) ?? [], b.match(token) ?? []];
  const comparedOf = (words: readonly string[]): readonly string[] =>
    blanks === 'compared' ? words : words.filter((word) => word.trim() !== '');
  const [comparedA, comparedB] = [comparedOf(wordsA), comparedOf(wordsB)];
  let begin = 0;
  while (begin < comparedA.length && begin < comparedB.length && comparedA[begin] === comparedB[begin]) begin++;
  let [endA, endB] = [comparedA.length, comparedB.length];
  while (endA > begin && endB > begin && comparedA[endA - 1] === comparedB[endB - 1]) {
    endA--;
    endB--;
  }
  const isKeptA = new Uint8Array(comparedA.length).fill(1, 0, begin).fill(1, endA);
  const isKeptB = new Uint8Array(comparedB.length).fill(1, 0, begin).fill(1, endB);
  for (const [i, j] of commonWords(comparedA.slice(begin, endA), comparedB.slice(begin, endB))) {
    isKeptA[begin + i] = 1;
    isKeptB[begin + j] = 1;
  }
  return { a: pieces(wordsA, comparedA, isKeptA), b: pieces(wordsB, comparedB, isKeptB) };
}

/** Positions of a longest common subsequence; none when the two have more than `mostEdits` differences. */
export function commonWords(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const most = Math.min(a.length + b.length, mostEdits);
  // Furthest position in `a` on each diagonal a - b, after each number of edits.
  const furthest = new Int32Array(2 * most + 3);
  const steps: Int32Array[] = [];
  const centre = most + 1;
  for (let edits = 0; edits <= most; edits++) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = diagonal === -edits || (diagonal !== edits && at(furthest, centre + diagonal - 1) < at(furthest, centre + diagonal + 1));
      let i = down ? at(furthest, centre + diagonal + 1) : at(furthest, centre + diagonal - 1) + 1;
      while (i < a.length && i - diagonal < b.length && a[i] === b[i - diagonal]) i++;
      furthest[centre + diagonal] = i;
      if (i >= a.length && i - diagonal >= b.length) return wayBack(a, b, steps, edits);
    }
    // The part of the row that the way back reads.
    steps.push(furthest.slice(centre - edits - 1, centre + edits + 2));
  }
  return [];
}

/** Follows the edits from the end to the begin; what lies between two of them is common. */
function wayBack(a: readonly string[], b: readonly string[], steps: readonly Int32Array[], edits: number): (readonly [number, number])[] {
  const common: (readonly [number, number])[] = [];
  let [i, j] = [a.length, b.length];
  for (let left = edits; left > 0; left--) {
    const row = steps[left - 1] as Int32Array;
    const centre = left; // the row has diagonals -left to left
    const diagonal = i - j;
    const below = diagonal + 1 <= left ? at(row, centre + diagonal + 1) : -1;
    const above = diagonal - 1 >= -left ? at(row, centre + diagonal - 1) : -1;
    const down = diagonal === -left || (diagonal !== left && above < below);
    const fromI = down ? below : above;
    const fromJ = fromI - (down ? diagonal + 1 : diagonal - 1);
    const startI = down ? fromI : fromI + 1;
    while (i > startI) {
      common.push([i - 1, j - 1]);
      i--;
      j--;
    }
    [i, j] = [fromI, fromJ];
  }
  while (i > 0 && j > 0) {
    common.push([i - 1, j - 1]);
    i--;
    j--;
  }
  return common.reverse();
}

function at(row: Int32Array, index: number): number {
  return row[index] ?? -1;
}

/** Neighbouring words of one kind together; those that were not compared do not differ. */
function pieces(words: readonly string[], compared: readonly string[], isKept: Uint8Array): readonly TextPiece[] {
  const made: { text: string; differs: boolean }[] = [];
  let next = 0;
  for (const word of words) {
    const wasCompared = compared[next] === word;
    const differs = wasCompared && isKept[next] === 0;
    if (wasCompared) next++;
    const last = made.at(-1);
    if (last?.differs === differs) last.text += word;
    else made.push({ text: word, differs });
  }
  return made;
}
