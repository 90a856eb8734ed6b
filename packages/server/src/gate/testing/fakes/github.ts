import type { JsonObject } from "@holdpoint/protocol";
import { bearerOf, type Fake, type FakeAnswer, jsonOf } from "./fake.js";

const ISSUES = "/repos/octocat/hello-world/issues";
const DISABLED = "/repos/octocat/archive/issues";

/**
 * The issues of one repository on GitHub, for one token.
 *
 * @see https://docs.github.com/en/rest/issues/issues
 */
export function fakeGitHub(token: string): Fake {
  const issues: JsonObject[] = [];

  function create(given: Record<string, unknown> | undefined): FakeAnswer {
    const { title, body = null, labels = [], assignees = [], ...others } = given ?? {};
    if (typeof title !== "string" || title === "" || Object.keys(others).length > 0) {
      return { status: 422, body: { message: "Validation Failed" } };
    }
    const number = issues.length + 1;
    const issue = {
      number,
      title: title.trim(),
      body: body as string | null,
      state: "open",
      labels: (labels as string[]).map((name) => ({ name })),
      assignees: (assignees as string[]).map((login) => ({ login })),
      html_url: `https://github.com/octocat/hello-world/issues/${number}`,
    };
    issues.push(issue);
    const location = `https://api.github.com${ISSUES}/${number}`;
    return { status: 201, body: issue, headers: { location } };
  }

  return (call) => {
    // Calls without a name are refused before anything else is looked at.
    if (call.headers["user-agent"] === undefined) {
      return { status: 403, body: { message: "Request forbidden by administrative rules." } };
    }
    if (bearerOf(call) !== token) return { status: 401, body: { message: "Bad credentials" } };
    if (call.path === DISABLED) return { status: 410, body: { message: "Issues are disabled" } };
    if (call.method === "POST" && call.path === ISSUES) return create(jsonOf(call));
    const number = call.path.startsWith(`${ISSUES}/`) ? Number(call.path.split("/").at(-1)) : 0;
    const issue = call.method === "GET" ? issues[number - 1] : undefined;
    return issue ? { status: 200, body: issue } : { status: 404, body: { message: "Not Found" } };
  };
}
