/** Marks of an image's or a video's place in the text: LLaVA, InternVL, XComposer, MiniCPM-V, data-juicer. */
const placeholder = /<(?:image(?:_?\d+)?|ImageHere|video|__dj__image|__dj__video)>/y;

/** Number of image and video placeholders in a text. */
export function countPlaceholders(text: string): number {
  let count = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    placeholder.lastIndex = at;
    if (placeholder.test(text)) count++;
  }
  return count;
}
