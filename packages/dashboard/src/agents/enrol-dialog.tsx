import type { WireEnrolment } from "@holdpoint/protocol/gate";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session/session.js";
import { CopyBlock } from "../ui/copy.js";
import { FormModal } from "../ui/form-modal.js";
import { ShownOnce } from "../ui/shown-once.js";
import { Text } from "../ui/text.js";
import { Countdown } from "../ui/time.js";
import { AgentNameField } from "./name-field.js";
import { createEnrolment } from "./queries.js";
import { isScopeChoice, ScopesField, scopeChoiceOf, scopesOf } from "./scopes.js";

/** Lets an agent enrol a key of its own, and shows the code for it, once. */
export function EnrolDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: () => void;
}) {
  const { project } = useSession();
  const [agent, setAgent] = useState("");
  const [scopes, setScopes] = useState(scopeChoiceOf(["gate"]));
  const create = useMutation({
    mutationFn: () =>
      createEnrolment(project.id, { agent: agent.trim(), scopes: scopesOf(scopes) }),
    onSuccess: onCreated,
  });
  if (create.data) return <CodeShown enrolment={create.data} onClose={onClose} />;
  return (
    <FormModal
      title="Enrol an agent"
      action="Make a code"
      ready={agent.trim() !== "" && isScopeChoice(scopes) && !create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <p className="text-soft">
        The agent makes a key of its own, which never leaves its machine, and enrols it with a code
        that works once. No secret is shared with anybody.
      </p>
      <AgentNameField name={agent} onChange={setAgent} />
      <ScopesField legend="What it may do" choice={scopes} onChange={setScopes} />
    </FormModal>
  );
}

function CodeShown({ enrolment, onClose }: { enrolment: WireEnrolment; onClose: () => void }) {
  const { agent, code, expires_at: until } = enrolment;
  return (
    <ShownOnce title={`Code for ${agent.name}`} onClose={onClose}>
      <p>
        This is the only time it is shown. It works once, for{" "}
        <strong>
          <Text maxLength={100}>{agent.name}</Text>
        </strong>
        : <Countdown until={until} />.
      </p>
      <CopyBlock label="code" text={code} />
      <p>On the agent's machine, beside its installed SDK:</p>
      <CopyBlock label="command" text={enrolCommand(location.origin, code)} />
      <p className="text-sm text-soft">
        <code className="font-mono">agent.json</code> holds the key: keep it readable for the agent
        alone, and give it as <code className="font-mono">HOLDPOINT_AGENT_KEY</code>.
      </p>
    </ShownOnce>
  );
}

function enrolCommand(baseUrl: string, code: string): string {
  return `node --input-type=module --eval '
import { writeFile } from "node:fs/promises";
import { createAgentWorkspace } from "@holdpoint/sdk";
const workspace = await createAgentWorkspace({
  code: "${code}",
  baseUrl: "${baseUrl}",
});
await writeFile("agent.json", JSON.stringify(workspace), { mode: 0o600 });
'`;
}
