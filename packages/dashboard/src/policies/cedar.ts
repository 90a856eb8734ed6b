import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const KEYWORDS = /^(permit|forbid|when|unless|in|has|like|is|if|then|else|true|false)\b/;
const VARIABLES = /^(principal|action|resource|context)\b/;

/** Cedar as far as colours go; what it means the server says. */
export const cedarLanguage = StreamLanguage.define({
  name: "cedar",
  languageData: {
    commentTokens: { line: "//" },
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
  },
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
    if (stream.match(/^@[A-Za-z_]\w*/)) return "meta";
    if (stream.match(KEYWORDS)) return "keyword";
    if (stream.match(VARIABLES)) return "variableName.special";
    if (stream.match(/^\d+/)) return "number";
    if (stream.match(/^[A-Za-z_]\w*/)) return null;
    stream.next();
    return null;
  },
});

/** In the colours of the theme, light and dark. */
export const cedarColours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.comment, color: "var(--color-faint)", fontStyle: "italic" },
    { tag: tags.string, color: "var(--color-added)" },
    { tag: tags.meta, color: "var(--color-soft)", fontWeight: "600" },
    { tag: tags.special(tags.variableName), color: "var(--color-accent)" },
    { tag: tags.keyword, color: "var(--color-accent)", fontWeight: "600" },
    { tag: tags.number, color: "var(--color-accent-strong)" },
  ]),
);
