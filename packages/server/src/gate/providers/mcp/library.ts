/** It takes a fifth of a second to load, and many a control plane never calls a tool. */
export function loadMcpClient() {
  return import("@modelcontextprotocol/client");
}
