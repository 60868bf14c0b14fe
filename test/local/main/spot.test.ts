/** The bin of the package: what npx starts, as a process. */
import { execFile } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { exits } from "../../../local/cli/exit-codes.ts";

const root = join(import.meta.dirname, "../../..");

const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly bin: { readonly spot: string };
};

/** Nobody listens there. */
const nowhere = "http://127.0.0.1:1";

describe("npx spot", () => {
  it("is a file that can be executed", () => {
    expect(() => {
      accessSync(join(root, bin.spot), constants.X_OK);
    }).not.toThrow();
  });

  it("says in one sentence that nothing answers, and ends with its exit code", async () => {
    const outcome = await new Promise((resolve) => {
      execFile(join(root, bin.spot), ["health", "--url", nowhere], (error, stdout, stderr) => {
        resolve({ code: error?.code, stdout, stderr });
      });
    });
    expect(outcome).toEqual({
      code: exits.UNREACHABLE.code,
      stdout: "",
      stderr: expect.stringMatching(
        /^spot: The API at http:\/\/127\.0\.0\.1:1 does not answer \(.*\)\. Next: npm start, in another terminal\n$/,
      ),
    });
  }, 60_000);
});
