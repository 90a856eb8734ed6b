// An agent in a process of its own. It takes HOLDPOINT_* from the environment; its first argument
// is `defer` (prints the request's id) or `wait` (then the id; prints the decision as JSON).
import { Holdpoint } from "@holdpoint/sdk";

const [command, id = ""] = process.argv.slice(2);
const hp = new Holdpoint();
if (command === "defer") {
  const request = await hp.defer({ service: "billing", action: "refund", payload: { amount: 7 } });
  console.log(request.id);
} else {
  console.log("waiting");
  console.log(JSON.stringify(await hp.wait(id)));
}
