/**
 * What one line may not hold, because a reader could not see it: control and direction
 * characters, line breaks, zero-width spaces, tags, half surrogate pairs. The joiners U+200C and
 * U+200D stay: emoji and several scripts are written with them.
 */
export const UNSEEN =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
