import type { Finding } from './indexBuilder.ts';
import { LineScanner } from './lineScanner.ts';
import { type Batch, pieceKinds } from './parseBatch.ts';
import { type ElementKind, type Framing, RecordScanner } from './scanner.ts';

/** The pieces that a scanner found since the last batch was taken. */
export class PieceList {
  #start: number[] = [];
  #end: number[] = [];
  #kinds: number[] = [];
  #strings: number[] = [];
  #findings: Finding[] = [];

  get length(): number {
    return this.#start.length;
  }

  add(kind: ElementKind, start: number, end: number, closer: number, strings: number): void {
    this.#start.push(start);
    this.#end.push(end);
    this.#strings.push(strings);
    // A record that a `]` closes was never closed: the bracket belongs to what is around it.
    this.#kinds.push(kind !== 'object' ? pieceKinds.other : closer === 0x5d ? pieceKinds.closedByBracket : pieceKinds.object);
  }

  addFinding(finding: Finding): void {
    this.#findings.push(finding);
  }

  /** The pieces as a batch over `bytes`, whose first byte lies at `offset`, and the findings between them. */
  take(bytes: Buffer, offset: number): { readonly batch: Batch; readonly findings: readonly Finding[] } {
    const batch = {
      bytes,
      offset,
      start: Float64Array.from(this.#start),
      end: Float64Array.from(this.#end),
      kinds: Uint8Array.from(this.#kinds),
      strings: Uint32Array.from(this.#strings),
    };
    const findings = this.#findings;
    this.#start = [];
    this.#end = [];
    this.#kinds = [];
    this.#strings = [];
    this.#findings = [];
    return { batch, findings };
  }

  /** Start of the first piece, undefined when there is none. */
  get first(): number | undefined {
    return this.#start[0];
  }

  get firstEnd(): number | undefined {
    return this.#end[0];
  }

  get lastEnd(): number {
    return this.#end.at(-1) ?? -1;
  }
}

/** Both scanners as one: pieces go to a list. */
export interface PieceScanner {
  readonly openAt: number;
  push(bytes: Buffer, from: number, to: number, offset: number): void;
  end(end: number): void;
  /** The array is closed (always true for lines). */
  readonly closed: boolean;
  /** Gives up the open piece where that is possible without parsing: lines end at the next line feed. */
  skip?(): void;
}

export function createPieceScanner(framing: Framing | 'lines', pieces: PieceList, elements: number): PieceScanner {
  if (framing !== 'lines') {
    return new RecordScanner(
      framing,
      {
        element: (kind, start, end, closer, strings) => pieces.add(kind, start, end, closer, strings),
        finding: (code, at) => pieces.addFinding({ code, at }),
      },
      elements,
    );
  }
  const scanner = new LineScanner((start, end) => pieces.add('object', start, end, 0, 0));
  return {
    get openAt() {
      return scanner.openAt;
    },
    closed: true,
    push: (bytes, from, to, offset) => scanner.push(bytes, from, to, offset),
    end: () => scanner.end(),
    skip: () => scanner.skipLine(),
  };
}
