import { describe, expect, it } from "@jest/globals";
import { atFirstUse } from "../../core/at-first-use.ts";

describe("a value at its first use", () => {
  it("is made when it is asked for, and once", () => {
    let made = 0;
    const value = atFirstUse(() => ({ number: (made += 1) }));
    expect(made).toBe(0);
    expect(value()).toEqual({ number: 1 });
    expect(value()).toBe(value());
    expect(made).toBe(1);
  });

  it("is made once, though it is undefined", () => {
    let made = 0;
    const nothing = atFirstUse((): string | undefined => {
      made += 1;
      return undefined;
    });
    expect([nothing(), nothing(), made]).toEqual([undefined, undefined, 1]);
  });

  it("is asked for again after an error", () => {
    let tries = 0;
    const late = atFirstUse(() => {
      tries += 1;
      if (tries === 1) throw new Error("not yet");
      return tries;
    });
    expect(late).toThrow("not yet");
    expect(late()).toBe(2);
  });
});
