/** Compares by Unicode code point, which is also the order of the UTF-8 bytes; `<` on strings goes by UTF-16 unit and differs above U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return sortableUnit(x) - sortableUnit(y);
  }
  return a.length - b.length;
}

/** Moves surrogates (U+10000 and above) behind the rest of the basic plane. */
function sortableUnit(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
