/** Says how far it has come, and dies there when DIE_AT says so: as a crash would, without a word. */
export function step(name: string): void {
  console.log(name);
  if (process.env.DIE_AT === name) process.kill(process.pid, "SIGKILL");
}
