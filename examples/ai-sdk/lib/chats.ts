import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelMessage } from "ai";
import { workFolder } from "./folder.js";

/** A conversation, as the server has it. */
export interface Chat {
  readonly messages: readonly ModelMessage[];
  /** Where people decide what it waits for; empty when it waits for nobody. */
  readonly waitsFor: readonly string[];
}

export async function loadChat(id: string): Promise<Chat> {
  const text = await readFile(pathOf(id), "utf8").catch(() => undefined);
  return text === undefined ? { messages: [], waitsFor: [] } : (JSON.parse(text) as Chat);
}

export async function saveChat(id: string, chat: Chat): Promise<void> {
  await mkdir(workFolder, { recursive: true });
  await writeFile(pathOf(id), JSON.stringify(chat));
}

function pathOf(id: string): string {
  return join(workFolder, `${encodeURIComponent(id)}.chat.json`);
}
