import { isJsonObject } from "@holdpoint/protocol";
import type { Contents } from "../encryption/contents.js";
import { FieldName } from "../ui/field-name.js";
import { Text } from "../ui/text.js";

const WORDS = [
  { member: "description", name: "Description" },
  { member: "comment", name: "Comment" },
] as const;

/** The agent's own words about a purchase, set apart as such. */
export function Claims({ contents }: { contents: Contents | undefined }) {
  if (contents?.state !== "readable" || !isJsonObject(contents.payload)) return null;
  const { payload } = contents;
  const said = WORDS.flatMap(({ member, name }) => {
    const text = payload[member];
    return typeof text === "string" && text !== "" ? [{ name, text }] : [];
  });
  if (said.length === 0) return null;
  return (
    <section
      aria-label="What the agent says"
      className="space-y-2 border-t border-line px-4 py-2.5"
    >
      {said.map(({ name, text }) => (
        <div key={name}>
          <FieldName name={name} claimed />
          <blockquote className="border-l-2 border-edge pl-3 whitespace-pre-wrap italic">
            <Text maxLength={2_000}>{text}</Text>
          </blockquote>
        </div>
      ))}
    </section>
  );
}
