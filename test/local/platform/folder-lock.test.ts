import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { lockFolder } from "../../../local/platform/folder-lock.ts";
import { temporaryFolder } from "./live-world.ts";

let folder: string;
let remove: () => void;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
});
afterEach(() => {
  remove();
});
const lockFile = (): string => join(folder, "lock");

describe("the lock of a folder", () => {
  it("is held until it is released, by the process that it names", () => {
    const release = lockFolder(folder);
    expect(readFileSync(lockFile(), "utf8")).toBe(String(process.pid));
    expect(() => lockFolder(folder)).toThrow(`is in use by process ${String(process.pid)}`);
    release();
    expect(existsSync(lockFile())).toBe(false);
    lockFolder(folder)();
  });

  it("makes the folder", () => {
    const inner = join(folder, "a", "b");
    lockFolder(inner);
    expect(existsSync(join(inner, "lock"))).toBe(true);
  });

  it("of a process that died is taken over", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(lockFile(), String(pid));
    lockFolder(folder);
    expect(readFileSync(lockFile(), "utf8")).toBe(String(process.pid));
  });

  it.each(["", "no number", "-1", "0"])("with %j in it holds nothing", (text) => {
    writeFileSync(lockFile(), text);
    lockFolder(folder);
    expect(readFileSync(lockFile(), "utf8")).toBe(String(process.pid));
  });
});
