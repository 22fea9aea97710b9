/**
 * A printable character for each byte, so that a vocabulary is plain text: bytes that print stand for themselves, the others for the
 * characters from U+0100 on (GPT-2's `bytes_to_unicode`).
 */
export const byteCharacters: readonly string[] = (() => {
  const characters: string[] = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const prints = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    characters.push(String.fromCharCode(prints ? byte : next++));
  }
  return characters;
})();
