/** Characters of a name in a sentence. */
const MAX_NAME = 80;

/** With commas between thousands, wherever the server runs. */
export function grouped(value: number): string {
  return Math.floor(value).toLocaleString("en-US");
}

/** A name short enough for a sentence; characters are not cut in two. */
export function shortened(name: string): string {
  const characters = [...name];
  return characters.length <= MAX_NAME ? name : `${characters.slice(0, MAX_NAME - 1).join("")}…`;
}

export function percent(part: number, whole: number): string {
  const share = (100 * part) / whole;
  // What happens is never "0 %", and what does not always is never "100 %".
  if (part > 0 && share < 1) return "less than 1 %";
  if (part < whole && share > 99) return "more than 99 %";
  return `${Math.round(share)} %`;
}
