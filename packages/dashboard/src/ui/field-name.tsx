/** The name of a fact, which says when the fact is only the agent's word. */
export function FieldName({ name, claimed }: { name: string; claimed: boolean }) {
  return (
    <span className="eyebrow" title={claimed ? "As the agent says" : undefined}>
      {name}
      {claimed && <span className="font-normal tracking-normal normal-case italic"> claimed</span>}
    </span>
  );
}
