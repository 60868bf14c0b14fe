/** One process at a time has a folder: a file with its process id says which. A process that died has it no more. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorCodeOf } from "./error-code.ts";

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // There is one, of another user's.
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
        `${folder} is in use by process ${String(owner)}. End that, or start with another --folder. If it is none of ours, delete ${file}.`,
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
