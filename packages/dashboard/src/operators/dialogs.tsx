import { LIMITS, type WireOperator } from "@holdpoint/protocol";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useSession } from "../session/session.js";
import { CopyBlock } from "../ui/copy.js";
import { FormModal } from "../ui/form-modal.js";
import { ShownOnce } from "../ui/shown-once.js";
import { Countdown } from "../ui/time.js";
import { changeRoles, createSignInLink, inviteOperator, type SignInLink } from "./queries.js";
import { choiceOf, isRoleName, RolesField, rolesOf } from "./roles.js";

/** Adds a person and shows their one-time link, once. */
export function InviteDialog({
  onClose,
  onInvited,
}: {
  onClose: () => void;
  onInvited: () => void;
}) {
  const { project } = useSession();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [choice, setChoice] = useState(choiceOf(["approver"]));
  const id = useId();
  const roles = rolesOf(choice);
  const invite = useMutation({
    mutationFn: () =>
      inviteOperator(project.id, {
        email: email.trim(),
        roles,
        ...(name.trim() === "" ? {} : { name: name.trim() }),
      }),
    onSuccess: onInvited,
  });
  if (invite.data)
    return <LinkShown link={invite.data.sign_in} who={invite.data.name} onClose={onClose} />;
  const ready = /^\S+@\S+$/.test(email.trim()) && roles.length > 0 && roles.every(isRoleName);
  return (
    <FormModal
      title="Invite operator"
      action="Invite"
      ready={ready && !invite.isPending}
      error={invite.error}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      <div>
        <label htmlFor={`${id}-email`} className="font-semibold">
          E-mail address
        </label>
        <input
          id={`${id}-email`}
          data-autofocus
          type="email"
          autoComplete="off"
          maxLength={254}
          className="field mt-1"
          value={email}
          onChange={({ target }) => setEmail(target.value)}
        />
      </div>
      <div>
        <label htmlFor={`${id}-name`} className="font-semibold">
          Name
        </label>
        <input
          id={`${id}-name`}
          className="field mt-1"
          maxLength={LIMITS.nameLength}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      <RolesField choice={choice} onChange={setChoice} />
    </FormModal>
  );
}

export function ChangeRolesDialog({
  operator,
  onClose,
  onChanged,
}: {
  operator: WireOperator;
  onClose: () => void;
  onChanged: () => void;
}) {
  const { project } = useSession();
  const [choice, setChoice] = useState(() => choiceOf(operator.roles));
  const roles = rolesOf(choice);
  const change = useMutation({
    mutationFn: () => changeRoles(project.id, operator.id, roles),
    onSuccess: () => {
      onChanged();
      onClose();
    },
  });
  return (
    <FormModal
      title={`Roles of ${operator.name}`}
      action="Save roles"
      ready={roles.length > 0 && roles.every(isRoleName) && !change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <RolesField choice={choice} onChange={setChoice} />
    </FormModal>
  );
}

/** Makes a one-time link for somebody who is in the project already. */
export function SignInLinkDialog({
  operator,
  onClose,
}: {
  operator: WireOperator;
  onClose: () => void;
}) {
  const { project } = useSession();
  const create = useMutation({ mutationFn: () => createSignInLink(project.id, operator.id) });
  if (create.data) return <LinkShown link={create.data} who={operator.name} onClose={onClose} />;
  return (
    <FormModal
      title="Make a sign-in link"
      action="Make link"
      ready={!create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <p>
        Whoever opens the link is signed in as {operator.name}. It works once, for a short time.
      </p>
    </FormModal>
  );
}

function LinkShown({ link, who, onClose }: { link: SignInLink; who: string; onClose: () => void }) {
  return (
    <ShownOnce title={`Sign-in link for ${who}`} onClose={onClose}>
      <p>
        This is the only time it is shown. It works once. Send it to {who} over a channel you trust
        (<Countdown until={link.expires_at} />
        ).
      </p>
      <CopyBlock label="sign-in link" text={link.url} />
    </ShownOnce>
  );
}
