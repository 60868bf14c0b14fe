/** Files for a test that reads files. */
import { afterAll } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryFiles {
  readonly folder: string;
  /** Writes a file and returns its path. */
  readonly write: (name: string, content: string | Buffer) => string;
}

/** A folder that is gone after the tests of the calling file. */
export const temporaryFiles = (): TemporaryFiles => {
  const folder = mkdtempSync(join(tmpdir(), "spot-optimizer-backtest-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    write: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
  };
};
