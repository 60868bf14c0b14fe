/** Lets one process at a time use a folder: a file in it names the process. A process that has died no longer holds it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCodeOf } from "./error-code.ts";

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // There is such a process, and another user runs it.
    return errorCodeOf(error) === "EPERM";
  }
};

/** Undefined for a file that is gone, or was cut off by a crash. */
const readOwner = (file: string): number | undefined => {
  try {
    const processId = Number(readFileSync(file, "utf8"));
    return Number.isInteger(processId) && processId > 0 ? processId : undefined;
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
};

/** Makes the folder if need be. @returns its release. @throws Error naming the process that has it */
export const lockFolder = (folder: string): (() => void) => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "lock");
  const take = (): void => {
    writeFileSync(file, String(process.pid), { flag: "wx" });
  };
  try {
    take();
  } catch (error) {
    if (errorCodeOf(error) !== "EEXIST") throw error;
    const owner = readOwner(file);
    if (owner !== undefined && isAlive(owner)) {
      throw new Error(
        `${folder} is in use by process ${String(owner)}. Stop that process, or start with another --folder. If that process is another program, delete ${file}.`,
        { cause: error },
      );
    }
    rmSync(file, { force: true });
    take();
  }
  return () => {
    rmSync(file, { force: true });
  };
};
