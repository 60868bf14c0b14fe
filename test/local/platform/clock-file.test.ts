import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readTime, writeTime } from "../../../local/platform/clock-file.ts";
import { temporaryFolder } from "./live-world.ts";

let file: string;
let remove: () => void;
beforeEach(() => {
  const made = temporaryFolder();
  file = join(made.folder, "clock.json");
  ({ remove } = made);
});
afterEach(() => {
  remove();
});

describe("the time that is kept", () => {
  it("is not there at first, and then the last one", () => {
    expect(readTime(file)).toBeUndefined();
    writeTime(file, 5);
    writeTime(file, 7);
    expect(readTime(file)).toBe(7);
  });

  it("names its file where it can't be read", () => {
    writeFileSync(file, "{");
    expect(() => readTime(file)).toThrow(`${file} is not readable. Start anew with --reset.`);
  });
});
