import { describe, expect, it } from "@jest/globals";
import { colourPaint, plainPaint } from "../../../local/terminal/paint.ts";

describe("paint", () => {
  it("leaves text as it is where there is no colour", () => {
    expect(plainPaint("bad", "text")).toBe("text");
  });

  it("ends each colour that it begins", () => {
    expect(colourPaint("good", "text")).toBe("\u001b[32mtext\u001b[39m");
    expect(colourPaint("strong", "text")).toBe("\u001b[1mtext\u001b[22m");
  });
});
