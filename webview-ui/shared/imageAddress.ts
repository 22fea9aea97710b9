/** A JPEG in base64 as an address that `img-src data:` allows; anything else in it would not be an image and shows nothing. */
export function addressOf(jpeg: string): string {
  return `data:image/jpeg;base64,${jpeg}`;
}
