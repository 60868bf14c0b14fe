import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";

const folders: string[] = [];

/** Files by name and text, judged by the house's own rule. */
const judge = (files: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), "circles-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const program = "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs";
  const { status, stdout } = spawnSync(process.execPath, [program, folder], { encoding: "utf8" });
  return { isRefused: status !== 0, stdout };
};

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("no circle of imports", () => {
  it.each([
    {
      what: "types",
      one: 'import type { Two } from "./two.ts";\nexport interface One { two: Two }\n',
      two: 'import type { One } from "./one.ts";\nexport interface Two { one: One }\n',
    },
    {
      what: "types one way, values the other",
      one: 'import { two } from "./two.ts";\nexport type One = typeof two;\n',
      two: 'import type { One } from "./one.ts";\nexport const two = (one: One): One => one;\n',
    },
    {
      what: "re-exports",
      one: 'export type { Two } from "./two.ts";\nexport type One = 1;\n',
      two: 'export type { One } from "./one.ts";\nexport type Two = 2;\n',
    },
  ])("is refused where two files import each other: $what", ({ one, two }) => {
    const { isRefused, stdout } = judge({ "one.ts": one, "two.ts": two });
    expect(stdout).toContain("error no-circular");
    expect(isRefused).toBe(true);
  });

  it("is not seen where there is none", () => {
    const { isRefused, stdout } = judge({
      "one.ts": 'import type { Two } from "./two.ts";\nexport interface One { two: Two }\n',
      "two.ts": "export type Two = 2;\n",
    });
    expect(stdout).toContain("(2 modules, 1 dependencies cruised)");
    expect(isRefused).toBe(false);
  });
});
