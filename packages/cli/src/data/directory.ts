import { chmod, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

export const DEFAULT_DATA_DIRECTORY = ".holdpoint";

/** The files of a development data folder. */
export interface DataDirectory {
  readonly path: string;
  readonly database: string;
  readonly masterKey: string;
  readonly credentials: string;
}

export function dataDirectory(workingDirectory: string, option?: string): DataDirectory {
  const path = resolve(workingDirectory, option ?? DEFAULT_DATA_DIRECTORY);
  return {
    path,
    database: join(path, "holdpoint.db"),
    masterKey: join(path, "master.key"),
    credentials: join(path, "credentials.json"),
  };
}

/** Makes the folder, readable by its owner alone (mode 0700) even when it was there before. */
export async function openDataDirectory(directory: DataDirectory): Promise<void> {
  await mkdir(directory.path, { recursive: true, mode: 0o700 });
  await chmod(directory.path, 0o700);
}
