import type { PresentedCredentials } from "../auth/authenticate.js";
import { PROJECT_HEADER } from "../auth/authorize.js";
import type { HttpContext } from "./operation.js";

/**
 * What a call shows of who sends it. On a socket the headers are read where Node keeps them: a
 * `Headers` object would stay alive with every held call.
 */
export function presentedBy({ env, req }: HttpContext): PresentedCredentials {
  const incoming = env?.incoming;
  if (incoming === undefined) {
    return {
      authorization: req.header("Authorization"),
      cookie: req.header("Cookie"),
      projectId: req.header(PROJECT_HEADER),
    };
  }
  const { authorization, cookie } = incoming.headers;
  const projectId = incoming.headers[PROJECT_HEADER.toLowerCase()];
  return {
    authorization,
    cookie,
    projectId: Array.isArray(projectId) ? projectId.join(", ") : projectId,
  };
}
