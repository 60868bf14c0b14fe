import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { longest } from "./longest-first.ts";

describe("the files that begin first in a clean clone", () => {
  it.each(longest)("is there: %s", (name) => {
    expect(existsSync(resolve("test", `${name}.test.ts`))).toBe(true);
  });
});
