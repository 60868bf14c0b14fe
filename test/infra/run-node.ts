import { execFileSync } from "node:child_process";
import { handlerEnvironment } from "../../local/bench/bundles.ts";

/** Runs code that prints JSON, in a process of its own: a bundle is not to find the packages that it should carry. */
export const runNodeIn =
  (folder: string) =>
  (code: string, ...args: readonly string[]): unknown =>
    JSON.parse(
      execFileSync(process.execPath, ["--eval", code, ...args], {
        cwd: folder,
        env: handlerEnvironment,
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
      }),
    );
