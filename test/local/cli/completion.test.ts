/** The completion that is printed, in a real bash: commands, options, what an option may be, and ids of the API. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { answering, jsonAnswer, spotOn } from "./spot-under-test.ts";

const printed = async (shell: string): Promise<string> => {
  const { fetch, asked } = answering(() => jsonAnswer({}));
  const { code, stdout, stderr } = await spotOn({ fetch })("completion", shell);
  expect({ code, stderr, asked }).toEqual({ code: 0, stderr: "", asked: [] });
  return stdout;
};

describe("the completion of bash", () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "spot-completion-"));
    writeFileSync(join(folder, "spot.bash"), await printed("bash"));
    // What it is asked for, and two ids below a heading.
    const spot = join(folder, "spot");
    writeFileSync(spot, '#!/bin/sh\necho "$@" >> "$ASKED"\nprintf "ID\\nid-1\\nid-2\\n"\n');
    chmodSync(spot, 0o755);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const complete = (...words: readonly string[]): readonly string[] => {
    const script = `source "$0/spot.bash"; COMP_WORDS=(spot "$@"); COMP_CWORD=$#; _spot; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { PATH: `${folder}:/usr/bin:/bin`, ASKED: join(folder, "asked") };
    // Else bash takes the pipe of its input for a remote shell's, and reads the user's own settings.
    const args = ["--norc", "-c", script, folder, ...words];
    const text = execFileSync("bash", args, { env, encoding: "utf8" });
    return text.split("\n").filter((line) => line !== "");
  };

  it("completes nouns and verbs", () => {
    expect(complete("wa")).toEqual(["waste"]);
    expect(complete("risk", "")).toEqual(["list", "quarantine", "lift"]);
    expect(complete("--json", "kill-switch", "o")).toEqual(["on", "off"]);
  });

  it("completes options, the global ones too", () => {
    expect(complete("waste", "list", "--k")).toEqual(["--kind"]);
    expect(complete("savings", "--dr")).toEqual(["--dry-run"]);
  });

  it("completes what an option may be", () => {
    expect(complete("approvals", "list", "--status", "RE")).toEqual(["REJECTED"]);
    expect(complete("waste", "list", "--kind", "IDLE_N")).toEqual(["IDLE_NAT_GATEWAY"]);
    expect(complete("savings", "--month", "")).toEqual([]);
  });

  it("asks the API for ids", () => {
    expect(complete("approvals", "approve", "")).toEqual(["id-1", "id-2"]);
    expect(complete("waste", "approve", "id-2")).toEqual(["id-2"]);
    expect(complete("savings", "--target", "id-1")).toEqual(["id-1"]);
  });

  it("offers nothing for what it does not know", () => {
    expect(complete("nothing", "of", "the-kind")).toEqual([]);
  });
});

describe("the completion of zsh", () => {
  it("is that of bash behind zsh's own way to run it", async () => {
    const [first = "", ...rest] = (await printed("zsh")).split("\n");
    expect(first).toContain("bashcompinit");
    expect(rest.join("\n")).toBe(await printed("bash"));
  });
});
