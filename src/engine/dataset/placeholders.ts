/** Marks of an image's or a video's place in the text: LLaVA, InternVL, XComposer, MiniCPM-V, data-juicer, Qwen-VL's `<img>path</img>`. */
const placeholder = /<(?:image(?:_?\d+)?|img|ImageHere|video|__dj__image|__dj__video)>/y;

/** Number of image and video placeholders in a text. */
export function countPlaceholders(text: string): number {
  let count = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    placeholder.lastIndex = at;
    if (placeholder.test(text)) count++;
  }
  return count;
}
