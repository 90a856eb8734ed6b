/** Whether these roles may decide a request, as the server will judge it. */
export function canDecide(roles: readonly string[], requestRole: string | undefined): boolean {
  if (roles.includes("admin")) return true;
  return requestRole === undefined ? roles.includes("approver") : roles.includes(requestRole);
}

export function canAdminister(roles: readonly string[]): boolean {
  return roles.includes("admin");
}

/** Who may decide, in words. */
export function whoMayDecide(requestRole: string | undefined): string {
  return requestRole === undefined
    ? "Only the roles approver and admin may decide."
    : `Only the roles ${requestRole} and admin may decide.`;
}
